import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { assayError } from '../../errors.ts';
import type { ObjectCache } from '../../pointers/cache/object-cache.ts';
import { isInside } from '../../pointers/checkout/checkout-output.ts';
import type { DirEntry } from '../../pointers/listings/dir-object.ts';
import { outputListingIfAny } from '../../pointers/listings/output-listing.ts';
import { requireSound } from '../../pointers/outputs/output-index.ts';
import { targetedOutputs } from '../../pointers/outputs/output-targets.ts';
import type { TrackedOutput } from '../../pointers/outputs/tracked-output.ts';
import type { Context } from '../context.ts';
import type { DataUsageOutput } from './data-outputs.ts';
import { withWorkspace } from './data-workspace.ts';
import { requireParts } from './require-parts.ts';

export interface DataUsageRequest {
  readonly targets: readonly string[];
  readonly recursive?: boolean;
  /** The sum alone. */
  readonly summarize?: boolean;
}

/** How much data outputs are, by their pointers, and how much the cache holds. @throws the index's problems, E_OUTPUT_TARGET, E_CACHE_MISSING */
export async function dataUsage(
  context: Context,
  { targets, recursive = false, summarize = false }: DataUsageRequest,
): Promise<DataUsageOutput> {
  return withWorkspace(context, {}, async (workspace) => {
    const { cache, root, cwd } = workspace;
    const index = requireSound(await workspace.index());
    const chosen = targetedOutputs(index, targets, { root, cwd, recursive, pathsFirst: true });
    requireParts(workspace, chosen);
    const found = chosen.flatMap(({ output, inside }) =>
      inside === undefined
        ? [{ path: output.path, ...sizeOf(output, cache) }]
        : outermost(inside).map((part) => ({ path: `${output.path}/${part}`, ...sizeOfPart(output, part, cache) })),
    );
    const size = found.reduce((sum, output) => sum + output.size, 0);
    const files = found.reduce((sum, output) => sum + output.files, 0);
    const outputs = summarize ? [{ path: '.', size, files }] : found;
    return { schema: 'assay/data-usage/1', outputs, size, cache: bytesIn(cache.folder) };
  });
}

/** Without those that lie in others: nothing counts twice. */
function outermost(parts: readonly string[]): string[] {
  return parts.filter((part) => !parts.some((other) => other !== part && isInside(part, [other])));
}

/** As the pointer tells; old pointers do not, then the cache may. */
function sizeOf(
  { size, nfiles, md5, hash, files }: TrackedOutput,
  cache: ObjectCache,
): { size: number; files: number } {
  if (md5 === undefined) return { size: 0, files: 0 };
  if (!md5.endsWith('.dir')) return { size: size ?? cache.stampOf(md5, hash)?.size ?? 0, files: 1 };
  if (size !== undefined && nfiles !== undefined) return { size, files: nfiles };
  return sizeOfFiles(outputListingIfAny(cache, { md5, hash, files }) ?? [], hash, cache);
}

/** By the folder's listing. @throws E_CACHE_MISSING */
function sizeOfPart(
  { path, md5, hash, files }: TrackedOutput,
  part: string,
  cache: ObjectCache,
): { size: number; files: number } {
  const listed = md5 === undefined ? [] : outputListingIfAny(cache, { md5, hash, files });
  if (listed === undefined) throw assayError('E_CACHE_MISSING', { object: md5 ?? '', output: path });
  const within = listed.filter(({ relpath }) => isInside(relpath, [part]));
  return sizeOfFiles(within, hash, cache);
}

/** What the cache has not, counts nothing. */
function sizeOfFiles(
  files: readonly DirEntry[],
  hash: TrackedOutput['hash'],
  cache: ObjectCache,
): { size: number; files: number } {
  const size = files.reduce((sum, { md5 }) => sum + (cache.stampOf(md5, hash)?.size ?? 0), 0);
  return { size, files: files.length };
}

/** Folders that DVC 2 made, beside those of DVC 3. */
const LEGACY = /^[0-9a-f]{2}$/;

function bytesIn(cache: string): number {
  const legacy = existsSync(cache) ? readdirSync(cache).filter((name) => LEGACY.test(name)) : [];
  return [join('files', 'md5'), ...legacy].reduce((sum, folder) => sum + bytesBelow(join(cache, folder)), 0);
}

function bytesBelow(folder: string): number {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return 0;
  let sum = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) sum += bytesBelow(path);
    else if (entry.isFile()) sum += lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }
  return sum;
}
