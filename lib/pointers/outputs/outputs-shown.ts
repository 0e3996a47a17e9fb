import { posix } from 'node:path';
import type { RepositoryTree } from '../repository-tree.ts';
import type { TargetedOutput } from './output-targets.ts';
import { foldersOf } from './overlapping-outputs.ts';
import type { ShownType } from './shown-files.ts';
import type { OutputIndex } from './tracked-output.ts';

/**
 * Those of `chosen` that DVC shows as metrics or plots, as a whole or in part: what stages declare as such, and what a
 * `dvc.yaml` names beside its stages. Source: dvc/repo/index.py, `_types_filter`.
 *
 * @param tree where the index was read
 * @throws E_DVC_PIPELINE, E_DVC_TEMPLATE
 */
export async function outputsShown(
  chosen: readonly TargetedOutput[],
  { pipelines }: Pick<OutputIndex, 'pipelines'>,
  types: readonly ShownType[],
  tree: RepositoryTree,
): Promise<TargetedOutput[]> {
  const { parseDvcYaml } = await import('../formats/dvc-yaml.ts');
  const shown = new Set<string>();
  for (const file of pipelines) {
    const pipeline = await parseDvcYaml((await tree.read(file)) ?? '', file, tree, { inputs: true });
    const [problem] = pipeline.problems;
    if (problem !== undefined) throw problem;
    const folder = posix.dirname(file);
    for (const { wdir, outs } of pipeline.stages) {
      for (const { path, shown: type } of outs) {
        if (type !== undefined && types.includes(type)) shown.add(posix.join(folder, wdir, path));
      }
    }
    for (const type of types) for (const path of pipeline.shown?.[type] ?? []) shown.add(posix.join(folder, path));
  }
  const above = new Set([...shown].flatMap(foldersOf));
  return chosen.filter(
    ({ output: { path } }) => above.has(path) || [path, ...foldersOf(path)].some((one) => shown.has(one)),
  );
}
