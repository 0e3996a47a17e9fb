import type { Decision } from '../gate/decision.ts';
import type { LookRequest } from '../registry/look.ts';
import type { Registry } from '../registry/transaction.ts';
import type { Evaluation, PendingLook } from '../report/evaluation.ts';
import type { Context } from './context.ts';
import { recordLook, spentDecision, withheldDecision } from './counted-look.ts';
import { projectRegistry } from './open-registry.ts';

/**
 * Records the looks that an evaluation rests on, one by one, and returns what may be shown (design §5): a decision whose
 * look is in the ledger as it is; one whose window is spent, or whose look cannot be recorded here, without a number.
 * Evaluations of holdouts with halves come back unchanged, and the registry is not asked.
 */
export async function settleLooks(context: Context, evaluation: Evaluation): Promise<Evaluation> {
  const { looks = [], ...rest } = evaluation;
  if (!looksAtWhole(evaluation)) return rest;
  const registry = projectRegistry(context);
  const settle = async (decisions: readonly Decision[]): Promise<Decision[]> => {
    const settled: Decision[] = [];
    for (const decision of decisions) settled.push(await settleOne(registry, decision, looks));
    return settled;
  };
  const decisions = await settle(rest.decisions);
  const { branchDecisions } = rest;
  return {
    ...shownWith(rest, decisions),
    ...(branchDecisions === undefined ? {} : { branchDecisions: await settle(branchDecisions) }),
  };
}

/** The evaluation with these decisions, and of its evidence what belongs to those that show a result. */
function shownWith(evaluation: Evaluation, decisions: Decision[]): Evaluation {
  const { evidence, ...rest } = evaluation;
  const kept = evidence?.filter(({ model, holdout }) =>
    decisions.some((one) => one.model === model && one.holdout.digest === holdout && one.comparisons.length > 0),
  );
  return { ...rest, decisions, ...(kept === undefined || kept.length === 0 ? {} : { evidence: kept }) };
}

/** What a job that cannot record looks may show of an evaluation that it hands over to one that can. */
export function withholdLooks(evaluation: Evaluation): Evaluation {
  const { looks: _handedOver, ...rest } = evaluation;
  const withhold = (decision: Decision): Decision =>
    needsLook(decision) ? withheldDecision(decision, 'look-pending') : decision;
  const { branchDecisions } = rest;
  return {
    ...shownWith(rest, rest.decisions.map(withhold)),
    ...(branchDecisions === undefined ? {} : { branchDecisions: branchDecisions.map(withhold) }),
  };
}

function looksAtWhole({ decisions, branchDecisions = [] }: Evaluation): boolean {
  return [...decisions, ...branchDecisions].some(needsLook);
}

/** A result on a holdout without halves, which nobody may see before the look at it is recorded. */
function needsLook({ holdout, stage, comparisons }: Decision): boolean {
  return holdout.half === 'whole' && stage !== undefined && comparisons.length > 0;
}

async function settleOne(registry: Registry, decision: Decision, looks: readonly PendingLook[]): Promise<Decision> {
  if (!needsLook(decision)) return decision;
  const { rules } = decision;
  const look = looks.find((one) => isOf(one, decision));
  // Decided at another level than one look of so many has, it would not be the look that is counted.
  if (look === undefined || decision.looks?.budget !== rules.looks) {
    return withheldDecision(decision, 'look-not-recorded', 'the job that evaluated did not hand it over');
  }
  const counted = await recordLook(registry, requestOf(look, rules.looks));
  if (counted.kind === 'spent') return spentDecision(decision, counted.refusal);
  if (counted.kind === 'denied') return withheldDecision(decision, 'look-not-recorded', counted.error.message);
  return { ...decision, looks: { used: counted.used, budget: counted.budget } };
}

function isOf(look: PendingLook, { model, holdout, rulesDigest, candidate, baseline }: Decision): boolean {
  return (
    look.model === model &&
    look.holdout === holdout.digest &&
    look.rules === rulesDigest &&
    [candidate, baseline].every(({ predictions }) => look.predictions.includes(predictions))
  );
}

function requestOf({ from, to, ...look }: PendingLook, budget: number): LookRequest {
  return { ...look, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }), budget };
}
