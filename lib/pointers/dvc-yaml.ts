import { posix } from 'node:path';
import { isMap } from 'yaml';
import { z } from 'zod';
import { type AssayError, assayError, messageOf } from '../errors.ts';
import { compact } from './compact.ts';
import type { RepositoryTree } from './repository-tree.ts';
import { checkedValue, parseSafeYaml, type SafeYaml, type YamlPlace } from './safe-yaml.ts';
import { generatedStages } from './stage-matrix.ts';
import {
  hasTemplate,
  isList,
  mergeContext,
  resolveText,
  type TemplateContext,
  TemplateProblem,
  type TemplateValue,
  templateValue,
} from './template.ts';

/** One output that a stage declares. */
export interface DeclaredOutput {
  /** As `dvc.lock` knows it: relative to the stage's folder, with everything resolved. */
  readonly path: string;
  readonly cache: boolean;
  readonly push: boolean;
  readonly persist: boolean;
  readonly remote?: string;
}

export interface PipelineStage {
  /** Also of a stage that `foreach` or `matrix` made: `train@a`. */
  readonly name: string;
  /** The folder that paths start from, relative to `dvc.yaml`'s own. */
  readonly wdir: string;
  readonly frozen: boolean;
  readonly outs: readonly DeclaredOutput[];
}

/** The parameters file that DVC reads unasked. */
const DEFAULT_PARAMS = 'params.yaml';

const Flags = z.looseObject({
  cache: z.boolean().optional(),
  push: z.boolean().optional(),
  persist: z.boolean().optional(),
  remote: z.string().optional(),
});
const Out = z.union(
  [z.string().min(1), z.record(z.string().min(1), z.union([z.null(), Flags, z.array(Flags)]))],
  'an output is a path, or a path with its settings',
);
const Outs = z.array(Out).nullish();
const Vars = z.array(z.union([z.string(), z.record(z.string(), z.unknown())])).nullish();
const StageBody = z.looseObject({
  wdir: z.string().nullish(),
  frozen: z.boolean().default(false),
  vars: Vars,
  outs: Outs,
  metrics: Outs,
  plots: Outs,
});
type Body = z.output<typeof StageBody>;
const Definition = z.union([
  z.looseObject({ foreach: z.unknown(), do: StageBody }),
  z.looseObject({ matrix: z.unknown().optional(), foreach: z.undefined().optional(), ...StageBody.shape }),
]);
const PipelineSchema = z.looseObject({ vars: Vars, stages: z.record(z.string(), Definition).nullish() });

export interface Pipeline {
  readonly stages: readonly PipelineStage[];
  /** Stages that could not be resolved; the others stand. */
  readonly problems: readonly AssayError[];
}

/**
 * The stages of a `dvc.yaml` with their outputs. Parameters files are read only where a stage's outputs need them.
 *
 * @param file its path in the repository, for messages and to find the parameters files beside it
 * @throws E_DVC_PIPELINE with line and column
 */
export async function parseDvcYaml(text: string, file: string, tree: RepositoryTree): Promise<Pipeline> {
  const yaml = parseSafeYaml(text, { file, aliases: 'bounded', corrupt });
  const { stages } = checkedValue(yaml, PipelineSchema, { file, corrupt });
  const found: PipelineStage[] = [];
  const problems: AssayError[] = [];
  let shared: Promise<TemplateContext> | undefined;
  const folder = posix.dirname(file);
  const common = () => {
    shared ??= loadVars([DEFAULT_PARAMS, ...varsAt(yaml, ['vars'])], new Map(), {
      folder,
      tree,
      optional: DEFAULT_PARAMS,
    });
    return shared;
  };
  for (const [name, definition] of Object.entries(stages ?? {})) {
    const path = ['stages', name];
    try {
      const vars = varsAt(yaml, [...path, ...('do' in definition ? ['do'] : []), 'vars']);
      found.push(...(await stagesOf(name, definition, { yaml, path, common, folder, tree, vars })));
    } catch (error) {
      if (!(error instanceof TemplateProblem)) throw error;
      problems.push(assayError('E_DVC_TEMPLATE', { ...yaml.place(path), stage: name, reason: error.message }, error));
    }
  }
  return { stages: found, problems };
}

interface Resolving {
  readonly yaml: SafeYaml;
  readonly path: readonly string[];
  readonly common: () => Promise<TemplateContext>;
  readonly folder: string;
  readonly tree: RepositoryTree;
  /** The stage's own `vars:`. */
  readonly vars: readonly TemplateValue[];
}

/** `vars:` as they are written, because `1.0` has to stay `1.0`. */
function varsAt({ document }: SafeYaml, path: readonly string[]): readonly TemplateValue[] {
  const node = document.getIn(path, true);
  const vars = node === undefined ? [] : templateValue(node, document);
  return isList(vars) ? vars : [];
}

async function stagesOf(
  name: string,
  definition: z.output<typeof Definition>,
  at: Resolving,
): Promise<PipelineStage[]> {
  const kind = 'do' in definition ? 'foreach' : definition.matrix === undefined ? undefined : 'matrix';
  const body: Body = 'do' in definition ? (definition.do as Body) : (definition as Body);
  if (kind === undefined) return [await stageOf(name, body, at, new Map())];
  const node = at.yaml.document.getIn([...at.path, kind], true);
  const data = templateValue(node, at.yaml.document);
  const context = hasTemplate(JSON.stringify(definition[kind]) ?? '') ? await at.common() : new Map();
  const stages: PipelineStage[] = [];
  for (const { key, context: own } of generatedStages(kind, data, context)) {
    stages.push(await stageOf(`${name}@${key}`, body, at, own));
  }
  return stages;
}

async function stageOf(name: string, body: Body, at: Resolving, own: TemplateContext): Promise<PipelineStage> {
  const declared = [...(body.outs ?? []), ...(body.metrics ?? []), ...(body.plots ?? [])].flatMap(flagged);
  const needed = [body.wdir ?? '', ...declared.map((out) => out.path)].some(hasTemplate);
  let context = own;
  let wdir = body.wdir || '.';
  if (needed) {
    // What `foreach` sets goes before what the files say.
    context = new Map([...(await at.common()), ...own]);
    wdir = resolveText(wdir, context);
    const folder = posix.join(at.folder, wdir);
    context = await loadVars(at.vars, context, { folder, tree: at.tree });
  }
  const outs = declared.map((out) => (needed ? { ...out, path: resolveText(out.path, context) } : out));
  return { name, wdir, frozen: body.frozen, outs };
}

function flagged(out: z.output<typeof Out>): DeclaredOutput[] {
  if (typeof out === 'string') return [{ path: out, cache: true, push: true, persist: false }];
  return Object.entries(out).map(([path, settings]) => {
    const flags = Array.isArray(settings) ? Object.assign({}, ...settings) : (settings ?? {});
    const { cache = true, push = true, persist = false, remote }: z.output<typeof Flags> = flags;
    return compact({ path, cache, push, persist, remote });
  });
}

interface VarsFrom {
  readonly folder: string;
  readonly tree: RepositoryTree;
  /** The one file that need not be there. */
  readonly optional?: string;
}

async function loadVars(
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
