import { type Alias, type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, visit } from 'yaml';
import { pythonFloat } from './python-float.ts';

/** A value of `vars:` or of a parameters file. Scalars are the text that DVC would put in their place. */
export type TemplateValue = string | readonly TemplateValue[] | ReadonlyMap<string, TemplateValue>;
export type TemplateContext = ReadonlyMap<string, TemplateValue>;

/** Thrown for what cannot be resolved; the caller knows file and stage. */
export class TemplateProblem extends Error {}

const EXPRESSION = /(?<!\\)\$\{(.*?)\}/g;

/** Characters that one text may become: more than any path, and a text of texts doubles with each. */
const MAX_RESOLVED_LENGTH = 65_536;

/** Whether there is anything to resolve. Source: dvc/parsing/interpolate.py. */
export function hasTemplate(text: string): boolean {
  return text.match(EXPRESSION) !== null;
}

/**
 * The text with every `${…}` exchanged for its value.
 *
 * @throws TemplateProblem for a name that is not there, or whose value is no scalar
 */
export function resolveText(text: string, context: TemplateContext): string {
  let length = text.length;
  const resolved = text.replace(EXPRESSION, (_all, expression: string) => {
    const value = select(expression, context);
    if (typeof value !== 'string') throw new TemplateProblem(`\${${expression}} is no single value`);
    length += value.length;
    if (length > MAX_RESOLVED_LENGTH)
      throw new TemplateProblem(`it becomes longer than ${MAX_RESOLVED_LENGTH} characters`);
    return value;
  });
  return resolved.replaceAll('\\${', '${');
}

/** The value that a text stands for: what its one expression names, be it a list or a map, or the resolved text. */
export function resolveValue(text: string, context: TemplateContext): TemplateValue {
  const [, expression] = /^\$\{([^{}]*)\}$/.exec(text.trim()) ?? [];
  return expression === undefined ? resolveText(text, context) : select(expression, context);
}

/** Resolves every text of a value. */
export function resolveDeep(value: TemplateValue, context: TemplateContext): TemplateValue {
  if (typeof value === 'string') return resolveValue(value, context);
  if (isList(value)) return value.map((item) => resolveDeep(item, context));
  return new Map([...value].map(([key, item]) => [resolveText(key, context), resolveDeep(item, context)]));
}

export function isList(value: TemplateValue): value is readonly TemplateValue[] {
  return Array.isArray(value);
}

/** `a.b[0].c` in a context. */
function select(expression: string, context: TemplateContext): TemplateValue {
  let value: TemplateValue = context;
  for (const part of expression.replaceAll('[', '.').replaceAll(']', '').split('.')) {
    const key = part.trim();
    const next: TemplateValue | undefined =
      typeof value === 'string' ? undefined : isList(value) ? item(value, key) : value.get(key);
    if (next === undefined) throw new TemplateProblem(`there is no \${${expression}}`);
    value = next;
  }
  return value;
}

function item(list: readonly TemplateValue[], key: string): TemplateValue | undefined {
  return /^-?\d+$/.test(key) ? list.at(Number(key)) : undefined;
}

/**
 * Merges a context into another one, maps into maps.
 *
 * @throws TemplateProblem where both define a value, as DVC does
 */
export function mergeContext(into: TemplateContext, update: TemplateContext): TemplateContext {
  const merged = new Map(into);
  for (const [key, value] of update) {
    const old = merged.get(key);
    if (old instanceof Map && value instanceof Map) merged.set(key, mergeContext(old, value));
    else if (old === undefined) merged.set(key, value);
    else throw new TemplateProblem(`"${key}" is defined twice`);
  }
  return merged;
}

/** A YAML node (or a JSON value) as a template value. Nodes, not values: `1.0` has to stay `1.0`. */
export function templateValue(node: unknown, document?: Document): TemplateValue {
  return unfolded(node, { document, known: new Map(), open: new Set() });
}

/** What aliases stand for is made once and shared: written out, some lines of aliases of aliases are more than any memory holds. */
interface Unfolding {
  readonly document: Document | undefined;
  readonly known: Map<Node, TemplateValue>;
  readonly open: Set<Node>;
  targets?: ReadonlyMap<Alias, Node>;
}

function unfolded(node: unknown, at: Unfolding): TemplateValue {
  if (isAlias(node)) {
    at.targets ??= aliasTargets(at.document);
    return unfolded(at.targets.get(node), at);
  }
  if (isScalar(node)) return scalarText(node.value, node.source);
  if (!isSeq(node) && !isMap(node)) return scalarText(node);
  const known = at.known.get(node);
  if (known !== undefined) return known;
  if (at.open.has(node)) throw new TemplateProblem(`&${node.anchor} stands for something that has it inside`);
  at.open.add(node);
  const value = isSeq(node)
    ? node.items.map((child) => unfolded(child, at))
    : new Map(
        node.items.map((pair): [string, TemplateValue] => [
          isScalar(pair.key) ? scalarText(pair.key.value, pair.key.source) : String(pair.key),
          unfolded(pair.value, at),
        ]),
      );
  at.open.delete(node);
  at.known.set(node, value);
  return value;
}

/** What every alias stands for, found in one walk: the parser's own way is a walk for each. */
function aliasTargets(document: Document | undefined): ReadonlyMap<Alias, Node> {
  const targets = new Map<Alias, Node>();
  const anchors = new Map<string, Node>();
  if (document === undefined) return targets;
  visit(document, (_key, node) => {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target !== undefined) targets.set(node, target);
    } else if (isNode(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
  });
  return targets;
}

/** As Python's `str`, booleans as DVC writes them. */
function scalarText(value: unknown, source?: string): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value !== 'number') return String(value);
  if (!Number.isFinite(value)) return pythonFloat(value);
  const whole = source === undefined ? Number.isInteger(value) : /^[-+]?(\d+|0x[0-9a-f]+|0o[0-7]+)$/i.test(source);
  return whole ? BigInt(value).toString() : pythonFloat(value);
}
