import { posix } from 'node:path';
import { byCodePoint } from '../code-point-order.ts';
import { readPlainPointer } from '../formats/plain-pointer.ts';
import type { RepositoryTree } from '../repository-tree.ts';
import {
  stageNamed,
  type TargetedOutput,
  type TargetOptions,
  targetedOutputs,
  targetFinder,
  unknownTarget,
} from './output-targets.ts';
import { foldersOf } from './overlapping-outputs.ts';
import type { OutputIndex, TrackedOutput } from './tracked-output.ts';

/** A stage of a `dvc.yaml`, or a `.dvc` file. */
interface Stage {
  readonly file: string;
  readonly stage?: string | undefined;
}

/** A stage and the paths that it is made of, from the repository's top. */
interface MadeOf extends Stage {
  readonly deps: readonly string[];
}

/**
 * The outputs that targets name and, whole, those of every stage that theirs are made of, back to the first. Unlike in DVC, a
 * target may be an output's path too: DVC then brings that one alone.
 *
 * @param tree where the index was read
 * @throws E_OUTPUT_TARGET, E_DVC_PIPELINE, E_DVC_TEMPLATE, E_POINTER_CORRUPT
 */
export async function targetsWithDependencies(
  index: OutputIndex,
  targets: readonly string[],
  options: TargetOptions,
  tree: RepositoryTree,
): Promise<TargetedOutput[]> {
  if (targets.length === 0) return targetedOutputs(index, targets, options);
  const pipelines = (await Promise.all(index.pipelines.map((file) => stagesOf(file, tree)))).flat();
  const find = targetFinder(index, options);
  const known: string[] = [];
  const open: Stage[] = [];
  for (const target of targets) {
    if (find(target).length > 0) {
      known.push(target);
      continue;
    }
    // A stage without outputs is made of something all the same.
    const isNamed = stageNamed(target, options);
    const stages = pipelines.filter(({ file, stage }) => stage !== undefined && isNamed(file, stage));
    if (stages.length === 0) throw unknownTarget(index, target, options);
    for (const stage of stages) open.push(stage);
  }
  const named = known.length === 0 ? [] : targetedOutputs(index, known, options);
  for (const { output } of named) open.push(stageOf(output));
  const upstream = await outputsAbove(open, index, { pipelines, tree });
  return merged(named, upstream);
}

async function outputsAbove(
  start: readonly Stage[],
  { outputs }: OutputIndex,
  { pipelines, tree }: { readonly pipelines: readonly MadeOf[]; readonly tree: RepositoryTree },
): Promise<Set<TrackedOutput>> {
  const stages = new Map(pipelines.map((stage) => [keyOf(stage), stage]));
  const made = Map.groupBy(outputs, (output) => keyOf(stageOf(output)));
  const overlapping = overlapFinder(outputs);
  const upstream = new Set<TrackedOutput>();
  const seen = new Set<string>();
  const open = [...start];
  for (let stage = open.pop(); stage !== undefined; stage = open.pop()) {
    const key = keyOf(stage);
    if (seen.has(key)) continue;
    seen.add(key);
    const deps = stage.stage === undefined ? await pointerDeps(stage.file, tree) : (stages.get(key)?.deps ?? []);
    for (const used of deps.flatMap(overlapping)) {
      // What a stage makes comes together.
      if (upstream.has(used)) continue;
      open.push(stageOf(used));
      for (const output of made.get(keyOf(stageOf(used))) ?? []) upstream.add(output);
    }
  }
  return upstream;
}

/** Whole outputs go before parts of them. */
function merged(named: readonly TargetedOutput[], upstream: ReadonlySet<TrackedOutput>): TargetedOutput[] {
  const parts = new Map<TrackedOutput, Set<string> | undefined>([...upstream].map((output) => [output, undefined]));
  for (const { output, inside } of named) {
    if (inside === undefined) parts.set(output, undefined);
    else if (!parts.has(output)) parts.set(output, new Set(inside));
    else for (const part of inside) parts.get(output)?.add(part);
  }
  return [...parts]
    .sort(([a], [b]) => byCodePoint(a.path, b.path))
    .map(([output, inside]) => (inside === undefined ? { output } : { output, inside: [...inside].sort(byCodePoint) }));
}

/** The stages of a `dvc.yaml`. @throws the first of its problems */
async function stagesOf(file: string, tree: RepositoryTree): Promise<MadeOf[]> {
  const { parseDvcYaml } = await import('../formats/dvc-yaml.ts');
  const { stages, problems } = await parseDvcYaml((await tree.read(file)) ?? '', file, tree, { inputs: true });
  const [problem] = problems;
  if (problem !== undefined) throw problem;
  return stages.map(({ name, wdir, deps = [] }) => ({
    ...{ file, stage: name },
    deps: deps.map((dep) => fromTop(dep, file, wdir)),
  }));
}

async function pointerDeps(file: string, tree: RepositoryTree): Promise<string[]> {
  const text = (await tree.read(file)) ?? '';
  // Most pointers name data alone, and are known by that without YAML.
  if (readPlainPointer(text) !== undefined) return [];
  const { dvcFileDependencies } = await import('../formats/dvc-file.ts');
  const { wdir, deps } = dvcFileDependencies(text, file);
  return deps.map((dep) => fromTop(dep, file, wdir));
}

/** What lies outside of the repository overlaps with nothing in it. */
function fromTop(path: string, file: string, wdir: string): string {
  return posix.join(posix.isAbsolute(path) ? '/' : posix.join(posix.dirname(file), wdir), path).replace(/\/+$/, '');
}

/** The outputs that a dependency is, lies in or holds. */
function overlapFinder(outputs: readonly TrackedOutput[]): (dep: string) => readonly TrackedOutput[] {
  const at = Map.groupBy(outputs, ({ path }) => path);
  const below = new Map<string, TrackedOutput[]>();
  for (const output of outputs) {
    for (const folder of foldersOf(output.path)) {
      const members = below.get(folder);
      if (members === undefined) below.set(folder, [output]);
      else members.push(output);
    }
  }
  return (dep) =>
    dep === '.'
      ? outputs
      : [...[dep, ...foldersOf(dep)].flatMap((path) => at.get(path) ?? []), ...(below.get(dep) ?? [])];
}

function stageOf({ declaredIn, stage }: TrackedOutput): Stage {
  return { file: declaredIn, stage };
}

function keyOf({ file, stage = '' }: Stage): string {
  return `${file}\0${stage}`;
}
