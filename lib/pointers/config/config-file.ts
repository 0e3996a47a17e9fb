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
}

const SECTION = /^\s*\[\s*((?:"[^"\r\n]*")|(?:'[^'\r\n]*')|(?:[^'"\][][^\][]*?))\s*\](\s*#.*)?$/;
const VALUE = /^\s*("[^"]*"|'[^']*'|[^'"=][^=]*?)\s*=\s*(.*)$/;
/** One value of ConfigObj: quoted, or bare up to a `#`. Source: configobj.py, `_valueexp`. */
const QUOTED = /^("[^"]*"|'[^']*')\s*(?:#.*)?$/;
const BARE = /^([^'"#][^#]*?)?\s*(?:#.*)?$/;

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
    const [, plain = ''] = value;
    const list = plain.includes(',') && !/^["']/.test(plain);
    // Source: configobj.py, `ConfigParserInterpolation`.
    if (/%\([^)]*\)s/.test(plain)) throw fail('a value with "%(…)s", which stands for another value for DVC');
    return { kind: 'value', key: unquoted(key).toLowerCase(), value: unquoted(plain), list };
  });
}

function unquoted(text: string): string {
  return /^(["'])(.*)\1$/.exec(text)?.[2] ?? text;
}
