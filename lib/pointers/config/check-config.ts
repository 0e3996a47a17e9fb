import { closest, distance } from 'fastest-levenshtein';
import { type AssayError, assayError } from '../../errors.ts';
import { flag, type Located, linkTypes, WHOLE, wholeNumber, wrongValue } from './config-values.ts';
import { type Keys, NAMED_KEYS, REMOTE_KEYS, SECTION_KEYS, type ValueKind } from './dvc-config-keys.ts';

/** Letters that a name may be off and still be meant. */
const NEAR = 3;

type Sections = ReadonlyMap<string, ReadonlyMap<string, Located>>;

/**
 * Refuses what DVC refuses of a configuration: sections and keys that it does not know, and values that are not of their kind. A
 * slip of the pen in `sse` or `endpointurl` would send data without encryption, or elsewhere. Source: dvc/config.py, `_parse_named`; dvc/config_schema.py.
 *
 * @param sections of all files together: an option of a remote can be in another file than its address
 * @param files where sections without any key are, for messages
 * @throws E_DVC_CONFIG with file and line
 */
export function checkConfig(sections: Sections, files: ReadonlyMap<string, string>): void {
  for (const [section, values] of sections) {
    const [first] = values.values();
    const place = { file: first?.file ?? files.get(section) ?? '', line: first?.line };
    const fail = (reason: string) => assayError('E_DVC_CONFIG', { ...place, reason });
    const [, kind, name] = /^\s*(remote|machine|db)\s*"(.*)"\s*$/.exec(section) ?? [];
    if (kind === undefined || name === undefined) {
      const known = Object.hasOwn(SECTION_KEYS, section) ? SECTION_KEYS[section] : undefined;
      if (known === undefined) {
        throw fail(`[${section}] is no section of DVC${near(section, Object.keys(SECTION_KEYS), (one) => `[${one}]`)}`);
      }
      checkKeys(values, known, { called: section, path: section });
    } else {
      const known = kind === 'remote' ? remoteKeys(values, section, fail) : (NAMED_KEYS[kind] ?? {});
      checkKeys(values, known, { called: kind, path: `${kind}.${name}` });
    }
  }
}

function remoteKeys(values: ReadonlyMap<string, Located>, section: string, fail: (reason: string) => AssayError): Keys {
  const url = values.get('url');
  if (url === undefined) throw fail(`[${section}] has no url`);
  // Python's urlparse: without a host it is a folder.
  const scheme = /^([a-z][a-z0-9+.-]*):\/\/[^/?#]/i.exec(url.value)?.[1]?.toLowerCase() ?? '';
  const known = Object.hasOwn(REMOTE_KEYS, scheme) ? REMOTE_KEYS[scheme] : undefined;
  if (known === undefined) throw wrongValue(url, `[${section}]: DVC has no remotes of ${scheme}://`);
  return known;
}

function checkKeys(
  values: ReadonlyMap<string, Located>,
  known: Keys,
  { called, path }: { readonly called: string; readonly path: string },
): void {
  for (const [key, set] of values) {
    const kind = Object.hasOwn(known, key) ? known[key] : undefined;
    if (kind === undefined) {
      // DVC warns of features that it does not know.
      if (path === 'feature') continue;
      throw wrongValue(set, `${called} has no option "${key}"${near(key, Object.keys(known))}`);
    }
    checkValue(set, kind, `${path}.${key}`);
  }
}

const NUMBER = /^\s*[-+]?(\d[\d_]*(\.[\d_]*)?|\.\d[\d_]*)(e[-+]?\d+)?\s*$/i;

function checkValue(set: Located, kind: ValueKind, name: string): void {
  const { value } = set;
  const number = Number(value.replaceAll('_', ''));
  if (set.list === true && kind !== 'links') throw wrongValue(set, `${name} is a list: put it in quotes`);
  if (kind === 'flag') flag(set, name);
  else if (kind === 'nothing') throw wrongValue(set, `${name} cannot be set in a file: DVC refuses it`);
  else if (kind === 'whole' && !WHOLE.test(value)) throw wrongValue(set, `${name} is no whole number`);
  else if (kind === 'count') wholeNumber(set, name);
  else if (kind === 'links') linkTypes(set, name);
  else if (kind === 'percent' && !(WHOLE.test(value) && number >= 0 && number <= 100)) {
    throw wrongValue(set, `${name} is no whole number from 0 to 100`);
  } else if (kind === 'number' && !NUMBER.test(value)) throw wrongValue(set, `${name} is no number`);
  else if (kind === 'seconds' && !(NUMBER.test(value) && number >= 0))
    throw wrongValue(set, `${name} is no number from 0`);
  else if (typeof kind === 'object' && !kind.includes(value.toLowerCase())) {
    throw wrongValue(set, `${name} is none of ${kind.join(', ')}`);
  }
}

function near(word: string, words: readonly string[], shown = (one: string) => `"${one}"`): string {
  if (words.length === 0) return '';
  const best = closest(word, [...words]);
  return distance(word, best) <= NEAR ? `: did you mean ${shown(best)}?` : '';
}
