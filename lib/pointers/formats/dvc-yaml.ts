import { posix } from 'node:path';
import { z } from 'zod';
import { type AssayError, assayError } from '../../errors.ts';
import { compact } from '../compact.ts';
import { type ShownFiles, type ShownType, shownFiles } from '../outputs/shown-files.ts';
import type { RepositoryTree } from '../repository-tree.ts';
import { corruptPipeline } from './corrupt-pipeline.ts';
import { checkedValue, parseSafeYaml } from './safe-yaml.ts';
import { generatedStages, refuseTooMany } from './stage-matrix.ts';
import {
  hasTemplate,
  isList,
  resolveText,
  type TemplateContext,
  TemplateProblem,
  type TemplateValue,
  templateReader,
} from './template.ts';
import { loadVars, openParameters, over, type Parameters } from './template-vars.ts';

/** One output that a stage declares. */
export interface DeclaredOutput {
  /** As `dvc.lock` knows it: relative to the stage's folder, with everything resolved. */
  readonly path: string;
  readonly cache: boolean;
  readonly push: boolean;
  readonly persist: boolean;
  readonly remote?: string;
  /** Under which key it stands, where that is not `outs`. */
  readonly shown?: ShownType;
}

export interface PipelineStage {
  /** Also of a stage that `foreach` or `matrix` made: `train@a`. */
  readonly name: string;
  /** The folder that paths start from, relative to `dvc.yaml`'s own. */
  readonly wdir: string;
  readonly frozen: boolean;
  readonly outs: readonly DeclaredOutput[];
  /** Files and folders that it is made of, as `outs`; with `inputs`. */
  readonly deps?: readonly string[];
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
  deps: z.unknown().optional(),
  outs: Outs,
  metrics: Outs,
  plots: Outs,
});
type Body = z.output<typeof StageBody>;
const Definition = z.union([
  z.looseObject({ foreach: z.unknown(), do: StageBody }),
  z.looseObject({ matrix: z.unknown().optional(), foreach: z.undefined().optional(), ...StageBody.shape }),
]);
const PipelineSchema = z.looseObject({
  vars: Vars,
  stages: z.record(z.string(), Definition).nullish(),
  metrics: z.unknown().optional(),
  plots: z.unknown().optional(),
});

export interface Pipeline {
  readonly stages: readonly PipelineStage[];
  /** Stages that could not be resolved; the others stand. */
  readonly problems: readonly AssayError[];
  /** What it shows beside its stages; with `inputs`. */
  readonly shown?: ShownFiles;
}

export interface PipelineOptions {
  /** Also what stages are made of and what is shown beside them, which most verbs do not need. */
  readonly inputs?: boolean;
  /** Of `tree`, shared between its pipelines. */
  readonly parameters?: Parameters;
}

/**
 * The stages of a `dvc.yaml` with their outputs. Parameters files are read only where a stage's outputs need them.
 *
 * @param file its path in the repository, for messages and to find the parameters files beside it
 * @throws E_DVC_PIPELINE with line and column
 */
export async function parseDvcYaml(
  text: string,
  file: string,
  tree: RepositoryTree,
  { inputs = false, parameters = openParameters(tree) }: PipelineOptions = {},
): Promise<Pipeline> {
  const yaml = parseSafeYaml(text, { file, aliases: 'bounded', corrupt: corruptPipeline });
  const { stages, metrics, plots } = checkedValue(yaml, PipelineSchema, { file, corrupt: corruptPipeline });
  const found: PipelineStage[] = [];
  const problems: AssayError[] = [];
  let shared: Promise<TemplateContext> | undefined;
  const folder = posix.dirname(file);
  const read = templateReader(yaml.document);
  const valueAt = (path: readonly string[]) => read(yaml.node(path));
  const varsAt = (path: readonly string[]) => varsIn(yaml.node(path) === undefined ? [] : valueAt(path));
  const common = () => {
    shared ??= loadVars([DEFAULT_PARAMS, ...varsAt(['vars'])], NOTHING, {
      folder,
      parameters,
      optional: DEFAULT_PARAMS,
    });
    return shared;
  };
  const pipeline = { common, folder, parameters, inputs, generated: { count: 0 }, valueAt };
  for (const [name, definition] of Object.entries(stages ?? {})) {
    const path = ['stages', name];
    try {
      const vars = varsAt([...path, ...('do' in definition ? ['do'] : []), 'vars']);
      for (const stage of await stagesOf(name, definition, { ...pipeline, path, vars })) found.push(stage);
    } catch (error) {
      if (!(error instanceof TemplateProblem)) throw error;
      problems.push(assayError('E_DVC_TEMPLATE', { ...yaml.place(path), stage: name, reason: error.message }, error));
    }
  }
  if (!inputs) return { stages: found, problems };
  try {
    return { stages: found, problems, shown: await resolvedShown(shownFiles(metrics, plots), common) };
  } catch (error) {
    if (!(error instanceof TemplateProblem)) throw error;
    throw corruptPipeline(yaml.place([]), error.message, error);
  }
}

