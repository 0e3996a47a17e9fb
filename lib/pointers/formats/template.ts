import { type Alias, type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, visit } from 'yaml';
import { pythonFloat } from './python-float.ts';

/** A value of `vars:` or of a parameters file. Scalars are the text that DVC would put in their place. */
export type TemplateValue = string | readonly TemplateValue[] | ReadonlyMap<string, TemplateValue>;
/** Names with their values; layers of them are never copied, because stages are many and parameters too. */
export type TemplateContext = Pick<ReadonlyMap<string, TemplateValue>, 'get'>;

/** Thrown for what cannot be resolved; the caller knows file and stage. */
export class TemplateProblem extends Error {}

/** Characters that one text may become: more than any path, and a text of texts doubles with each. */
const MAX_RESOLVED_LENGTH = 65_536;

interface Expression {
  readonly start: number;
  readonly end: number;
  /** What stands between the braces. */
  readonly inner: string;
}

/**
 * Every `${…}` on one line that no backslash stands before. Not by an expression: for each `${` without an end it would read the
 * whole text. Source: dvc/parsing/interpolate.py, `KEYCRE`.
 */
function* expressions(text: string): Generator<Expression, void, undefined> {
  let close = 0;
  let line = 0;
  let end = 0;
  for (let start = text.indexOf('${'); start !== -1; start = text.indexOf('${', Math.max(end, start + 2))) {
    if (text[start - 1] === '\\') continue;
    if (close < start + 2) close = text.indexOf('}', start + 2);
    if (close === -1) return;
    if (line < start + 2) line = orEnd(text, text.indexOf('\n', start + 2));
    if (line < close) continue;
    end = close + 1;
    yield { start, end, inner: text.slice(start + 2, close) };
  }
}

function orEnd(text: string, at: number): number {
  return at === -1 ? text.length : at;
}

/** Whether there is anything to resolve. */
export function hasTemplate(text: string): boolean {
  return expressions(text).next().done !== true;
}

/**
 * The text with every `${…}` exchanged for its value.
 *
 * @throws TemplateProblem for a name that is not there, or whose value is no scalar
 */
export function resolveText(text: string, context: TemplateContext): string {
  let length = text.length;
  let resolved = '';
  let done = 0;
  for (const { start, end, inner } of expressions(text)) {
    const value = select(inner, context);
    if (typeof value !== 'string') throw new TemplateProblem(`\${${inner}} is no single value`);
    length += value.length;
    if (length > MAX_RESOLVED_LENGTH)
      throw new TemplateProblem(`it becomes longer than ${MAX_RESOLVED_LENGTH} characters`);
    resolved += text.slice(done, start) + value;
    done = end;
  }
  return (resolved + text.slice(done)).replaceAll('\\${', '${');
}

/** The value that a text stands for: what its one expression names, be it a list or a map, or the resolved text. */
function resolveValue(text: string, context: TemplateContext): TemplateValue {
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
  const [first = '', ...rest] = expression.replaceAll('[', '.').replaceAll(']', '').split('.');
  let value = context.get(first.trim());
  for (const part of rest) {
    const key = part.trim();
    value =
      value === undefined || typeof value === 'string' ? undefined : isList(value) ? item(value, key) : value.get(key);
  }
  if (value === undefined) throw new TemplateProblem(`there is no \${${expression}}`);
  return value;
}

function item(list: readonly TemplateValue[], key: string): TemplateValue | undefined {
  return /^-?\d+$/.test(key) ? list.at(Number(key)) : undefined;
}

/** Reads YAML nodes of a document as template values. Nodes, not values: `1.0` has to stay `1.0`. */
export function templateReader(document: Document): (node: unknown) => TemplateValue {
  const known = new Map<Node, TemplateValue>();
  let targets: ReadonlyMap<Alias, Node> | undefined;
  const target = (alias: Alias) => {
    targets ??= aliasTargets(document);
    return targets.get(alias);
  };
  return (node) => unfolded(node, { known, target, open: new Set() });
}

/** What aliases stand for is made once and shared: written out, some lines of aliases of aliases are more than any memory holds. */
interface Unfolding {
  readonly known: Map<Node, TemplateValue>;
  readonly open: Set<Node>;
  readonly target: (alias: Alias) => Node | undefined;
}

function unfolded(node: unknown, at: Unfolding): TemplateValue {
  if (isAlias(node)) return unfolded(at.target(node), at);
  if (isScalar(node)) return scalarText(node.value, node.source, node.type === 'PLAIN');
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
function aliasTargets(document: Document): ReadonlyMap<Alias, Node> {
  const targets = new Map<Alias, Node>();
  const anchors = new Map<string, Node>();
  visit(document, (_key, node) => {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target !== undefined) targets.set(node, target);
    } else if (isNode(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
  });
  return targets;
}

/** As Python's `str`, booleans as DVC writes them. */
function scalarText(value: unknown, source?: string, plain = false): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'string') return (plain && numberText(withoutUnderscores(value))) || value;
  if (typeof value !== 'number') return String(value);
  return numberText(source ?? String(value)) ?? pythonFloat(value);
}

/** ruamel.yaml allows them in numbers, but not in front, nor in powers of ten. */
function withoutUnderscores(text: string): string {
  return /^[-+]?\d[^e]*_/i.test(text) && !/e.*_/i.test(text) ? text.replaceAll('_', '') : text;
}

/**
 * A number as Python writes what ruamel.yaml reads as one, whole ones with all digits; undefined for other texts.
 * Source: ruamel/yaml/resolver.py, YAML 1.2.
 */
function numberText(text: string): string | undefined {
  const [, sign, digits = ''] = /^([-+]?)(\d+|0b[01]+|0x[0-9a-f]+|0o[0-7]+)$/i.exec(text) ?? [];
  if (sign !== undefined) return String(sign === '-' ? -BigInt(digits) : BigInt(digits));
  return /^[-+]?\d+(\.\d*)?(e[-+]?\d+)?$/i.test(text) ? pythonFloat(Number(text)) : undefined;
}
