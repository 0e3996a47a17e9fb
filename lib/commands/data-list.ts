import { posix } from 'node:path';
import { assayError } from '../errors.ts';
import { listFiles } from '../git/read-objects.ts';
import { resolveCommit } from '../git/status.ts';
import type { Context } from './context.ts';
import type { DataListOutput } from './data-outputs.ts';
import { withSource } from './data-source.ts';
import { sourceListing } from './source-listing.ts';

export interface DataListRequest {
  /** A folder, or a git address. */
  readonly url: string;
  readonly path?: string | undefined;
  readonly rev?: string | undefined;
  /** Everything below, not only the next level. */
  readonly recursive?: boolean;
  /** Only what pointers track. */
  readonly dvcOnly?: boolean;
}

type Entry = DataListOutput['entries'][number];

/** What a repository holds at a path, files of git and of pointers alike, as `dvc ls`. @throws E_DATA_NOT_TRACKED, E_DATA_SOURCE, E_GIT_* */
export async function dataList(context: Context, request: DataListRequest): Promise<DataListOutput> {
  const { url, rev, recursive = false, dvcOnly = false } = request;
  const path = posix.normalize(request.path ?? '.').replace(/\/+$/, '');
  const top = path === '.' ? '' : path;
  return withSource(context, { url, rev }, async (source) => {
    const { git, commit, index } = source;
    const entries = new Map<string, Entry>();
    const inGit = dvcOnly ? [] : await listFiles(git, commit ?? (await resolveCommit(git)));
    for (const file of inGit) place(entries, { path: file.path, kind: 'file', tracked: false }, top, recursive);
    for (const tracked of index.outputs) {
      const { path: output, kind, md5, size } = tracked;
      // Only who looks into a folder needs its listing, which may have to be brought.
      const inside = top === output || top.startsWith(`${output}/`) || (recursive && isBelow(output, top));
      const files = kind === 'directory' && inside ? await sourceListing(source, tracked) : undefined;
      for (const file of files ?? []) {
        const { relpath, ...known } = file;
        const facts = {
          ...(known.md5 === undefined ? {} : { md5: known.md5 }),
          ...(known.size === undefined ? {} : { size: known.size }),
        };
        place(entries, { path: `${output}/${relpath}`, kind: 'file', tracked: true, ...facts }, top, recursive);
      }
      if (files !== undefined) continue;
      const entry: Entry = {
        path: output,
        kind: kind === 'directory' ? 'directory' : 'file',
        tracked: true,
        ...(md5 === undefined ? {} : { md5 }),
        ...(size === undefined ? {} : { size }),
      };
      place(entries, entry, top, recursive);
    }
    if (entries.size === 0 && top !== '') throw assayError('E_DATA_NOT_TRACKED', { path: top, where: url });
    return { schema: 'assay/data-list/1', entries: [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1)) };
  });
}

function isBelow(path: string, top: string): boolean {
  return top === '' || path.startsWith(`${top}/`);
}

/** An entry at or below `top`; without `recursive` what is deeper stands for its folder. */
function place(entries: Map<string, Entry>, entry: Entry, top: string, recursive: boolean): void {
  if (entry.path === top) entries.set(entry.path, entry);
  if (top !== '' && !entry.path.startsWith(`${top}/`)) return;
  const below = top === '' ? entry.path : entry.path.slice(top.length + 1);
  const slash = below.indexOf('/');
  if (recursive || slash === -1) {
    entries.set(entry.path, entry);
    return;
  }
  const folder = entry.path.slice(0, entry.path.length - below.length + slash);
  if (!entries.has(folder)) entries.set(folder, { path: folder, kind: 'directory', tracked: entry.tracked });
}
