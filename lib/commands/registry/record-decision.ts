import { canonicalFile, digestOf } from '../../digest.ts';
import type { Decision } from '../../gate/decision.ts';
import { documentPath } from '../../registry/layout.ts';
import { eventTime, type Planner } from '../../registry/plan.ts';
import type { Registry } from '../../registry/transaction.ts';

/** Keeps a decision that changed nothing: a "no" is part of the history too. `documents`: more to keep, by path. */
export async function recordDecision(
  registry: Registry,
  model: string,
  decision: Decision,
  documents: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const digest = digestOf(decision);
  const path = documentPath(model, 'decisions', digest);
  const planner: Planner<null> = (state, { now }) => {
    if (state.paths.has(path)) return { kind: 'nothing', result: null };
    const change = {
      files: new Map([[path, canonicalFile(decision)], ...[...documents].filter(([one]) => !state.paths.has(one))]),
      tags: [],
      summary: `Record the decision on ${model}: ${decision.verdict}`,
      trailers: [`Assay-Event: decide ${model} ${decision.verdict} ${digest}`],
      at: eventTime(0, now),
    };
    return { kind: 'change', change, result: null };
  };
  await registry.transact(planner);
}
