import { MERGE_MARKS } from '../../errors/merge-marks.ts';
import { assayError } from '../../errors.ts';

/** Bytes of one configuration file. */
export const MAX_CONFIG_BYTES = 1024 * 1024;

/** One `key = value` of a DVC configuration. */
export interface ConfigValue {
  readonly value: string;
  /** From 1. */
  readonly line: number;
  /** Not quoted, and with a comma: several values for ConfigObj. */
  readonly list?: true;
}

/** Values by section and key, both in lower case, as DVC compares them. `remote "name"` is one section. */
export type ConfigSections = ReadonlyMap<string, ReadonlyMap<string, ConfigValue>>;

interface Line {
  readonly kind: 'blank' | 'section' | 'value';
  readonly section?: string;
  readonly key?: string;
  readonly value?: string;
  readonly list?: boolean;
  /** The comment behind it, with the space before. */
  readonly comment?: string;
}

const SECTION = /^\s*\[\s*((?:"[^"\r\n]*")|(?:'[^'\r\n]*')|(?:[^'"\][][^\][]*?))\s*\](\s*#.*)?$/;
const VALUE = /^\s*("[^"]*"|'[^']*'|[^'"=][^=]*?)\s*=\s*(.*)$/;
/** One value of ConfigObj: quoted, or bare up to a `#`. Source: configobj.py, `_valueexp`. */
const QUOTED = /^("[^"]*"|'[^']*')(\s*(?:#.*)?)$/;
const BARE = /^([^'"#][^#]*?)?(\s*(?:#.*)?)$/;

/**
 * The sections of a DVC configuration, which is INI as ConfigObj reads it: quoted names and values, `#` comments.
 *
 * @throws E_DVC_CONFIG naming file and line; for keys and sections twice too, which DVC refuses as well
 */
export function parseConfigFile(text: string, file: string): ConfigSections {
  const sections = new Map<string, Map<string, ConfigValue>>();
  let current: Map<string, ConfigValue> | undefined;
  for (const [index, { kind, section, key, value, list }] of linesOf(text, file).entries()) {
    const place = { file, line: index + 1 };
    if (kind === 'section' && section !== undefined) {
      if (sections.has(section))
        throw assayError('E_DVC_CONFIG', { ...place, reason: `the section [${section}] is there twice` });
      current = new Map();
      sections.set(section, current);
    }
    if (kind !== 'value' || key === undefined || value === undefined) continue;
    if (current === undefined) throw assayError('E_DVC_CONFIG', { ...place, reason: 'a key before the first section' });
    if (current.has(key)) throw assayError('E_DVC_CONFIG', { ...place, reason: `the key "${key}" is there twice` });
    current.set(key, { value, line: index + 1, ...(list === true ? { list } : {}) });
  }
  return sections;
}

/**
 * The text with one value set, or removed for `undefined`; comments and every other line stay (DVC drops all comments).
 *
 * @param section as in `core` or `remote "name"`
 * @throws E_DVC_CONFIG for text that cannot be read, and for names and values that no line can hold
 */
export function setConfigValue(
  text: string,
  { section, key, file }: { readonly section: string; readonly key: string; readonly file: string },
  value: string | undefined,
): string {
  parseConfigFile(text, file);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
  const known = linesOf(text, file);
  const start = known.findIndex((line) => line.kind === 'section' && line.section === section.toLowerCase());
  const next = known.findIndex((line, index) => index > start && line.kind === 'section');
  const end = next === -1 ? lines.length : next;
  const at =
    start === -1
      ? -1
      : known.findIndex((line, index) => index > start && index < end && line.key === key.toLowerCase());
  if (value === undefined) {
    if (at === -1) return text;
    lines.splice(at, 1);
    // A section that holds nothing more goes too, if nobody wrote a comment into it.
    const rest = known.filter((_line, index) => index > start && index < end && index !== at);
    if (rest.every((line, index) => line.kind === 'blank' && lines[start + 1 + index]?.trim() === '')) {
      lines.splice(start, end - 1 - start);
    }
  } else {
    const rendered = `${quote(key, file)} = ${quote(value, file)}`;
    if (at !== -1) lines[at] = `${/^\s*/.exec(lines[at] ?? '')?.[0] ?? ''}${rendered}${known[at]?.comment ?? ''}`;
    else if (start !== -1) lines.splice(lastFilled(known, start, end) + 1, 0, `    ${rendered}`);
    else lines.push(`[${sectionName(section, file)}]`, `    ${rendered}`);
  }
  return lines.length === 0 ? '' : lines.join(newline) + newline;
}

function lastFilled(lines: readonly Line[], start: number, end: number): number {
  let last = start;
  for (let index = start; index < end; index++) if (lines[index]?.kind === 'value') last = index;
  return last;
}

function linesOf(text: string, file: string): Line[] {
  if (Buffer.byteLength(text) > MAX_CONFIG_BYTES) {
    throw assayError('E_DVC_CONFIG', { file, reason: `it is longer than ${MAX_CONFIG_BYTES} bytes` });
  }
  if (text.startsWith('\ufeff')) {
    throw assayError('E_DVC_CONFIG', { file, line: 1, reason: 'it begins with a byte order mark, which DVC refuses' });
  }
  return text.split(/\r?\n/).map((line, index): Line => {
    const fail = (reason: string) => assayError('E_DVC_CONFIG', { file, line: index + 1, reason });
    if (line.includes('\0')) throw fail('it has a NUL character');
    // Before anything else: a branch's name may make it look like key = value.
    if (/^<{7} /.test(line)) throw fail(MERGE_MARKS);
    if (/^\s*(#.*)?$/.test(line)) return { kind: 'blank' };
    const [, section] = SECTION.exec(line) ?? [];
    if (section !== undefined) return { kind: 'section', section: unquoted(section).trim().toLowerCase() };
    const [, key, rest] = VALUE.exec(line) ?? [];
    if (key === undefined || rest === undefined) throw fail('neither a section nor key = value');
    const value = QUOTED.exec(rest) ?? BARE.exec(rest);
    if (value === null || /^("""|''')/.test(rest)) throw fail('a value whose quotes are not closed on the line');
    const [, plain = '', comment = ''] = value;
    const list = plain.includes(',') && !/^["']/.test(plain);
    // Source: configobj.py, `ConfigParserInterpolation`.
    if (/%\([^)]*\)s/.test(plain)) throw fail('a value with "%(…)s", which stands for another value for DVC');
    return { kind: 'value', key: unquoted(key).toLowerCase(), value: unquoted(plain), list, comment };
  });
}

function unquoted(text: string): string {
  return /^(["'])(.*)\1$/.exec(text)?.[2] ?? text;
}

/** As ConfigObj quotes: where a bare value would be read as something else. */
function quote(text: string, file: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text))
    throw assayError('E_DVC_CONFIG', { file, reason: 'a value with control characters' });
  if (text !== '' && text.trim() === text && !/[",#']/.test(text)) return text;
  if (!text.includes('"')) return `"${text}"`;
  if (!text.includes("'")) return `'${text}'`;
  throw assayError('E_DVC_CONFIG', { file, reason: 'a value with both kinds of quotes' });
}

function sectionName(section: string, file: string): string {
  const [, kind, name] = /^(\w+) "(.*)"$/.exec(section) ?? [];
  if (kind === undefined || name === undefined) return section;
  if (/["'[\]\r\n]/.test(name))
    throw assayError('E_DVC_CONFIG', { file, reason: `the name ${JSON.stringify(name)} has quotes or brackets` });
  return `'${section}'`;
}
