import { posix } from 'node:path';
import { isMap } from 'yaml';
import { messageOf } from '../../errors.ts';
import type { RepositoryTree } from '../repository-tree.ts';
import { corruptPipeline } from './corrupt-pipeline.ts';
import { parseSafeYaml } from './safe-yaml.ts';
import { isList, type TemplateContext, TemplateProblem, type TemplateValue, templateReader } from './template.ts';

/**
 * Values that `vars:` of all pipelines of a tree may bring together: each of ten thousand stages may name a file of a thousand,
 * which takes some seconds.
 */
const MAX_MERGED_VALUES = 10_000_000;

type Values = ReadonlyMap<string, TemplateValue>;

/** The parameters files of a tree, each read once, and what was made of them. */
export interface Parameters {
  readonly tree: RepositoryTree;
  readonly files: Map<string, Promise<Values | undefined>>;
  /** What files alone made of a context, by their names: many stages name the same. */
  readonly known: WeakMap<TemplateContext, Map<string, Promise<TemplateContext>>>;
  merged: number;
  readonly limit: number;
}

export function openParameters(tree: RepositoryTree, limit = MAX_MERGED_VALUES): Parameters {
  return { tree, files: new Map(), known: new WeakMap(), merged: 0, limit };
}

interface VarsFrom {
  readonly folder: string;
  readonly parameters: Parameters;
  /** The one file that need not be there. */
  readonly optional?: string;
}

/**
 * What `vars:` name, merged into a context: values of their own, parameters files, or some keys of one.
 *
 * @throws TemplateProblem
 */
export function loadVars(
  vars: readonly TemplateValue[],
  into: TemplateContext,
  from: VarsFrom,
): Promise<TemplateContext> {
  if (vars.some((item) => typeof item !== 'string')) return merged(vars, into, from);
  const known = from.parameters.known.get(into) ?? new Map<string, Promise<TemplateContext>>();
  from.parameters.known.set(into, known);
  const key = JSON.stringify([from.folder, from.optional, vars]);
  const context = known.get(key) ?? merged(vars, into, from);
  known.set(key, context);
  return context;
}

async function merged(
  vars: readonly TemplateValue[],
  into: TemplateContext,
  { folder, parameters, optional }: VarsFrom,
): Promise<TemplateContext> {
  const own = new Map<string, TemplateValue>();
  const loaded = new Set<string>();
  for (const item of vars) {
    if (typeof item !== 'string') {
      merge(own, into, item instanceof Map ? item : new Map(), parameters);
      continue;
    }
    if (loaded.has(item)) continue;
    loaded.add(item);
    const [name = '', keys] = item.split(':', 2);
    const values = await valuesOf(posix.join(folder, name), parameters);
    if (values === undefined && item !== optional) throw new TemplateProblem(`there is no ${posix.join(folder, name)}`);
    const wanted = keys?.split(',').filter((key) => key !== '');
    const chosen = wanted?.map((key): [string, TemplateValue] => {
      const value = values?.get(key);
      if (value === undefined) throw new TemplateProblem(`there is no "${key}" in ${name}`);
      return [key, value];
    });
    merge(own, into, chosen === undefined ? (values ?? new Map()) : new Map(chosen), parameters);
  }
  return over(own, into);
}

/** What `upper` has goes before what `lower` has. */
export function over(upper: Values, lower: TemplateContext): TemplateContext {
  return upper.size === 0 ? lower : { get: (key) => upper.get(key) ?? lower.get(key) };
}

/** Maps go into maps. @throws TemplateProblem where both define a value, as DVC does */
function merge(own: Map<string, TemplateValue>, below: TemplateContext, update: Values, parameters: Parameters): void {
  parameters.merged += 1 + update.size;
  if (parameters.merged > parameters.limit) {
    throw new TemplateProblem(`its vars, with those of the stages before it, are more than ${parameters.limit} values`);
  }
  for (const [key, value] of update) {
    const old = own.get(key) ?? below.get(key);
    if (old === undefined) own.set(key, value);
    else if (old instanceof Map && value instanceof Map) {
      parameters.merged += old.size;
      const both = new Map<string, TemplateValue>(old);
      merge(both, NOTHING, value, parameters);
      own.set(key, both);
    } else throw new TemplateProblem(`"${key}" is defined twice`);
  }
}

const NOTHING: TemplateContext = new Map();

function valuesOf(path: string, parameters: Parameters): Promise<Values | undefined> {
  const known = parameters.files.get(path) ?? readValues(path, parameters.tree);
  parameters.files.set(path, known);
  return known;
}

/** Undefined for a file that is not there. */
async function readValues(path: string, tree: RepositoryTree): Promise<Values | undefined> {
  if (path.startsWith('../') || posix.isAbsolute(path)) throw new TemplateProblem(`${path} is not in the repository`);
  const text = await tree.read(path);
  if (text === undefined) return undefined;
  // What has any other ending is YAML for DVC. Source: dvc/utils/serialize/__init__.py, `LOADERS`.
  if (/\.(toml|py)$/i.test(path)) throw new TemplateProblem(`${path} is neither YAML nor JSON`);
  try {
    const { document } = parseSafeYaml(text, { file: path, aliases: 'bounded', corrupt: corruptPipeline });
    if (document.contents === null) return new Map();
    if (isMap(document.contents)) return valuesIn(templateReader(document)(document.contents));
  } catch (error) {
    throw new TemplateProblem(messageOf(error));
  }
  throw new TemplateProblem(`${path} is no map of names`);
}

function valuesIn(value: TemplateValue): Values {
  return typeof value === 'string' || isList(value) ? new Map() : value;
}
