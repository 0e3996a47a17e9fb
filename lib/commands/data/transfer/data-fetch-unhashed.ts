import { type AssayError, assayError } from '../../../errors.ts';
import type { TargetedOutput } from '../../../pointers/outputs/output-targets.ts';
import type { TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';
import { completeVersions } from '../../../pointers/versions/complete-versions.ts';
import type { Context } from '../../context.ts';
import { fileProgress } from '../data-progress.ts';
import type { DataWorkspace } from '../data-workspace.ts';
import { remoteGroups } from '../store/data-remote.ts';
import { writeVersions } from './data-versions.ts';

export interface FetchedUnhashed {
  /** Files that were brought. */
  readonly transferred: number;
  readonly failed: readonly { readonly path: string; readonly error: AssayError }[];
  /** The outputs as they are now, with their digests. */
  readonly completed: ReadonlyMap<TrackedOutput, TrackedOutput>;
  /** Their pointers, which were written and belong to git. */
  readonly written: readonly string[];
}

/**
 * Brings outputs that are known by versions alone, and writes the digests that they turn out to have into the pointers of the work
 * tree: from then on they are verified like all others. DVC brings them into its cache and leaves the pointers as they are.
 *
 * @param targets whole outputs, whatever part of one was asked for
 * @throws as `remoteGroups`, the store's errors that concern more than one file, E_STORE_WRITE
 */
export async function fetchUnhashed(
  context: Context,
  workspace: DataWorkspace,
  targets: readonly TargetedOutput[],
  { remote, jobs }: { readonly remote?: string | undefined; readonly jobs?: number | undefined },
): Promise<FetchedUnhashed> {
  const completed = new Map<TrackedOutput, TrackedOutput>();
  const failed: { path: string; error: AssayError }[] = [];
  const written = new Set<string>();
  let transferred = 0;
  const own = new Set((await workspace.index()).outputs);
  const { plain, versioned } = await remoteGroups(context, workspace, targets, { name: remote, jobs });
  for (const { store, outputs } of plain) {
    for (const { output } of outputs) {
      const details = { key: `${output.path}, of which only versions are known,`, store: store.describe().title };
      failed.push({ path: output.path, error: assayError('E_STORE_OBJECT_MISSING', details) });
    }
  }
  const progress = fileProgress(context.progress, 'fetching');
  const { staging, cache } = workspace;
  const options = { staging, onTotal: progress.onTotal, onFile: progress.onFile };
  for (const { store, outputs, owns, jobs: parallel, remote: name } of versioned) {
    for (const { output } of outputs) {
      const result = await completeVersions(output, cache, store, { ...options, jobs: parallel, owns });
      transferred += result.brought;
      for (const { object, error } of result.failed) failed.push({ path: object.path, error });
      if (result.completed === undefined) continue;
      completed.set(output, result.completed);
      if (!own.has(output)) continue;
      const { md5, size = 0, cloud } = result.completed;
      const version = { md5, size, version: cloud?.versionId ?? '', tag: cloud?.etag };
      const versions = new Map(output.files === undefined ? [['', version]] : []);
      for (const file of await writeVersions(context, workspace, [{ output: result.completed, versions }], name)) {
        written.add(file);
      }
    }
  }
  progress.end();
  return { transferred, failed, completed, written: [...written].sort() };
}
