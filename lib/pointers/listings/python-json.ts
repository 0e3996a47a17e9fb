import { byCodePoint } from '../code-point-order.ts';
import { pythonFloat } from '../formats/python-float.ts';

/** A number that is a float to Python, whatever its value: `1.0` and `1` are two texts there. */
export class PythonFloat {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** What Python's json writes. A `number` is a whole one to Python where it is one. */
export type PythonValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | PythonFloat
  | readonly PythonValue[]
  | { readonly [key: string]: PythonValue };

/** A value as Python's `json.dumps(value, sort_keys=True)` writes it; DVC's digests of stages are taken of that. */
export function pythonJson(value: PythonValue): string {
  if (typeof value === 'string') return pythonJsonString(value);
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value).toString() : jsonFloat(value);
  if (value instanceof PythonFloat) return jsonFloat(value.value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (isList(value)) return `[${value.map(pythonJson).join(', ')}]`;
  const entries = Object.entries(value).sort(([a], [b]) => byCodePoint(a, b));
  return `{${entries.map(([key, item]) => `${pythonJsonString(key)}: ${pythonJson(item)}`).join(', ')}}`;
}

/** What stands for itself. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** A string as Python's json writes it: ASCII only, so that DEL and everything above it is escaped too. */
export function pythonJsonString(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Python's json has numbers that JSON has not. */
function jsonFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? pythonFloat(value) : value < 0 ? '-Infinity' : 'Infinity';
}

function isList(value: PythonValue): value is readonly PythonValue[] {
  return Array.isArray(value);
}
