import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import type { z } from 'zod';
import { MERGE_MARKS } from '../../errors/merge-marks.ts';
import { type AssayError, messageOf } from '../../errors.ts';
import { MAX_TEXT_BYTES } from '../repository-tree.ts';

/** Levels of nesting. DVC's own files have six; parameters of users may have more. */
const MAX_YAML_DEPTH = 64;
/** What aliases may unfold to, as a multiple of what is written: the parser's own default. */
const MAX_ALIASES = 100;
/** Aliases times anchors: the parser looks through all anchors for each. Five thousand of each take a second. */
const MAX_ALIAS_LOOKUPS = 25_000_000;

export interface YamlPlace {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

export interface SafeYaml {
  readonly document: Document;
  /** What stands at a key path; aliases are not followed. */
  readonly node: (path: readonly PropertyKey[]) => unknown;
  /** Where a key path stands, or the nearest node above it. */
  readonly place: (path: readonly PropertyKey[]) => YamlPlace;
}

export interface SafeYamlOptions {
  readonly file: string;
  /** `refused` in files that a tool writes; `bounded` in files that people write. */
  readonly aliases: 'refused' | 'bounded';
  /** Makes the error that is thrown for text that cannot be used. */
  readonly corrupt: (place: YamlPlace, reason: string, cause?: unknown) => AssayError;
}

/**
 * Reads YAML 1.2 from an untrusted file: bounded in size, depth and aliases, no key twice, no second document, no NUL.
 *
 * @throws what `corrupt` makes
 */
export function parseSafeYaml(text: string, { file, aliases, corrupt }: SafeYamlOptions): SafeYaml {
  if (Buffer.byteLength(text) > MAX_TEXT_BYTES) throw corrupt({ file }, `it is longer than ${MAX_TEXT_BYTES} bytes`);
  const nul = text.indexOf('\0');
  if (nul !== -1) throw corrupt({ file, line: text.slice(0, nul).split('\n').length }, 'it has a NUL character');
  const lines = new LineCounter();
  const at = (offset: number): YamlPlace => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  let document: Document;
  let stopped: { offset: number; reason: string } | undefined;
  try {
    document = parseDocument(text, {
      version: '1.2',
      merge: true,
      lineCounter: lines,
      prettyErrors: false,
      logLevel: 'error',
      // The parser's own check holds every key against every other: minutes for a map of some megabytes.
      uniqueKeys: false,
    });
    const named = { aliases: 0, anchors: 0 };
    visit(document, {
      Node(_key, node, path) {
        if (isAlias(node)) named.aliases++;
        else if (node.anchor !== undefined) named.anchors++;
        const reason =
          isAlias(node) && aliases === 'refused'
            ? 'it has YAML aliases'
            : named.aliases * named.anchors > MAX_ALIAS_LOOKUPS
              ? 'it has too many YAML aliases and anchors'
              : path.length > 2 * MAX_YAML_DEPTH
                ? 'it is nested too deep'
                : undefined;
        const repeated = reason === undefined && isMap(node) ? repeatedKey(node) : undefined;
        const special = isMap(node)
          ? node.items.find(({ key }) => isScalar(key) && key.value === '__proto__')
          : undefined;
        if (special !== undefined) stopped = { offset: node.range?.[0] ?? 0, reason: 'a key cannot be "__proto__"' };
        else if (repeated !== undefined) stopped = { offset: repeated, reason: 'Map keys must be unique' };
        else if (reason === undefined) return undefined;
        else stopped = { offset: node.range?.[0] ?? 0, reason };
        return visit.BREAK;
      },
    });
  } catch (error) {
    const reason = error instanceof RangeError ? 'it is nested too deep' : messageOf(error);
    throw corrupt({ file }, reason, error);
  }
  const [problem] = document.errors;
  if (problem !== undefined) {
    const mark = /^<{7} /m.exec(text);
    if (mark !== null) throw corrupt(at(mark.index), MERGE_MARKS, problem);
    // The parser's own words for text that is nested deeper than its stack.
    const reason = problem.message.startsWith('Maximum call stack') ? 'it is nested too deep' : problem.message;
    throw corrupt(at(problem.pos[0]), reason, problem);
  }
  if (stopped !== undefined) throw corrupt(at(stopped.offset), stopped.reason);
  const node = nodesOf(document);
  return {
    document,
    node,
    place: (path) => {
      for (let length = path.length; length >= 0; length--) {
        const found = node(path.slice(0, length));
        if (isNode(found) && found.range) return at(found.range[0]);
      }
      return { file };
    },
  };
}

/** Finds nodes by their keys. The parser's own way holds every key of a map against the one that is looked for. */
function nodesOf(document: Document): (path: readonly PropertyKey[]) => unknown {
  const known = new Map<YAMLMap, ReadonlyMap<string, unknown>>();
  const valuesOf = (map: YAMLMap) => {
    const values =
      known.get(map) ??
      new Map(map.items.map(({ key, value }) => [String(isScalar(key) ? key.value : key), value] as const));
    known.set(map, values);
    return values;
  };
  return (path) => {
    let node: unknown = document.contents;
    for (const key of path) {
      if (isMap(node)) node = valuesOf(node).get(String(key));
      else node = isSeq(node) ? node.items[Number(key)] : undefined;
    }
    return node;
  };
}

/** Where a key stands that a map has twice. */
function repeatedKey({ items }: YAMLMap): number | undefined {
  const keys = new Set<unknown>();
  for (const { key } of items) {
    if (!isScalar(key)) continue;
    if (keys.has(key.value)) return key.range?.[0] ?? 0;
    keys.add(key.value);
  }
  return undefined;
}

/**
 * The document's value, checked. An empty document counts as `{}`, as for DVC.
 *
 * @throws what `corrupt` makes, with the place of the first thing that is wrong
 */
export function checkedValue<T extends z.ZodType>(
  yaml: SafeYaml,
  schema: T,
  { file, corrupt }: Pick<SafeYamlOptions, 'file' | 'corrupt'>,
): z.output<T> {
  let value: unknown;
  try {
    value = yaml.document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw corrupt({ file }, 'its YAML aliases unfold to too much', error);
  }
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const { path, message } = issue === undefined ? { path: [], message: '' } : furthest(issue);
  const reason = `${path.join('.')}: ${message}`.replace(/^: /, '');
  throw corrupt(yaml.place(path), reason);
}

/** Of a value that may be one of several things, what stood in the way of the one that went furthest: "invalid" says nothing. */
function furthest(issue: z.core.$ZodIssue): { readonly path: readonly PropertyKey[]; readonly message: string } {
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors.flatMap(([first]) => (first === undefined ? [] : [furthest(first)]));
  // A key that is not there says that something else is meant.
  const rank = ({ path, message }: (typeof inner)[number]) =>
    /received undefined$/.test(message) ? 0 : 1 + path.length;
  const [best] = inner.sort((a, b) => rank(b) - rank(a));
  const silent = best === undefined || (best.path.length === 0 && issue.message !== 'Invalid input');
  return silent ? issue : { path: [...issue.path, ...best.path], message: best.message };
}
