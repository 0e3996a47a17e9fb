import { existsSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';
import { assayError } from '../../../errors.ts';
import { listSizedFolder } from '../../../git/read-objects.ts';
import { resolveCommit } from '../../../git/status.ts';
import { byCodePoint } from '../../../pointers/code-point-order.ts';
import type { TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';
import type { Context } from '../../context.ts';
import type { DataUsageOutput } from '../data-outputs.ts';
import { whereNoCommit } from '../where-no-commit.ts';
import { type DataSource, type SourceName, withSource } from './data-source.ts';
import { sourcesAround } from './nested-sources.ts';
import { cachedSizes, sourceListing } from './source-listing.ts';
import { isAddress } from './source-overrides.ts';

export interface SourceUsageRequest extends SourceName {
  readonly path?: string | undefined;
  /** The sum alone. */
  readonly summarize?: boolean;
}

/** Whether what was typed names a repository: an address, or the top of one here. */
export function isRepository(context: Pick<Context, 'root'>, text: string): boolean {
  if (isAddress(text)) return true;
  const folder = resolve(context.root, text);
  const bare = existsSync(join(folder, 'HEAD')) && existsSync(join(folder, 'objects'));
  return bare || ['.git', '.dvc'].some((name) => existsSync(join(folder, name)));
}

/** Bytes and files; how many of these have a size that nothing tells. */
interface Amount {
  readonly size: number;
  readonly files: number;
  readonly unsized: number;
}

interface Part extends Amount {
  readonly path: string;
}

/**
 * How much a repository holds at a path, in git and by pointers, as `dvc du`: of each entry there, and together. What DVC itself
 * keeps in git (pointers, `dvc.yaml`, `.dvc`) is left out.
 *
 * @throws E_DATA_NOT_TRACKED, E_DATA_SOURCE, E_GIT_*
 */
export async function sourceUsage(context: Context, request: SourceUsageRequest): Promise<DataUsageOutput> {
  const path = posix.normalize(request.path ?? '.').replace(/\/+$/, '');
  const top = path === '.' ? '' : path;
  return withSource(context, request, async (source) => {
    const parts = [...(await gitParts(source)), ...(await trackedParts(source, top))].filter(
      (part) => top === '' || part.path === top || part.path.startsWith(`${top}/`),
    );
    if (parts.length === 0 && top !== '') throw assayError('E_DATA_NOT_TRACKED', { path: top, where: request.url });
    const entries = new Map<string, Amount>();
    for (const part of parts) {
      const name = request.summarize === true ? path : childOf(part.path, top);
      entries.set(name, sum([entries.get(name) ?? NOTHING, part]));
    }
    const { size, unsized } = sum(parts);
    const outputs = [...entries]
      .sort(([a], [b]) => byCodePoint(a, b))
      .map(([name, amount]) => ({ path: name, size: amount.size, files: amount.files }));
    return { schema: 'assay/data-usage/1', outputs, size, ...(unsized === 0 ? {} : { unsized }) };
  });
}

const NOTHING: Amount = { size: 0, files: 0, unsized: 0 };

function sum(amounts: readonly Amount[]): Amount {
  return amounts.reduce(
    (a, b) => ({
      size: a.size + b.size,
      files: a.files + b.files,
      unsized: a.unsized + b.unsized,
    }),
    NOTHING,
  );
}

/** The entry of `top` that a path lies in. */
function childOf(path: string, top: string): string {
  if (path === top) return path;
  const below = top === '' ? path : path.slice(top.length + 1);
  const [name = below] = below.split('/');
  return top === '' ? name : `${top}/${name}`;
}

async function gitParts({ git, commit }: DataSource): Promise<Part[]> {
  const at = commit ?? (await resolveCommit(git).catch(whereNoCommit(undefined)));
  const files = at === undefined ? [] : await listSizedFolder(git, at);
  return files.filter(({ path }) => !isOfDvc(path)).map(({ path, size }) => ({ path, size, files: 1, unsized: 0 }));
}

function isOfDvc(path: string): boolean {
  const name = posix.basename(path);
  return path.startsWith('.dvc/') || path.includes('/.dvc/') || name === 'dvc.yaml' || /\.dvc(ignore)?$/.test(name);
}

async function trackedParts(whole: DataSource, top: string): Promise<Part[]> {
  const parts: Part[] = [];
  for (const { source, prefix } of await sourcesAround(whole, top)) {
    parts.push(...(await partsIn(source, prefix, top)));
  }
  return parts;
}

async function partsIn(source: DataSource, prefix: string, top: string): Promise<Part[]> {
  const parts: Part[] = [];
  for (const output of source.index.outputs) {
    const { size, nfiles, md5, kind } = output;
    const path = `${prefix}${output.path}`;
    const inside = top !== '' && (path === top || top.startsWith(`${path}/`));
    if (!inside && top !== '' && !path.startsWith(`${top}/`)) continue;
    const whole = kind !== 'directory' ? 1 : nfiles;
    // The pointer tells of the whole alone; who looks into it needs its listing.
    const open = kind === 'directory' && (inside || size === undefined || whole === undefined);
    const files = open ? await partsOf(source, output, path) : undefined;
    if (files !== undefined) parts.push(...files);
    else if (md5 !== undefined) {
      const told = size ?? cachedSizes(source, output)(md5);
      parts.push({ path, size: told ?? 0, files: whole ?? 0, unsized: told === undefined ? 1 : 0 });
    }
  }
  return parts;
}

async function partsOf(source: DataSource, output: TrackedOutput, path: string): Promise<Part[] | undefined> {
  const sizeOf = cachedSizes(source, output);
  return (await sourceListing(source, output))?.map(({ relpath, md5, size }) => {
    const told = size ?? (md5 === undefined ? undefined : sizeOf(md5));
    return { path: `${path}/${relpath}`, size: told ?? 0, files: 1, unsized: told === undefined ? 1 : 0 };
  });
}
