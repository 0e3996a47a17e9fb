import type { EarlierContests } from '../../gate/holdout/holdout-window.ts';
import type { VersionRecord } from '../../registry/records.ts';
import type { Snapshot } from '../../registry/snapshot.ts';
import { RunRecord } from '../../train/run-record.ts';
import type { Context } from '../context.ts';
import { readDocument } from '../registry/open-registry.ts';

/**
 * What the registry knows of a model's earlier contests: all of its versions, those too that a rollback has left, and
 * the looks of the ledger. Throws E_REGISTRY_CORRUPT.
 */
export async function earlierContests(
  context: Context,
  snapshot: Snapshot | undefined,
  model: string,
): Promise<EarlierContests> {
  const state = snapshot?.state.models.get(model);
  if (snapshot === undefined || state === undefined) return { learntUntil: [], lookedFrom: [] };
  const ends: number[] = [];
  for (const version of state.versions.values()) ends.push(...(await endsOf(context, snapshot, version)));
  return {
    learntUntil: ends,
    lookedFrom: state.looks.flatMap(({ from }) => (from === undefined ? [] : [Date.parse(from)])),
  };
}

/** By its own record, else (a version from before that was written down) by its run's. */
async function endsOf(context: Context, snapshot: Snapshot, { model, run, lineage }: VersionRecord): Promise<number[]> {
  const { learntUntil: end } = lineage;
  if (end === null) return [];
  if (end !== undefined) return [Date.parse(end)];
  return learntUntil(await readDocument(context, snapshot, { model, kind: 'runs', digest: run }, RunRecord));
}

/** Where a run's training and tuning ended (ms), for rows with a time. */
export function learntUntil({ inputs }: Pick<RunRecord, 'inputs'>): number[] {
  return [inputs.data, ...(inputs.tuned ?? [])].flatMap(({ to }) => (to === undefined ? [] : [Date.parse(to)]));
}
