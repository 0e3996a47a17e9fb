import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { assayError } from '../../../errors.ts';
import type { ObjectCache } from '../../../pointers/cache/object-cache.ts';
import { parseDvcFile, placeOfOutput } from '../../../pointers/formats/dvc-file.ts';
import { dvcLockYaml, stagesPath } from '../../../pointers/formats/dvc-lock.ts';
import { type PipelineStage, parseDvcYaml } from '../../../pointers/formats/dvc-yaml.ts';
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
  const written: string[] = [];
  for (const [declaredIn, outputs] of Map.groupBy(pushed, ({ output }) => output.declaredIn)) {
    const pipeline = declaredIn.endsWith('.dvc') ? undefined : await pipelineAt(root, declaredIn);
    const file = pipeline?.lock ?? declaredIn;
    const before = readFileSync(join(root, file), 'utf8');
    let text = before;
    for (const { output, versions } of outputs) {
      const what = recordedVersions(output, versions, remote, cache);
      if (what === undefined) continue;
      text = pipeline === undefined ? inPointer(text, output, what) : inLock(text, pipeline, output, what, cache);
    }
    if (text === before) continue;
    writeWhole(workspace, file, text);
    written.push(file);
  }
  await stageWritten(context, workspace, written.sort());
  return written;
}

/** A `dvc.yaml`, and the file that tells what its stages made. */
interface LockedPipeline {
  readonly lock: string;
  readonly stages: readonly PipelineStage[];
}

async function pipelineAt(root: string, file: string): Promise<LockedPipeline> {
  const { stages } = await parseDvcYaml(readFileSync(join(root, file), 'utf8'), file, workTree(root));
  return { lock: file.replace(/yaml$/, 'lock'), stages };
}

function inPointer(text: string, { declaredIn, path }: TrackedOutput, what: RecordedVersions): string {
  const index = placeOfOutput(parseDvcFile(text, declaredIn), declaredIn, path);
  return index === -1 ? text : recordVersions(text, declaredIn, ['outs', index], what);
}

/** The lock names outputs as `dvc.yaml` writes them, from a folder that only `dvc.yaml` tells. */
function inLock(
  text: string,
  { lock: file, stages }: LockedPipeline,
  output: TrackedOutput,
  what: RecordedVersions,
  cache: ObjectCache,
): string {
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
