import { createHash } from 'node:crypto';
import { PythonFloat, type PythonValue, pythonJson } from '../listings/python-json.ts';

/** A stage's entry of `dvc.lock`: `cmd`, `deps`, `params`, `outs`. */
export type LockEntry = { readonly [key: string]: PythonValue };

/** What does not change what a stage makes. Source: dvc/stage/cache.py. */
const NOT_HASHED = new Set(['size', 'nfiles']);

/**
 * Where DVC's run cache keeps a stage's result: `runs/<first two of key>/<key>/<value>`. The key tells what went in (the
 * outputs by their paths only), the value what came out too. Source: dvc/stage/cache.py, `_get_cache_hash`.
 */
export function runCacheKey(entry: LockEntry): { readonly key: string; readonly value: string } {
  const outs = entry.outs;
  const paths = isList(outs) ? outs.map((out) => (isMap(out) ? (out.path ?? null) : out)) : [];
  return { key: digest({ ...entry, outs: paths }), value: digest(entry) };
}

function digest(value: PythonValue): string {
  return createHash('sha256')
    .update(pythonJson(strip(value)))
    .digest('hex');
}

function strip(value: PythonValue): PythonValue {
  if (isList(value)) return value.map(strip);
  if (!isMap(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !NOT_HASHED.has(key));
  return Object.fromEntries(kept.map(([key, item]) => [key, strip(item)]));
}

function isList(value: PythonValue | undefined): value is readonly PythonValue[] {
  return Array.isArray(value);
}

function isMap(value: PythonValue): value is { readonly [key: string]: PythonValue } {
  return typeof value === 'object' && value !== null && !isList(value) && !(value instanceof PythonFloat);
}
