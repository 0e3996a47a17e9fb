import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';

/** Levels of folders, and entries in all, that are looked at: a repository's data are near its top. */
const MAX_DEPTH = 6;
const MAX_ENTRIES = 50_000;

/** Folders that hold no data of the team's own: tools, environments, outputs. Folders that begin with a dot are none either. */
const FOREIGN = new Set(
  'node_modules venv env site-packages __pycache__ dist build target coverage vendor logs mlruns wandb outputs'.split(
    ' ',
  ),
);
/** The same at the top of the repository alone: deeper, `test` is what a model is tested on. */
const FOREIGN_AT_TOP = new Set(['test', 'tests', 'docs', 'examples', 'fixtures', 'bench']);

const TABLE = /^(.+)\.(csv|tsv|jsonl|ndjson|parquet)(?:\.(gz|zst))?$/i;
/** Characters that make a path a pattern in assay.yaml: a file whose name has one cannot be named there. */
const PATTERN_CHARACTERS = /[*?[\]{}]/;
const PARTITION = /^[^=]+=[^=]*$/;

/** A table that the repository holds, as assay.yaml would name it. */
export interface FoundTable {
  /** Path, glob or folder, relative to the root, forward slashes. */
  readonly path: string;
  /** Its files that are here, relative, sorted; none where only a pointer is. */
  readonly files: readonly string[];
  /** Bytes of those files. */
  readonly bytes: number;
  /** Only a `.dvc` pointer is here: the data have to be brought. */
  readonly pointer: boolean;
}

export interface FoundTables {
  /** The likeliest training data first. */
  readonly tables: readonly FoundTable[];
  /** There were more entries than are looked at. */
  readonly cut: boolean;
}

/**
 * The tables of a repository: files by their names, files of one folder that differ by digits alone as one glob, hive
 * partitions as their folder, `.dvc` pointers to any of these as what they stand for. Nothing is opened, no link is
 * followed.
 */
export async function findTables(root: string): Promise<FoundTables> {
  const { paths, cut } = await walk(root);
  const sizes = new Map<string, number>();
  for (const path of paths) {
    if (!TABLE.test(path)) continue;
    const info = await stat(join(root, path)).catch(() => undefined);
    if (info !== undefined && info.size > 0) sizes.set(path, info.size);
  }
  const tables = grouped([...sizes.keys()].sort(), sizes);
  const named = new Set(tables.flatMap(({ path, files }) => [path, ...files]));
  for (const path of paths) {
    const target = path.replace(/\.dvc$/, '');
    if (target === path || named.has(target) || tables.some((one) => one.path.startsWith(`${target}/`))) continue;
    // A pointer without an ending stands for a folder, whose files nobody knows before it is brought.
    if (PATTERN_CHARACTERS.test(target) || (!TABLE.test(target) && posix.extname(target) !== '')) continue;
    tables.push({ path: target, files: [], bytes: 0, pointer: true });
  }
  return { tables: tables.sort(byLikelihood), cut };
}

async function walk(root: string): Promise<{ readonly paths: readonly string[]; readonly cut: boolean }> {
  const paths: string[] = [];
  let left = MAX_ENTRIES;
  const visit = async (folder: string, depth: number): Promise<void> => {
    const entries: Dirent[] = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (left-- <= 0) return;
      const path = posix.join(folder, entry.name);
      if (entry.name.startsWith('.')) continue;
      if (entry.isFile()) paths.push(path);
      else if (entry.isDirectory() && depth < MAX_DEPTH && !isForeign(entry.name, depth)) await visit(path, depth + 1);
    }
  };
  await visit('', 0);
  return { paths, cut: left < 0 };
}

function isForeign(name: string, depth: number): boolean {
  const folder = name.toLowerCase();
  return FOREIGN.has(folder) || (depth === 0 && FOREIGN_AT_TOP.has(folder));
}

/** Files that are one table: partitions of one folder, and names of one folder that differ by digits alone. */
function grouped(paths: readonly string[], sizes: ReadonlyMap<string, number>): FoundTable[] {
  const groups = new Map<string, { readonly folder: string; readonly partitioned: boolean; files: string[] }>();
  for (const path of paths) {
    const parts = path.split('/');
    const first = parts.findIndex((part, index) => index < parts.length - 1 && PARTITION.test(part));
    const ending = (TABLE.exec(path)?.[2] ?? '').toLowerCase();
    const folder = first > 0 ? parts.slice(0, first).join('/') : posix.dirname(path);
    const partitioned = first > 0;
    const key = partitioned ? `${folder}\n${ending}` : path.replace(/\d+/g, '#');
    const group = groups.get(key) ?? { folder, partitioned, files: [] };
    group.files.push(path);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ folder, partitioned, files }): FoundTable[] => {
    const bytes = files.reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0);
    const [first = ''] = files;
    const path = partitioned ? folder : files.length === 1 ? first : globOf(folder, files, paths);
    const nameable = files.length > 1 ? !PATTERN_CHARACTERS.test(folder) : !PATTERN_CHARACTERS.test(path);
    return nameable ? [{ path, files, bytes, pointer: false }] : [];
  });
}

/** `data/*.csv` where these are all the files of that ending there, else what they have in common. */
function globOf(folder: string, files: readonly string[], all: readonly string[]): string {
  const names = files.map((file) => basename(file));
  const ending = /\.[a-z]+(?:\.(?:gz|zst))?$/i.exec(names[0] ?? '')?.[0] ?? '';
  const beside = all.filter((path) => posix.dirname(path) === folder && path.endsWith(ending));
  const start = beside.length === files.length ? '' : (/^\D*/.exec(names[0] ?? '')?.[0] ?? '');
  return posix.join(folder, `${start}*${ending}`);
}

/** What a name says: training data before anything else, what was held out or predicted last. */
function nameScore(path: string): number {
  const name = path.toLowerCase();
  if (/(^|[^a-z])(predictions?|submission|metrics|scores?|results?|requirements)([^a-z]|$)/.test(name)) return -2;
  if (isHoldoutName(path)) return -1;
  if (/(^|[^a-z])train(ing)?([^a-z]|$)/.test(name)) return 2;
  return /^(data|dataset|datasets)(\/|\.|$)/.test(name) ? 1 : 0;
}

/** Whether a table is held out by its name. */
export function isHoldoutName(path: string): boolean {
  return /(^|[^a-z])(test|holdout|valid|validation|eval|evaluation)([^a-z]|$)/.test(path.toLowerCase());
}

function byLikelihood(a: FoundTable, b: FoundTable): number {
  return nameScore(b.path) - nameScore(a.path) || b.bytes - a.bytes || (a.path < b.path ? -1 : 1);
}
