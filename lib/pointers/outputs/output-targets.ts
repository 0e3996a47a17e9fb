import { posix } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import { wayBelow } from '../../contained-path.ts';
import { type AssayError, assayError } from '../../errors.ts';
import { byCodePoint } from '../code-point-order.ts';
import type { OutputIndex, TrackedOutput } from './tracked-output.ts';

/** An output that a target names, or a part of one. */
export interface TargetedOutput {
  readonly output: TrackedOutput;
  /** Paths inside a tracked folder, relative to it; the whole output when absent. */
  readonly inside?: readonly string[];
}

export interface TargetOptions {
  /** Where targets start from, relative to the repository's top; the top when left out. */
  readonly cwd?: string;
  /** The repository's top, absolute: without it absolute targets name nothing. */
  readonly root?: string;
  /** A folder stands for everything that is tracked below it. */
  readonly recursive?: boolean;
  /** What is a stage's name and a path is the path: where DVC takes paths alone. */
  readonly pathsFirst?: boolean;
}

/** Share of a target's letters that may be otherwise in the name that was meant: it may go on below what is tracked. */
const NEAR = 2 / 3;

/**
 * The outputs that targets name, each once, by path: a tracked path, a path inside a tracked folder, a `.dvc` file,
 * `dvc.yaml`, `dvc.yaml:stage` or `stage` (also a group of `foreach` or `matrix`), and folders with `recursive`.
 * No targets name all outputs. What is a stage's name and a path is the stage, as in DVC (`collect_granular` of
 * dvc/repo/stage.py); `./name` is the path, and so is `name` with `recursive`.
 *
 * @throws E_OUTPUT_TARGET with the nearest known name
 */
export function targetedOutputs(
  index: OutputIndex,
  targets: readonly string[],
  options: TargetOptions = {},
): TargetedOutput[] {
  const { outputs } = index;
  if (targets.length === 0) return outputs.map((output) => ({ output }));
  const find = targetFinder(index, options);
  const inside = new Map<TrackedOutput, Set<string> | undefined>();
  for (const target of targets) {
    const found = find(target);
    if (found.length === 0) throw unknownTarget(index, target, options);
    for (const { output, below } of found) {
      const known = inside.get(output);
      if (below === undefined) inside.set(output, undefined);
      else if (!inside.has(output)) inside.set(output, new Set([below]));
      else known?.add(below);
    }
  }
  return [...inside]
    .sort(([a], [b]) => byCodePoint(a.path, b.path))
    .map(([output, below]) => (below === undefined ? { output } : { output, inside: [...below].sort(byCodePoint) }));
}

/** An output that a target names, and the path in it if that is meant. */
export interface FoundTarget {
  readonly output: TrackedOutput;
  readonly below?: string;
}

/** What a target names, as in `targetedOutputs`; nothing where it is not known. For whoever asks for many, the index is looked up. */
export function targetFinder({ outputs }: OutputIndex, options: TargetOptions): (target: string) => FoundTarget[] {
  const byPath = new Map(outputs.map((output) => [output.path, output]));
  const byFile = Map.groupBy(outputs, (output) => output.declaredIn);
  return (target) => {
    const path = repositoryPath(target, options);
    const declared = path === undefined ? undefined : byFile.get(path);
    if (declared !== undefined) return declared.map((output) => ({ output }));
    const exact = path === undefined ? undefined : byPath.get(path);
    if (exact !== undefined && (options.recursive === true || options.pathsFirst === true)) return [{ output: exact }];
    const staged = ofStage(target, byFile, options);
    if (staged.length > 0) return staged.map((output) => ({ output }));
    if (exact !== undefined) return [{ output: exact }];
    if (path === undefined) return [];
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) {
      const output = byPath.get(folder);
      if (output !== undefined && output.kind !== 'file') return [{ output, below: path.slice(folder.length + 1) }];
    }
    if (options.recursive !== true) return [];
    return outputs.filter((output) => path === '' || output.path.startsWith(`${path}/`)).map((output) => ({ output }));
  };
}

/** The error of a target that names nothing, with the nearest known name. */
export function unknownTarget({ outputs }: OutputIndex, target: string, options: TargetOptions): AssayError {
  return assayError('E_OUTPUT_TARGET', { target, suggestion: suggestion(target, outputs, options) });
}

function ofStage(
  target: string,
  byFile: ReadonlyMap<string, readonly TrackedOutput[]>,
  options: TargetOptions,
): readonly TrackedOutput[] {
  const isNamed = stageNamed(target, options);
  const outputs = byFile.get(stageFile(target, options) ?? '') ?? [];
  return outputs.filter(({ declaredIn, stage }) => stage !== undefined && isNamed(declaredIn, stage));
}

/** The `dvc.yaml` whose stage a target may name. */
function stageFile(target: string, options: TargetOptions): string | undefined {
  const colon = target.lastIndexOf(':');
  return repositoryPath(colon === -1 || colon === 0 ? 'dvc.yaml' : target.slice(0, colon), options);
}

/**
 * Whether a stage is what a target names: `file:stage`, or a stage of the `dvc.yaml` where one is; a group stands for its
 * stages.
 */
export function stageNamed(target: string, options: TargetOptions): (file: string, stage: string) => boolean {
  const path = stageFile(target, options);
  const name = target.slice(target.lastIndexOf(':') + 1);
  return (file, stage) => file === path && (stage === name || stage.startsWith(`${name}@`));
}

/** Relative to the top; undefined for what leads out of the repository. */
function repositoryPath(target: string, { cwd = '', root }: TargetOptions): string | undefined {
  if (target === '') return undefined;
  if (posix.isAbsolute(target)) return root === undefined ? undefined : wayBelow(root, posix.normalize(target));
  const path = posix.join(cwd, target).replace(/\/+$/, '');
  if (path === '.' || path === '') return '';
  return path === '..' || path.startsWith('../') ? undefined : path;
}

function suggestion(target: string, outputs: readonly TrackedOutput[], options: TargetOptions): string | undefined {
  const path = repositoryPath(target, options);
  if (path !== undefined && outputs.some((output) => path === '' || output.path.startsWith(`${path}/`))) {
    return `${target} --recursive`;
  }
  const names = outputs.flatMap(({ path: known, declaredIn, stage }) => [
    known,
    stage === undefined ? declaredIn : `${declaredIn}:${stage}`,
  ]);
  const wanted = path ?? target;
  const near = names.length === 0 ? undefined : closest(wanted, names);
  return near !== undefined && distance(wanted, near) <= wanted.length * NEAR ? near : undefined;
}
