import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectCache } from '../../pointers/object-cache.ts';
import { requireSound } from '../../pointers/output-index.ts';
import { outputListingIfAny } from '../../pointers/output-listing.ts';
import { targetedOutputs } from '../../pointers/output-targets.ts';
import type { TrackedOutput } from '../../pointers/tracked-output.ts';
import type { Context } from '../context.ts';
import type { DataUsageOutput } from './data-outputs.ts';
import { withWorkspace } from './data-workspace.ts';

export interface DataUsageRequest {
  readonly targets: readonly string[];
  readonly recursive?: boolean;
  /** The sum alone. */
  readonly summarize?: boolean;
}

/** How much data outputs are, by their pointers, and how much the cache holds. @throws the index's problems, E_OUTPUT_TARGET */
export async function dataUsage(
  context: Context,
  { targets, recursive = false, summarize = false }: DataUsageRequest,
): Promise<DataUsageOutput> {
  return withWorkspace(context, {}, async (workspace) => {
    const { cache, root, cwd } = workspace;
    const chosen = targetedOutputs(requireSound(await workspace.index()), targets, { root, cwd, recursive });
    const found = chosen.map(({ output }) => ({ path: output.path, ...sizeOf(output, cache) }));
    const size = found.reduce((sum, output) => sum + output.size, 0);
    const files = found.reduce((sum, output) => sum + output.files, 0);
    const outputs = summarize ? [{ path: '.', size, files }] : found;
    return { schema: 'assay/data-usage/1', outputs, size, cache: bytesBelow(join(cache.folder, 'files', 'md5')) };
  });
}

/** As the pointer tells; old pointers do not, then the cache may. */
function sizeOf(
  { size, nfiles, md5, hash, files }: TrackedOutput,
  cache: ObjectCache,
): { size: number; files: number } {
  if (md5 === undefined) return { size: 0, files: 0 };
  if (!md5.endsWith('.dir')) return { size: size ?? cache.stampOf(md5, hash)?.size ?? 0, files: 1 };
  if (size !== undefined && nfiles !== undefined) return { size, files: nfiles };
  const entries = outputListingIfAny(cache, { md5, hash, files }) ?? [];
  return {
    size: entries.reduce((sum, entry) => sum + (cache.stampOf(entry.md5, hash)?.size ?? 0), 0),
    files: entries.length,
  };
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
