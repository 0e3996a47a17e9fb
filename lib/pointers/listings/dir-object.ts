import { assayError, messageOf } from '../../errors.ts';
import { byCodePoint } from '../code-point-order.ts';
import { md5 } from '../md5.ts';
import { type PathRules, pathProblem } from '../relative-paths.ts';
import { pythonJsonString } from './python-json.ts';

/** One file of a folder, as DVC lists it. */
export interface DirEntry {
  /** 32 hex digits. */
  readonly md5: string;
  /** Below the folder, forward slashes. */
  readonly relpath: string;
}

/** Bytes of a listing that we read, and its files: the verbs take 1 to 2 kB of memory for each (docs/guides/data.md). */
export const MAX_DIR_OBJECT_BYTES = 256 * 1024 * 1024;
export const MAX_DIR_ENTRIES = 2_000_000;

/**
 * The bytes of a DVC `.dir` object: Python's `json.dumps(entries, sort_keys=True)`, entries in code-point order of their
 * whole path. Source: dvc-data, hashfile/tree.py; golden vectors in test/pointers.
 */
export function renderDirObject(entries: Iterable<DirEntry>): string {
  const lines = [...entries]
    .sort((a, b) => byCodePoint(a.relpath, b.relpath))
    .map(({ md5, relpath }) => `{"md5": "${md5}", "relpath": ${pythonJsonString(relpath)}}`);
  return `[${lines.join(', ')}]`;
}

/** The address of a folder: `<32 hex>.dir`. */
export function dirAddress(dirObject: string): string {
  return `${md5(dirObject)}.dir`;
}

/**
 * Reads a `.dir` object and refuses what DVC itself would follow: paths that lead out of the folder, files listed twice,
 * a file that is also a folder, entries with other keys than `md5` and `relpath`.
 *
 * @param object its address, for messages
 * @throws E_DIR_OBJECT_CORRUPT
 */
export function parseDirObject(bytes: Uint8Array, object: string, rules: PathRules = 'contained'): DirEntry[] {
  const fail = (reason: string, cause?: unknown) => assayError('E_DIR_OBJECT_CORRUPT', { object, reason }, cause);
  if (bytes.byteLength > MAX_DIR_OBJECT_BYTES) throw fail(`it is larger than ${MAX_DIR_OBJECT_BYTES} bytes`);
  let list: unknown;
  try {
    list = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    throw fail(messageOf(error), error);
  }
  if (!Array.isArray(list)) throw fail('it is not a list');
  if (list.length > MAX_DIR_ENTRIES) throw fail(`it lists ${list.length} files, more than ${MAX_DIR_ENTRIES}`);
  const entries: DirEntry[] = [];
  for (const item of list) {
    if (!isEntry(item)) throw fail(`entry ${entries.length + 1} is not {"md5": "<32 hex>", "relpath": "…"}`);
    // The very object that was parsed: of a million files a copy each is much.
    entries.push(item);
  }
  const problem = pathProblem(pathsOf(entries), rules);
  if (problem !== undefined) throw fail(`the path ${JSON.stringify(problem.path)}: ${problem.reason}`);
  return entries;
}

function isEntry(item: unknown): item is DirEntry {
  if (typeof item !== 'object' || item === null || !('md5' in item) || !('relpath' in item)) return false;
  const { md5, relpath } = item;
  if (Object.keys(item).length !== 2 || typeof relpath !== 'string') return false;
  return typeof md5 === 'string' && /^[0-9a-f]{32}$/.test(md5);
}

function* pathsOf(entries: readonly DirEntry[]): Iterable<string> {
  for (const { relpath } of entries) yield relpath;
}
