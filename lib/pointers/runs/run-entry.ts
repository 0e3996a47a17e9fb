import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import { AssayError, assayError } from '../../errors.ts';
import { parseSafeYaml } from '../formats/safe-yaml.ts';
import { PythonFloat, type PythonValue } from '../listings/python-json.ts';
import { type LockEntry, runCacheKey } from './run-cache-key.ts';

/** Where DVC's run cache keeps what a stage once made, below `runs/`: what went in, and what came out too. */
export const RUN_PATH = /^([0-9a-f]{2})\/(\1[0-9a-f]{62})\/([0-9a-f]{64})$/;

/** Bytes of one entry: a stage of `dvc.lock`. One with ten thousand dependencies has about 1 MB. */
export const MAX_RUN_BYTES = 4 * 1024 * 1024;

/** What a stage's entry may hold. Source: dvc/schema.py, `LOCK_FILE_STAGE_SCHEMA`. */
const KEYS = new Set(['cmd', 'deps', 'params', 'outs']);

/**
 * Why the bytes are not the run that their name promises; undefined when they are. Both halves of the name are digests of
 * what the entry says (sizes and counts of files apart), so nobody can put another run there.
 *
 * @param path that matches RUN_PATH
 */
export function runProblem(path: string, bytes: Uint8Array): string | undefined {
  const [, , key, value] = RUN_PATH.exec(path) ?? [];
  if (bytes.byteLength > MAX_RUN_BYTES) return `it has more than ${MAX_RUN_BYTES} bytes`;
  const entry = runEntry(Buffer.from(bytes).toString('utf8'), path);
  if (typeof entry === 'string') return entry;
  const actual = runCacheKey(entry);
  if (actual.key !== key) return `what went into it has the digest ${actual.key}`;
  return actual.value === value ? undefined : `what it says has the digest ${actual.value}`;
}

/** The entry, or why it is none. */
function runEntry(text: string, file: string): LockEntry | string {
  let problem = 'it is no map of names';
  const corrupt = (_place: unknown, reason: string, cause?: unknown) => {
    problem = reason;
    return assayError('E_DVC_PIPELINE', { file, reason }, cause);
  };
  try {
    const { contents } = parseSafeYaml(text, { file, aliases: 'refused', corrupt }).document;
    if (!isMap(contents)) return problem;
    const entry = entryOf(contents);
    const strange = Object.keys(entry).find((key) => !KEYS.has(key));
    return strange === undefined ? entry : `it has ${JSON.stringify(strange)}, which no stage of dvc.lock has`;
  } catch (error) {
    if (!(error instanceof AssayError)) throw error;
    return problem;
  }
}

function entryOf(map: YAMLMap): LockEntry {
  return Object.fromEntries(
    map.items.map(({ key, value }) => [String(isScalar(key) ? key.value : key), plainValue(value)]),
  );
}

function plainValue(node: unknown): PythonValue {
  if (isMap(node)) return entryOf(node);
  if (isSeq(node)) return node.items.map(plainValue);
  if (!isScalar(node)) return null;
  const { value, source = '' } = node;
  // 1 and 1.0 are two values to Python, and have two digests.
  if (typeof value === 'number') return /^[-+]?\d+$/.test(source) ? BigInt(source) : new PythonFloat(value);
  return typeof value === 'boolean' || value === null ? value : String(value);
}
