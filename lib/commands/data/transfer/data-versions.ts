import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { assayError } from '../../../errors.ts';
import type { ObjectCache } from '../../../pointers/cache/object-cache.ts';
import { parseDvcFile, placeOfOutput } from '../../../pointers/formats/dvc-file.ts';
import { dvcLockYaml, stagesPath } from '../../../pointers/formats/dvc-lock.ts';
import { parseDvcYaml } from '../../../pointers/formats/dvc-yaml.ts';
import { listingIfAny } from '../../../pointers/listings/load-listing.ts';
import type { TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';
import { workTree } from '../../../pointers/repository-tree.ts';
import type { PushedVersions } from '../../../pointers/versions/push-versions.ts';
import { type RecordedVersions, recordedVersions, recordVersions } from '../../../pointers/versions/record-versions.ts';
import type { Context } from '../../context.ts';
import type { DataWorkspace } from '../data-workspace.ts';
import { stageWritten } from '../stage-written.ts';
import { writeWhole } from '../write-whole.ts';

/**
 * Writes the versions that a push made into `.dvc` files and `dvc.lock`s, where DVC writes them, comments kept.
 *
 * @param remote its name, which goes before the versions
 * @returns the files that were written, sorted; they belong to git
 * @throws E_POINTER_CORRUPT, E_DVC_PIPELINE, E_STORE_WRITE
 */
export async function writeVersions(
  context: Context,
  workspace: DataWorkspace,
  pushed: readonly PushedVersions[],
  remote: string,
): Promise<string[]> {
  const { root, cache } = workspace;
  const written = new Set<string>();
  for (const { output, versions } of pushed) {
    const what = recordedVersions(output, versions, remote, cache);
    if (what === undefined) continue;
    const file = output.declaredIn.replace(/(^|\/)dvc\.yaml$/, '$1dvc.lock');
    const before = readFileSync(join(root, file), 'utf8');
    const text = file.endsWith('.dvc')
      ? inPointer(before, file, output, what)
      : await inLock(before, file, output, what, workspace);
    if (text === before) continue;
    writeWhole(workspace, file, text);
    written.add(file);
  }
  const files = [...written].sort();
  await stageWritten(context, workspace, files);
  return files;
}

function inPointer(text: string, file: string, output: TrackedOutput, what: RecordedVersions): string {
  const index = placeOfOutput(parseDvcFile(text, file), file, output.path);
  return index === -1 ? text : recordVersions(text, file, ['outs', index], what);
}

/** The lock names outputs as `dvc.yaml` writes them, from a folder that only `dvc.yaml` tells. */
async function inLock(
  text: string,
  file: string,
  output: TrackedOutput,
  what: RecordedVersions,
  { root, cache }: DataWorkspace,
): Promise<string> {
  const pipeline = readFileSync(join(root, output.declaredIn), 'utf8');
  const { stages } = await parseDvcYaml(pipeline, output.declaredIn, workTree(root));
  const stage = stages.find(({ name }) => name === output.stage);
  const yaml = dvcLockYaml(text, file);
  const above = [...stagesPath(yaml), output.stage ?? ''];
  const plain: unknown = yaml.document.toJS();
  const locked = above.reduce(valueAt, plain);
  const declared = stage?.outs.find(
    ({ path }) => posix.join(posix.dirname(file), stage.wdir, path).replace(/\/+$/, '') === output.path,
  )?.path;
  const index = listAt(locked, 'outs').findIndex((entry) => valueAt(entry, 'path') === declared);
  if (declared === undefined || index === -1) {
    throw assayError('E_DVC_PIPELINE', { file, reason: `stage ${output.stage}: the output "${output.path}" has gone` });
  }
  const recorded = recordVersions(text, file, [...above, 'outs', index], what);
  return withListedDependencies(recorded, file, above, listAt(locked, 'deps'), cache);
}

/** DVC lists the files of a stage's dependencies too when it writes versions, without sizes: what it would change is no change. */
function withListedDependencies(
  text: string,
  file: string,
  above: readonly string[],
  dependencies: readonly unknown[],
  cache: ObjectCache,
): string {
  let updated = text;
  for (const [index, dependency] of dependencies.entries()) {
    const md5 = valueAt(dependency, 'md5');
    if (typeof md5 !== 'string' || !md5.endsWith('.dir') || valueAt(dependency, 'hash') !== 'md5') continue;
    const files = listingIfAny(cache, md5, 'md5')?.map((entry) => ({ ...entry, isexec: false }));
    if (files !== undefined) updated = recordVersions(updated, file, [...above, 'deps', index], { files });
  }
  return updated;
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const list = valueAt(value, key);
  return Array.isArray(list) ? list : [];
}

function valueAt(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;
}
