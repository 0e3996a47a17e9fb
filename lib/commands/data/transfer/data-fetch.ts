import { type AssayError, assayError, hasCode } from '../../../errors.ts';
import type { ObjectCache } from '../../../pointers/cache/object-cache.ts';
import { objectsOf } from '../../../pointers/outputs/output-objects.ts';
import type { TargetedOutput } from '../../../pointers/outputs/output-targets.ts';
import type { TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';
import { type FetchResult, fetchOutputs } from '../../../pointers/transfer/fetch-outputs.ts';
import { lacksDigests } from '../../../pointers/versions/complete-versions.ts';
import type { Context } from '../../context.ts';
import type { DataTransferOutput } from '../data-outputs.ts';
import { fileProgress } from '../data-progress.ts';
import { hasRevisions, revisionOutputs } from '../data-revisions.ts';
import { globTargets } from '../data-targets.ts';
import { type DataWorkspace, withWorkspace } from '../data-workspace.ts';
import type { Outcome } from '../outcome.ts';
import { requireParts } from '../require-parts.ts';
import { remoteGroups } from '../store/data-remote.ts';
import type { DataTransferRequest } from './data-push.ts';
import { runCachePart } from './run-cache-part.ts';

/**
 * Brings data from the remote into the cache, as `dvc fetch`. The work tree stays as it is.
 *
 * @throws E_DATA_NO_REMOTE, E_OUTPUT_TARGET, the index's problems, the store's errors
 */
export async function dataFetch(context: Context, request: DataTransferRequest): Promise<Outcome<DataTransferOutput>> {
  return withWorkspace(context, {}, async (workspace) => {
    const targets = request.glob === true ? await globTargets(workspace, request.targets) : request.targets;
    const chosen = await revisionOutputs(context, workspace, targets, request);
    const runs = await runCachePart(context, workspace, 'fetch', request);
    const { transferred, present, failed, written, error } = await fetchAll(context, workspace, chosen, request);
    if (!hasRevisions(request)) requireParts(workspace, chosen);
    return {
      document: {
        ...{ schema: 'assay/data-transfer/1', direction: 'fetch', transferred, present, failed },
        ...(written.length === 0 ? {} : { written: [...written] }),
        ...runs,
      },
      ...(error === undefined ? {} : { error }),
    };
  });
}

export interface Fetched {
  readonly transferred: number;
  readonly present: number;
  readonly failed: DataTransferOutput['failed'];
  /** Outputs whose pointers named no digests yet, as they are now, and those pointers, which were written. */
  readonly completed: ReadonlyMap<TrackedOutput, TrackedOutput>;
  readonly written: readonly string[];
  readonly error?: AssayError;
}

/**
 * Brings what outputs need from their remotes. What the cache has entirely asks no remote at all; what was imported comes from
 * where it was imported from: from another repository always, from an address where no remote has it.
 */
export async function fetchAll(
  context: Context,
  workspace: DataWorkspace,
  asked: readonly TargetedOutput[],
  { remote, jobs }: Pick<DataTransferRequest, 'remote' | 'jobs'>,
): Promise<Fetched> {
  const unhashed = asked.filter(({ output }) => lacksDigests(output));
  const found =
    unhashed.length === 0
      ? { transferred: 0, failed: [], completed: new Map<never, never>(), written: [] }
      : await (await import('./data-fetch-unhashed.ts')).fetchUnhashed(context, workspace, unhashed, { remote, jobs });
  const chosen = asked.map((target) => ({ ...target, output: found.completed.get(target.output) ?? target.output }));
  const wanted = chosen.filter(({ output }) => output.cache && output.push && output.import?.kind !== 'repository');
  const progress = fileProgress(context.progress, 'fetching');
  const sum = { transferred: found.transferred, present: 0 };
  const failures: FetchResult['failed'][number][] = [];
  // A repository that has everything needs no remote.
  const lacking: TargetedOutput[] = [];
  for (const target of wanted) {
    if (isLacking(target, workspace.cache)) lacking.push(target);
    else sum.present += countOf(target, workspace.cache);
  }
  const isAddress = ({ output }: TargetedOutput) => output.import?.kind === 'url';
  const { plain, versioned } = await remoteGroups(context, workspace, lacking, { name: remote, jobs }).catch(
    (error: unknown) => {
      const without = hasCode(error, 'E_DATA_NO_REMOTE') && remote === undefined;
      if (without && lacking.every(isAddress)) return { plain: [], versioned: [] };
      throw error;
    },
  );
  const shown = { onTotal: progress.onTotal, onObject: progress.onFile };
  const note = (result: FetchResult) => {
    sum.transferred += result.fetched;
    sum.present += result.present;
    for (const failure of result.failed) failures.push(failure);
  };
  for (const { store, outputs, ...group } of plain) {
    note(await fetchOutputs(outputs, workspace.cache, store, { ...shown, jobs: group.jobs }));
  }
  for (const { store, outputs, owns, ...group } of versioned) {
    const { fetchVersions } = await import('../../../pointers/versions/fetch-versions.ts');
    note(await fetchVersions(outputs, workspace.cache, store, { ...shown, jobs: group.jobs, owns }));
  }
  progress.end();
  const elsewhere = chosen.filter((target) => isElsewhere(target, workspace.cache));
  const imports =
    elsewhere.length === 0
      ? { brought: [], failed: [], completed: new Map<never, never>(), written: [] }
      : await (await import('../imports/data-fetch-imports.ts')).fetchImports(context, workspace, elsewhere, jobs);
  sum.transferred += imports.brought.length;
  const within = (outputs: readonly { readonly path: string }[], path: string) =>
    outputs.some((output) => path === output.path || path.startsWith(`${output.path}/`));
  // An import that could not be brought from anywhere is told once, by what its own source said.
  const open = failures.filter(
    ({ object }) => !within(imports.brought, object.path) && !within(imports.failed, object.path),
  );
  const told = [...found.failed, ...open.map(({ object: { path }, error }) => ({ path, error })), ...imports.failed];
  const failed = told.map(({ path, error }) => ({ path, code: error.code, reason: error.message }));
  const completed = new Map([...found.completed, ...imports.completed]);
  const all = { ...sum, failed, completed, written: [...found.written, ...imports.written].sort() };
  const [first] = told;
  if (first === undefined) return all;
  if (told.length === 1) return { ...all, error: first.error };
  const details = { verb: 'fetch', what: 'objects could not be brought', count: failed.length, first: first.path };
  return { ...all, error: assayError('E_DATA_INCOMPLETE', details, first.error) };
}

/** Whether an output has to come from where it was imported from. */
function isElsewhere(target: TargetedOutput, cache: ObjectCache): boolean {
  const { import: from, md5 } = target.output;
  if (from === undefined || from.kind === 'database') return false;
  return md5 === undefined || isLacking(target, cache);
}

/** Whether the cache lacks something of an output. */
export function isLacking(target: TargetedOutput, cache: ObjectCache): boolean {
  const set = objectsOf(target, cache);
  const { md5, files, hash } = target.output;
  // DVC wants the listing of a folder too, where we go by its pointer.
  if (files !== undefined && md5 !== undefined && !cache.has(md5, hash)) return true;
  return set !== undefined && (set.files === undefined || set.files.some(({ md5, hash }) => !cache.has(md5, hash)));
}

function countOf(target: TargetedOutput, cache: ObjectCache): number {
  const set = objectsOf(target, cache);
  return (set?.listing === undefined ? 0 : 1) + (set?.files?.length ?? 0);
}
