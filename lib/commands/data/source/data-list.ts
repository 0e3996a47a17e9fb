import { posix } from 'node:path';
import { assayError } from '../../../errors.ts';
import { listFolder, listSizedFolder } from '../../../git/read-objects.ts';
import { resolveCommit } from '../../../git/status.ts';
import { byCodePoint } from '../../../pointers/code-point-order.ts';
import type { TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';
import type { Context } from '../../context.ts';
import type { DataListOutput } from '../data-outputs.ts';
import { whereNoCommit } from '../where-no-commit.ts';
import { type DataSource, type SourceName, withSource } from './data-source.ts';
import { dvcIgnored } from './dvc-ignored.ts';
import { sourcesAround } from './nested-sources.ts';
import { cachedSizes, sourceListing } from './source-listing.ts';

/** `url` is a folder, or a git address. */
export interface DataListRequest extends SourceName {
  readonly path?: string | undefined;
  /** Everything below, not only the next level. */
  readonly recursive?: boolean;
  /** As `recursive`, and the folders themselves. */
  readonly tree?: boolean;
  /** With `recursive` or `tree`: so many levels, and the folders that are deeper. */
  readonly level?: number | undefined;
  /** Only what pointers track. */
  readonly dvcOnly?: boolean;
  /** Sizes of what git keeps too, and of files that the cache has. */
  readonly size?: boolean;
}

type Entry = DataListOutput['entries'][number];

/**
 * What a repository holds at a path, files of git and of pointers alike, as `dvc ls`.
 *
 * @throws E_DATA_NOT_TRACKED, E_DATA_OPTION, E_DATA_SOURCE, E_GIT_*
 */
export async function dataList(context: Context, request: DataListRequest): Promise<DataListOutput> {
  const { url, recursive = false, tree = false, level, dvcOnly = false, size = false } = request;
  if (level !== undefined && !recursive && !tree) {
    throw assayError('E_DATA_OPTION', {
      option: '--level',
      reason: 'only --recursive and --tree go deeper than one level',
    });
  }
  const path = posix.normalize(request.path ?? '.').replace(/\/+$/, '');
  const top = path === '.' ? '' : path;
  const depth = level ?? (recursive || tree ? Number.POSITIVE_INFINITY : 1);
  return withSource(context, request, async (source) => {
    const entries = new Map<string, Entry>();
    const put = (entry: Entry) => place(entries, entry, { top, depth, folders: tree });
    if (!dvcOnly) for (const entry of await gitEntries(source, size)) put(entry);
    for (const { source: repository, prefix } of await sourcesAround(source, top)) {
      for (const tracked of repository.index.outputs) {
        const entry = entryOf(tracked, prefix);
        const isFolder = tracked.kind === 'directory';
        const inside = top === entry.path || top.startsWith(`${entry.path}/`);
        // Only who looks into a folder needs its listing, which may have to be brought.
        const opened = isFolder && (inside || (isBelow(entry.path, top) && levelsBelow(entry.path, top) < depth));
        const files = opened ? await sourceListing(repository, tracked) : undefined;
        if (files === undefined || (tree && !inside)) put(entry);
        const sizes = size && files !== undefined ? cachedSizes(repository, tracked) : undefined;
        for (const file of files ?? []) {
          const { relpath, md5, size: told = md5 === undefined ? undefined : sizes?.(md5) } = file;
          const facts = { ...(md5 === undefined ? {} : { md5 }), ...(told === undefined ? {} : { size: told }) };
          put({ path: `${entry.path}/${relpath}`, kind: 'file', tracked: true, ...facts });
        }
      }
    }
    if (entries.size === 0 && top !== '') throw assayError('E_DATA_NOT_TRACKED', { path: top, where: url });
    return { schema: 'assay/data-list/1', entries: [...entries.values()].sort((a, b) => byCodePoint(a.path, b.path)) };
  });
}

function entryOf({ path, kind, md5, size }: TrackedOutput, prefix: string): Entry {
  const facts = { ...(md5 === undefined ? {} : { md5 }), ...(size === undefined ? {} : { size }) };
  return { path: `${prefix}${path}`, kind: kind === 'directory' ? 'directory' : 'file', tracked: true, ...facts };
}

async function gitEntries({ git, commit }: DataSource, sized: boolean): Promise<Entry[]> {
  const at = commit ?? (await resolveCommit(git).catch(whereNoCommit(undefined)));
  if (at === undefined) return [];
  const files = sized ? await listSizedFolder(git, at) : await listFolder(git, at);
  // As DVC does, what it does not look at is left out, its own folder too.
  const ignored = await dvcIgnored(git, files);
  return files
    .filter(({ path }) => !ignored(path))
    .map(({ path, ...file }) => ({
      path,
      kind: 'file',
      tracked: false,
      ...('size' in file ? { size: Number(file.size) } : {}),
    }));
}

function isBelow(path: string, top: string): boolean {
  return top === '' || path.startsWith(`${top}/`);
}

/** 1 for what lies in the folder itself. */
function levelsBelow(path: string, top: string): number {
  return path.split('/').length - (top === '' ? 0 : top.split('/').length);
}

interface Placing {
  readonly top: string;
  /** Levels; what is deeper stands for its folder. */
  readonly depth: number;
  /** The folders above an entry too. */
  readonly folders: boolean;
}

/** An entry at or below `top`. */
function place(entries: Map<string, Entry>, entry: Entry, { top, depth, folders }: Placing): void {
  if (entry.path === top) entries.set(entry.path, entry);
  if (!isBelow(entry.path, top)) return;
  const levels = levelsBelow(entry.path, top);
  if (levels <= depth) entries.set(entry.path, entry);
  const parts = entry.path.split('/');
  const above = parts.length - levels;
  for (let level = folders ? 1 : depth; level <= depth && level < levels; level++) {
    const folder = parts.slice(0, above + level).join('/');
    if (!entries.has(folder)) entries.set(folder, { path: folder, kind: 'directory', tracked: entry.tracked });
  }
}
