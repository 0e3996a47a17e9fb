import { type Document, isMap, isNode, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { SafeYaml } from './safe-yaml.ts';
import { renderScalar, renderYaml, type YamlValue } from './yaml-style.ts';

type ScalarValue = string | number | boolean;

/** A key, and the map that has it. */
interface KeyPlace {
  readonly path: readonly PropertyKey[];
  readonly key: string;
}

/** The text of a YAML file, and how it is read: anew before each change, for where everything is. */
export interface EditedText {
  readonly text: string;
  readonly parse: (text: string) => SafeYaml;
}

/**
 * The text with one key of a map set, or removed for `undefined`. Every other byte stays where the text has DVC's own form; in any
 * other (flow style, values over several lines) comments stay, and the layout may change. A new key goes to the end of the map,
 * where DVC puts it too.
 */
export function withKey({ text, parse }: EditedText, { path, key }: KeyPlace, value: ScalarValue | undefined): string {
  const yaml = parse(text);
  const whole = [...path, key];
  return (
    editKey(text, yaml, path, key, value) ??
    rewritten(yaml, (document) => (value === undefined ? document.deleteIn(whole) : document.setIn(whole, value)))
  );
}

/**
 * As `withKey` for a value of any kind, which gets lines of its own in DVC's style. An old value goes with the comments inside
 * of it; the key stays where it is.
 */
export function withBlock({ text, parse }: EditedText, { path, key }: KeyPlace, value: YamlValue): string {
  const yaml = parse(text);
  return (
    editBlock(text, yaml, path, key, value) ??
    rewritten(yaml, (document) => document.setIn([...path, key], document.createNode(value)))
  );
}

/** The text with an entry more at the end of a list, in the same way. */
export function withItem(
  { text, parse }: EditedText,
  path: readonly PropertyKey[],
  entry: { readonly [key: string]: YamlValue },
): string {
  const yaml = parse(text);
  return (
    appendItem(text, yaml, path, renderYaml(entry)) ??
    rewritten(yaml, (document) => document.addIn(path, document.createNode(entry)))
  );
}

function rewritten({ document }: SafeYaml, change: (document: Document) => void): string {
  change(document);
  return document.toString({ indentSeq: false, singleQuote: true, lineWidth: 80 });
}

/** Undefined where the text has another form than DVC's. */
function editKey(
  text: string,
  yaml: SafeYaml,
  path: readonly PropertyKey[],
  key: string,
  value: ScalarValue | undefined,
): string | undefined {
  const map = yaml.document.getIn([...path], true);
  if (!isMap(map) || map.flow || map.range === undefined || map.range === null) return undefined;
  const index = map.items.findIndex((item) => isScalar(item.key) && item.key.value === key);
  const pair = map.items[index];
  if (value === undefined) return pair === undefined ? text : removeKey(text, map, index);
  return pair === undefined ? appendKey(text, map, key, value) : replaceValue(text, pair, value);
}

function editBlock(
  text: string,
  yaml: SafeYaml,
  path: readonly PropertyKey[],
  key: string,
  value: YamlValue,
): string | undefined {
  const map = yaml.document.getIn([...path], true);
  const first = isMap(map) && !map.flow ? offsets(map.items[0]?.key) : undefined;
  if (!isMap(map) || first === undefined) return undefined;
  const column = columnOf(text, first.start);
  const lines = blockLines(key, value, column);
  const index = map.items.findIndex((item) => isScalar(item.key) && item.key.value === key);
  const pair = map.items[index];
  if (pair === undefined) return insertLine(text, lastOffset(map), lines);
  const here = offsets(pair.key);
  if (here === undefined) return undefined;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const end = endOfLine(text, isMap(pair.value) || isSeq(pair.value) ? lastOffset(pair.value) : here.end);
  // The first line begins where the key does, also behind a dash.
  return `${text.slice(0, here.start)}${lines.join(newline).trimStart()}${newline}${text.slice(end)}`;
}

/** The lines of `key: value` at a column: rendered at that depth, so that long lines break where DVC breaks them. */
function blockLines(key: string, value: YamlValue, column: number): string[] {
  const depth = Math.floor(column / 2);
  let nested: { readonly [key: string]: YamlValue } = { [key]: value };
  for (let level = 0; level < depth; level++) nested = { x: nested };
  const pad = ' '.repeat(column - 2 * depth);
  const lines = renderYaml(nested).replace(/\n$/, '').split('\n').slice(depth);
  return lines.map((line) => pad + line);
}

/** `entry` is rendered without indentation. */
function appendItem(text: string, yaml: SafeYaml, path: readonly PropertyKey[], entry: string): string | undefined {
  const list = yaml.document.getIn([...path], true);
  if (!isSeq(list) || list.flow || !list.range || list.items.length === 0) return undefined;
  const pad = ' '.repeat(columnOf(text, list.range[0]));
  const lines = entry.replace(/\n$/, '').split('\n');
  return insertLine(
    text,
    lastOffset(list),
    lines.map((line, index) => pad + (index === 0 ? '- ' : '  ') + line),
  );
}

function replaceValue(text: string, pair: Pair, value: ScalarValue): string | undefined {
  const start = offsets(pair.key);
  if (start === undefined) return undefined;
  const colon = text.indexOf(':', start.end);
  const old = offsets(pair.value) ?? { start: colon + 1, end: colon + 1 };
  if (colon === -1 || text.slice(start.end, colon).trim() !== '') return undefined;
  if (text.slice(start.end, old.end).includes('\n')) return undefined;
  if (isScalar(pair.value) && pair.value.value === value) return text;
  const column = columnOf(text, colon) + 1;
  // A scalar that would be folded, or a value that is no scalar, is left to the emitter of the whole document.
  const rendered = renderScalar(value, column, 0);
  if (rendered.includes('\n') || (pair.value !== null && !isScalar(pair.value))) return undefined;
  return text.slice(0, colon + 1) + rendered + text.slice(Math.max(old.end, colon + 1));
}

function appendKey(text: string, map: YAMLMap, key: string, value: ScalarValue): string | undefined {
  const first = offsets(map.items[0]?.key);
  if (first === undefined) return undefined;
  const column = columnOf(text, first.start);
  const rendered = renderScalar(value, column + key.length + 1, 0);
  if (rendered.includes('\n')) return undefined;
  return insertLine(text, lastOffset(map), [`${' '.repeat(column)}${key}:${rendered}`]);
}

/** Removes a key with its value; comments on lines of their own stay. */
function removeKey(text: string, map: YAMLMap, index: number): string | undefined {
  const pair = map.items[index];
  const here = offsets(pair?.key);
  if (pair === undefined || here === undefined || map.items.length === 1) return undefined;
  const lineStart = text.lastIndexOf('\n', here.start - 1) + 1;
  const end = endOfLine(text, lastOffsetOf(pair.value ?? pair.key, here.start));
  const before = text.slice(lineStart, here.start);
  const next = offsets(map.items[index + 1]?.key);
  if (next === undefined || before.trim() === '') return text.slice(0, lineStart) + text.slice(end);
  // Behind a dash the next key takes its place, with the comments above of it.
  const nextLine = text.lastIndexOf('\n', next.start - 1) + 1;
  return text.slice(0, lineStart) + text.slice(end, nextLine) + before + text.slice(next.start);
}

/** Puts lines behind the line that holds `offset`, with the line ends that the text has. */
function insertLine(text: string, offset: number, lines: readonly string[]): string {
  const end = endOfLine(text, offset);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const before = text.slice(0, end);
  const joint = before === '' || before.endsWith('\n') ? '' : newline;
  return `${before}${joint}${lines.join(newline)}${newline}${text.slice(end)}`;
}

/** Behind the line break of the line that holds `offset`. */
function endOfLine(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at === -1 ? text.length : at + 1;
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

function offsets(node: unknown): { start: number; end: number } | undefined {
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return undefined;
  return node.range ? { start: node.range[0], end: node.range[1] } : undefined;
}

/** The last character of a node that is not a comment or a line break behind it. */
function lastOffset(node: Node): number {
  const last = isMap(node) ? node.items.at(-1) : undefined;
  return lastOffsetOf(last?.value ?? last?.key ?? (isSeq(node) ? node.items.at(-1) : undefined), node.range?.[0] ?? 0);
}

/** The same of what is in one, else `start`. */
function lastOffsetOf(inner: unknown, start: number): number {
  if (!isNode(inner) || !inner.range) return start;
  const [from, to] = inner.range;
  return (isMap(inner) || isSeq(inner)) && !inner.flow ? lastOffset(inner) : Math.max(from, to - 1);
}
