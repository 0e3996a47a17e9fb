import { requireSound } from '../../pointers/outputs/output-index.ts';
import { type TargetedOutput, targetedOutputs } from '../../pointers/outputs/output-targets.ts';
import type { ShownType } from '../../pointers/outputs/shown-files.ts';
import type { OutputIndex } from '../../pointers/outputs/tracked-output.ts';
import { type RepositoryTree, workTree } from '../../pointers/repository-tree.ts';
import type { DataWorkspace } from './data-workspace.ts';
import { requireParts } from './require-parts.ts';

/** How the outputs are found that a verb's targets mean. */
export interface TargetScope {
  /** Folders stand for everything that is tracked below them. */
  readonly recursive?: boolean;
  /** Also what the stages upstream of the targets make. */
  readonly withDeps?: boolean;
  /** Only what DVC shows as such. */
  readonly types?: readonly ShownType[] | undefined;
  /** Only what is smaller, or of unknown size. Bytes. */
  readonly maxSize?: number | undefined;
}

/**
 * The outputs of an index that targets name, all of them without targets.
 *
 * @param tree where the index was read
 * @throws E_OUTPUT_TARGET, E_DVC_PIPELINE, E_DVC_TEMPLATE, E_POINTER_CORRUPT
 */
export async function targetsOf(
  index: OutputIndex,
  targets: readonly string[],
  { recursive = false, withDeps = false, types, maxSize }: TargetScope,
  { root, cwd, tree }: Pick<DataWorkspace, 'root' | 'cwd'> & { readonly tree: RepositoryTree },
): Promise<TargetedOutput[]> {
  const options = { root, cwd, recursive };
  let chosen = withDeps
    ? await (await import('../../pointers/outputs/with-dependencies.ts')).targetsWithDependencies(
        index,
        targets,
        options,
        tree,
      )
    : targetedOutputs(index, targets, options);
  if (types !== undefined) {
    const { outputsShown } = await import('../../pointers/outputs/outputs-shown.ts');
    chosen = await outputsShown(chosen, index, types, tree);
  }
  // As in DVC the limit is for outputs, a folder being one.
  return maxSize === undefined ? chosen : chosen.filter(({ output: { size } }) => !size || size < maxSize);
}

/**
 * The targets that patterns name among what the work tree's pointers track.
 *
 * @param patterns as Python's `glob` has them, which DVC takes
 * @throws E_OUTPUT_TARGET for one that names nothing, and the index's problems
 */
export async function globTargets(workspace: DataWorkspace, patterns: readonly string[]): Promise<string[]> {
  const { trackedMatches } = await import('../../pointers/outputs/tracked-matches.ts');
  return trackedMatches(requireSound(await workspace.index()), patterns, workspace);
}

/** Pointers that contradict each other: what one of them says cannot be done without harm to what the other does. */
const OF_TWO: readonly string[] = ['E_OUTPUT_OVERLAP', 'E_POINTER_INSIDE_OUTPUT'];

/**
 * What targets name in the work tree. Where all of it is sound, a file that cannot be read elsewhere does not matter.
 *
 * @throws as `targetsOf`, and the index's problems
 */
export async function workTargets(
  workspace: DataWorkspace,
  targets: readonly string[],
  scope: TargetScope,
): Promise<TargetedOutput[]> {
  const { root, cwd } = workspace;
  const where = { root, cwd, tree: workTree(root) };
  const index = await workspace.index();
  const { problems } = index;
  const named = targets.length > 0 && scope.recursive !== true && scope.withDeps !== true;
  if (!named || problems.some(({ error }) => OF_TWO.includes(error.code))) requireSound(index);
  const chosen = await targetsOf(index, targets, scope, where).catch((error: unknown) => {
    // What is not found may be in a file that cannot be read.
    requireSound(index);
    throw error;
  });
  const files = new Set(chosen.map(({ output }) => output.declaredIn));
  const concerned = problems.find(({ file }) => files.has(file));
  if (concerned !== undefined) throw concerned.error;
  requireParts(workspace, chosen);
  return chosen;
}
