import { posix } from 'node:path';
import { isMap } from 'yaml';
import { type AssayError, assayError, messageOf } from '../errors.ts';
import type { RepositoryTree } from './repository-tree.ts';
import { parseSafeYaml, type YamlPlace } from './safe-yaml.ts';
import { mergeContext, type TemplateContext, TemplateProblem, type TemplateValue, templateValue } from './template.ts';

interface VarsFrom {
  readonly folder: string;
  readonly tree: RepositoryTree;
  /** The one file that need not be there. */
  readonly optional?: string;
}

/**
 * What `vars:` name, merged into a context: values of their own, parameters files, or some keys of one.
 *
 * @throws TemplateProblem
 */
export async function loadVars(
  vars: readonly TemplateValue[],
  into: TemplateContext,
  { folder, tree, optional }: VarsFrom,
): Promise<TemplateContext> {
  let context = into;
  const loaded = new Set<string>();
  for (const item of vars) {
    if (typeof item !== 'string') {
      context = mergeContext(context, toContext(item));
      continue;
    }
    if (loaded.has(item)) continue;
    loaded.add(item);
    const [name = '', keys] = item.split(':', 2);
    const values = await paramsFile(posix.join(folder, name), tree, item === optional);
    const wanted = keys?.split(',').filter((key) => key !== '');
    for (const key of wanted ?? []) {
      if (!values.has(key)) throw new TemplateProblem(`there is no "${key}" in ${name}`);
    }
    context = mergeContext(
      context,
      wanted === undefined ? values : new Map([...values].filter(([key]) => wanted.includes(key))),
    );
  }
  return context;
}

async function paramsFile(path: string, tree: RepositoryTree, optional: boolean): Promise<TemplateContext> {
  if (path.startsWith('../') || posix.isAbsolute(path)) throw new TemplateProblem(`${path} is not in the repository`);
  const text = await tree.read(path);
  if (text === undefined) {
    if (optional) return new Map();
    throw new TemplateProblem(`there is no ${path}`);
  }
  if (!/\.(ya?ml|json)$/i.test(path)) throw new TemplateProblem(`${path} is neither YAML nor JSON`);
  try {
    const { document } = parseSafeYaml(text, { file: path, aliases: 'bounded', corrupt });
    if (document.contents === null) return new Map();
    if (isMap(document.contents)) return toContext(templateValue(document.contents, document));
  } catch (error) {
    throw new TemplateProblem(messageOf(error));
  }
  throw new TemplateProblem(`${path} is no map of names`);
}

function toContext(value: TemplateValue): TemplateContext {
  return value instanceof Map ? value : new Map();
}

function corrupt(place: YamlPlace, reason: string, cause?: unknown): AssayError {
  return assayError('E_DVC_PIPELINE', { ...place, reason }, cause);
}
