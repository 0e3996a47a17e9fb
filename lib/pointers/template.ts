import { type Document, isAlias, isMap, isScalar, isSeq } from 'yaml';
import { pythonFloat } from './python-float.ts';

/** A value of `vars:` or of a parameters file. Scalars are the text that DVC would put in their place. */
export type TemplateValue = string | readonly TemplateValue[] | ReadonlyMap<string, TemplateValue>;
export type TemplateContext = ReadonlyMap<string, TemplateValue>;

/** Thrown for what cannot be resolved; the caller knows file and stage. */
export class TemplateProblem extends Error {}

const EXPRESSION = /(?<!\\)\$\{(.*?)\}/g;

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
  const resolved = text.replace(EXPRESSION, (_all, expression: string) => {
    const value = select(expression, context);
    if (typeof value !== 'string') throw new TemplateProblem(`\${${expression}} is no single value`);
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
  if (isAlias(node)) return templateValue(document && node.resolve(document), document);
  if (isScalar(node)) return scalarText(node.value, node.source);
  if (isSeq(node)) return node.items.map((child) => templateValue(child, document));
  if (isMap(node)) {
    const entries = node.items.map((pair): [string, TemplateValue] => [
      isScalar(pair.key) ? scalarText(pair.key.value, pair.key.source) : String(pair.key),
      templateValue(pair.value, document),
    ]);
    return new Map(entries);
  }
  return scalarText(node);
}

/** As Python's `str`, booleans as DVC writes them. */
function scalarText(value: unknown, source?: string): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value !== 'number') return String(value);
  const whole = source === undefined ? Number.isInteger(value) : /^[-+]?(\d+|0x[0-9a-f]+|0o[0-7]+)$/i.test(source);
  return whole ? BigInt(value).toString() : pythonFloat(value);
}
