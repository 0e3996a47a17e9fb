import { isDeepStrictEqual } from 'node:util';
import { isMap, isNode, isSeq } from 'yaml';
import { dvcFileYaml, parseDvcFile } from './dvc-file.ts';
import { withBlock, withKey } from './edit-entry.ts';
import { dvcFileFields, type Fields, type NewDvcFile } from './render-dvc-file.ts';
import type { YamlValue } from './yaml-style.ts';

/** What people write into a file and its outputs, which new data do not change. Source: dvc/output.py, `restore_fields`. */
const KEPT = ['desc', 'meta'];
const KEPT_IN_OUTPUTS = [...KEPT, 'type', 'labels'];

/**
 * The text of a `.dvc` file that is made over an old one, as an import that replaces another: it says what `fresh` says, with
 * the old file's comments, order of keys, descriptions, labels and remotes.
 *
 * @param file its path, for messages
 * @throws E_POINTER_CORRUPT, E_POINTER_UNSUPPORTED
 */
export function renewDvcFile(old: string, fresh: NewDvcFile, file: string): string {
  const { outs } = parseDvcFile(old, file);
  const same = outs.length === fresh.outs.length && outs.every(({ path }, index) => path === fresh.outs[index]?.path);
  const kept = (path: readonly PropertyKey[]) => {
    if (path.length === 0) return KEPT;
    return same && path.length === 2 && path[0] === 'outs' ? KEPT_IN_OUTPUTS : [];
  };
  // Where data go is part of what a stage's digest is of.
  const going = fresh.outs.map((out, index) => {
    const { remote, push = true } = (same ? outs[index] : undefined) ?? {};
    return { ...out, push: push && out.push !== false, ...(remote === undefined ? {} : { remote }) };
  });
  return withFields(old, { file, kept }, [], dvcFileFields({ ...fresh, outs: going }));
}

interface Editing {
  readonly file: string;
  /** Keys that stay at a path, whatever is wanted there. */
  readonly kept: (path: readonly PropertyKey[]) => readonly string[];
}

/** The text with a map exchanged: what differs in its place, new keys at its end, as DVC writes them. */
function withFields(text: string, editing: Editing, path: readonly PropertyKey[], wanted: Fields): string {
  const { file, kept } = editing;
  let edited = text;
  for (const [key, value] of Object.entries(wanted)) edited = withValue(edited, editing, path, key, value);
  const map = dvcFileYaml(edited, file).node(path);
  if (!isMap(map)) return edited;
  const gone = map.items.map(({ key }) => String(key)).filter((key) => !(key in wanted) && !kept(path).includes(key));
  for (const key of gone) {
    edited = withKey({ text: edited, parse: (now) => dvcFileYaml(now, file) }, { path, key }, undefined);
  }
  return edited;
}

function withValue(
  text: string,
  editing: Editing,
  path: readonly PropertyKey[],
  key: string,
  value: YamlValue,
): string {
  const { file } = editing;
  const yaml = dvcFileYaml(text, file);
  const at = [...path, key];
  const there = yaml.node(at);
  if (isNode(there) && isDeepStrictEqual(there.toJS(yaml.document), value)) return text;
  if (isFields(value) && isMap(there)) return withFields(text, editing, at, value);
  const rows = Array.isArray(value) ? value.filter(isFields) : [];
  if (isSeq(there) && rows.length > 0 && there.items.length === rows.length && there.items.every(isMap)) {
    return rows.reduce((edited, row, index) => withFields(edited, editing, [...at, index], row), text);
  }
  const edited = { text, parse: (now: string) => dvcFileYaml(now, file) };
  return typeof value === 'object' ? withBlock(edited, { path, key }, value) : withKey(edited, { path, key }, value);
}

function isFields(value: YamlValue): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
