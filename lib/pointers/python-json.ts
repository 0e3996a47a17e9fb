import { byCodePoint } from './code-point-order.ts';
import { pythonFloat } from './python-float.ts';
import type { YamlValue } from './yaml-style.ts';

/** A value as Python's `json.dumps(value, sort_keys=True)` writes it; DVC's digests of stages are taken of that. */
export function pythonJson(value: YamlValue): string {
  if (typeof value === 'string') return pythonJsonString(value);
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value).toString() : pythonFloat(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (isList(value)) return `[${value.map(pythonJson).join(', ')}]`;
  const entries = Object.entries(value).sort(([a], [b]) => byCodePoint(a, b));
  return `{${entries.map(([key, item]) => `${pythonJsonString(key)}: ${pythonJson(item)}`).join(', ')}}`;
}

/** A string as Python's json writes it: ASCII only, so that DEL and everything above it is escaped too. */
export function pythonJsonString(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}
