import { Decision } from '../../gate/decision.ts';
import type { GateRules } from '../../gate/rules.ts';
import type { VersionRecord } from '../../registry/records.ts';
import type { Snapshot } from '../../registry/snapshot.ts';
import type { Context } from '../context.ts';
import { readDocument } from '../registry/open-registry.ts';

/**
 * What a version's recipe was found to be over several seeds when the version was registered; undefined where the rules
 * ask for one training. A promotion judges the version alone: it is what serves, and other seeds are other models.
 */
export async function answerOverSeeds(
  context: Context,
  snapshot: Snapshot,
  { model, decision: digest, version }: VersionRecord,
  { seeds }: Pick<GateRules, 'seeds'>,
): Promise<string | undefined> {
  if (seeds === undefined) return undefined;
  const judged =
    digest === undefined
      ? undefined
      : await readDocument(context, snapshot, { model, kind: 'decisions', digest }, Decision);
  const count = judged?.seeds?.length ?? 1;
  if (judged === undefined || count < seeds) {
    return `the recipe of ${version} was never judged over ${seeds} seeds: it was registered with ${count}`;
  }
  return `over ${count} seeds the recipe of ${version} was judged "${judged.verdict}" on the development half, when it was registered`;
}