interface Resolving {
  readonly valueAt: (path: readonly string[]) => TemplateValue;
  readonly path: readonly string[];
  readonly common: () => Promise<TemplateContext>;
  readonly folder: string;
  readonly parameters: Parameters;
  /** The stage's own `vars:`. */
  readonly vars: readonly TemplateValue[];
  readonly inputs: boolean;
  /** What `foreach` and `matrix` of this file have made so far. */
  readonly generated: { count: number };
}

const NOTHING: TemplateContext = new Map();

/** `vars:` as they are written, because `1.0` has to stay `1.0`. */
function varsIn(vars: TemplateValue): readonly TemplateValue[] {
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
  const data = at.valueAt([...at.path, kind]);
  const context = hasTemplate(JSON.stringify(definition[kind]) ?? '') ? await at.common() : NOTHING;
  const stages: PipelineStage[] = [];
  const generated = generatedStages(kind, data, context);
  refuseTooMany(at.generated.count + generated.length);
  at.generated.count += generated.length;
  for (const { key, context: own } of generated) {
    stages.push(await stageOf(`${name}@${key}`, body, at, own));
  }
  return stages;
}

async function stageOf(
  name: string,
  body: Body,
  at: Resolving,
  own: ReadonlyMap<string, TemplateValue>,
): Promise<PipelineStage> {
  const declared = [
    ...(body.outs ?? []).flatMap((out) => flagged(out)),
    ...(body.metrics ?? []).flatMap((out) => flagged(out, at.inputs ? 'metrics' : undefined)),
    ...(body.plots ?? []).flatMap((out) => flagged(out, at.inputs ? 'plots' : undefined)),
  ];
  const used = at.inputs && Array.isArray(body.deps) ? body.deps.filter((one) => typeof one === 'string') : [];
  const needed = [body.wdir ?? '', ...declared.map((out) => out.path), ...used].some(hasTemplate);
  let context: TemplateContext = own;
  let wdir = body.wdir || '.';
  if (needed) {
    // What `foreach` sets goes before what the files say.
    context = over(own, await at.common());
    wdir = resolveText(wdir, context);
    const folder = posix.join(at.folder, wdir);
    context = await loadVars(at.vars, context, { folder, parameters: at.parameters });
  }
  const outs = declared.map((out) => (needed ? { ...out, path: resolveText(out.path, context) } : out));
  const deps = at.inputs ? { deps: needed ? resolvedTexts(used, context) : used } : {};
  return { name, wdir, frozen: body.frozen, outs, ...deps };
}

async function resolvedShown(
  { metrics, plots }: ShownFiles,
  common: () => Promise<TemplateContext>,
): Promise<ShownFiles> {
  const context: TemplateContext = [...metrics, ...plots].some(hasTemplate) ? await common() : NOTHING;
  return { metrics: resolvedTexts(metrics, context), plots: resolvedTexts(plots, context) };
}

function resolvedTexts(texts: readonly string[], context: TemplateContext): string[] {
  return texts.map((text) => resolveText(text, context));
}

function flagged(out: z.output<typeof Out>, shown?: ShownType): DeclaredOutput[] {
  if (typeof out === 'string') return [compact({ path: out, cache: true, push: true, persist: false, shown })];
  return Object.entries(out).map(([path, settings]) => {
    const flags = Array.isArray(settings) ? Object.assign({}, ...settings) : (settings ?? {});
    const { cache = true, push = true, persist = false, remote }: z.output<typeof Flags> = flags;
    return compact({ path, cache, push, persist, remote, shown });
  });
}
