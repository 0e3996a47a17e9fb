import { pythonFloat } from './python-float.ts';

/** What DVC's files are made of. */
export type YamlValue = string | number | boolean | null | readonly YamlValue[] | { readonly [key: string]: YamlValue };

/** Columns from which the emitter breaks lines at spaces. */
const WIDTH = 80;

/** Plain text that ruamel.yaml would read back as something else. Source: ruamel/yaml/resolver.py, YAML 1.2. */
const RESOLVED = new RegExp(
  `^(?:${[
    'true|True|TRUE|false|False|FALSE',
    '[-+]?[0-9][0-9_]*\\.[0-9_]*(?:[eE][-+]?[0-9]+)?',
    '[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+',
    '[-+]?\\.[0-9_]+(?:[eE][-+][0-9]+)?',
    '[-+]?\\.(?:inf|Inf|INF)',
    '\\.(?:nan|NaN|NAN)',
    '[-+]?0b[01_]+|[-+]?0o?[0-7_]+|[-+]?[0-9_]+|[-+]?0x[0-9a-fA-F_]+',
    '<<|=|~|null|Null|NULL|',
    '[0-9]{4}-[0-9]{2}-[0-9]{2}',
    '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \\t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]*)?(?:[ \\t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?',
  ].join('|')})$`,
);
/** `_` and the like start none of the above for ruamel: a number begins with a digit, a sign or a dot. */
const MAY_RESOLVE = /^([-+.0-9tTfFnN~<=]|$)/;
/** What the emitter writes with escapes only. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const SPECIAL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const ESCAPED = /["\\\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|\p{Surrogate}/gu;
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\u0007': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\u001b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

/** A block of YAML byte for byte as DVC writes it: ruamel.yaml, lists not indented, folded at 80 columns. */
export function renderYaml(value: { readonly [key: string]: YamlValue }): string {
  return mapLines(value, 0);
}

/**
 * A scalar as it stands behind `key:`, with the space before it.
 *
 * @param column characters of the line so far, the colon included
 * @param indent columns of a continued line
 */
export function renderScalar(value: string | number | boolean | null, column: number, indent: number): string {
  if (value === null) return '';
  if (typeof value === 'number') return ` ${Number.isInteger(value) ? BigInt(value) : pythonFloat(value)}`;
  if (typeof value === 'boolean') return ` ${value}`;
  if (!isPlain(value)) return ` ${quoted(value, column, indent)}`;
  return folded(` ${value}`, column, indent);
}

function mapLines(map: { readonly [key: string]: YamlValue }, column: number, first = ' '.repeat(column)): string {
  const pad = ' '.repeat(column);
  return Object.entries(map)
    .map(([key, value], index) => {
      const name = `${index === 0 ? first : pad}${renderScalar(key, 0, 0).slice(1)}:`;
      return name + valueText(value, column, name.length);
    })
    .join('');
}

/** What stands behind `key:` or `-`, with the line's end. */
function valueText(value: YamlValue, column: number, length: number): string {
  if (isList(value)) return value.length === 0 ? ' []\n' : `\n${listLines(value, column)}`;
  if (typeof value === 'object' && value !== null) {
    return Object.keys(value).length === 0 ? ' {}\n' : `\n${mapLines(value, column + 2)}`;
  }
  return `${renderScalar(value, length, column + 2)}\n`;
}

/** Lists stand below their key without indentation. */
function listLines(list: readonly YamlValue[], column: number, first = ' '.repeat(column)): string {
  const pad = ' '.repeat(column);
  return list
    .map((item, index) => {
      const dash = `${index === 0 ? first : pad}-`;
      if (isList(item) && item.length > 0) return listLines(item, column + 2, `${dash} `);
      if (typeof item === 'object' && item !== null && !isList(item) && Object.keys(item).length > 0) {
        return mapLines(item, column + 2, `${dash} `);
      }
      return dash + valueText(item, column, dash.length);
    })
    .join('');
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}

/** Source: ruamel/yaml/emitter.py, `analyze_scalar` for block style. */
function isPlain(text: string): boolean {
  if (MAY_RESOLVE.test(text) && RESOLVED.test(text)) return false;
  if (/^(---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[-?:](\s|$)| )| $/.test(text)) return false;
  return !/:(\s|$)|\s#/.test(text) && !SPECIAL.test(text);
}

function quoted(text: string, column: number, indent: number): string {
  if (SPECIAL.test(text) || text.includes("'")) {
    return `"${text.replace(ESCAPED, (char) => SHORT_ESCAPES[char] ?? hexEscape(char))}"`;
  }
  let at = column + 2;
  let out = "'";
  const runs = text.match(/ +|[^ ]+/g) ?? [];
  for (const [index, run] of runs.entries()) {
    if (run === ' ' && at > WIDTH && index > 0 && index < runs.length - 1) {
      out += `\n${' '.repeat(indent)}`;
      at = indent;
    } else {
      out += run;
      at += [...run].length;
    }
  }
  return `${out}'`;
}

function hexEscape(char: string): string {
  const code = char.charCodeAt(0);
  const hex = code.toString(16).toUpperCase();
  return code <= 0xff ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`;
}

/** Plain text, broken before words that would pass the width; the space before such a break stays, as ruamel leaves it. */
function folded(text: string, column: number, indent: number): string {
  let at = column;
  let out = '';
  for (const run of text.match(/ +|[^ ]+/g) ?? []) {
    const length = [...run].length;
    const isSpace = run.startsWith(' ');
    const breaks = isSpace ? run === ' ' && at >= WIDTH : at + length > WIDTH && at > indent;
    if (breaks) {
      out += `\n${' '.repeat(indent)}`;
      at = indent;
      if (isSpace) continue;
    }
    out += run;
    at += length;
  }
  return out;
}
