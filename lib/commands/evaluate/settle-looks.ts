import { digestOf } from '../../digest.ts';
import { AssayError } from '../../errors.ts';
import type { Decision } from '../../gate/decision.ts';
import type { GateRules } from '../../gate/rules.ts';
import type { LookRequest } from '../../registry/look.ts';
import type { Registry } from '../../registry/transaction.ts';
import type { Evaluation, PendingLook } from '../../report/evaluation.ts';
import type { Context } from '../context.ts';
import { projectRegistry } from '../registry/open-registry.ts';
import { CANNOT_WRITE, recordLook, spentDecision, withheldDecision } from './counted-look.ts';
import { targetConfig } from './target-project.ts';

/** What is known of the looks without the file that hands them over, which anybody's code may have had a part in. */
interface Settling {
  readonly registry: Registry;
  readonly looks: readonly PendingLook[];
  /** A model's rules on the target branch; undefined where it has none yet. */
  readonly targetRules: (model: string) => GateRules | undefined;
}

/**
 * Records the looks that an evaluation rests on, one by one, and returns what may be shown (design §5): a decision whose
 * look is in the ledger as it is; one whose window is spent, or whose look cannot be recorded here, without a number.
 * A decision that is not by the target branch's rules is not believed, and no look is had for more than their budget.
 * Evaluations of holdouts with halves come back unchanged, and the registry is not asked.
 *
 * @param base the target branch's commit, from the event; without it there is no target to hold the rules against
 */
export async function settleLooks(context: Context, evaluation: Evaluation, base?: string): Promise<Evaluation> {
  const { looks = [], ...rest } = evaluation;
  if (!looksAtWhole(evaluation)) return rest;
  const targetRules = await rulesAtBase(context, base);
  const settling = { registry: projectRegistry(context), looks };
  const settle = async (decisions: readonly Decision[], counts: boolean): Promise<Decision[]> => {
    const settled: Decision[] = [];
    for (const decision of decisions) {
      const shown = !needsLook(decision)
        ? decision
        : targetRules instanceof AssayError
          ? withheldDecision(decision, 'look-not-recorded', targetRules.message)
          : await settleOne({ ...settling, targetRules }, decision, counts);
      settled.push(shown);
    }
    return settled;
  };
  const decisions = await settle(rest.decisions, true);
  const { branchDecisions } = rest;
  return {
    ...shownWith(rest, decisions),
    ...(branchDecisions === undefined ? {} : { branchDecisions: await settle(branchDecisions, false) }),
  };
}

/** The rules of the target branch by model; the error of somebody who has no repository to read or write. */
async function rulesAtBase(context: Context, base: string | undefined): Promise<Settling['targetRules'] | AssayError> {
  if (base === undefined) return () => undefined;
  try {
    const config = await targetConfig(context, { root: context.root }, base);
    return (model) =>
      config !== undefined && Object.hasOwn(config.models, model) ? config.models[model]?.gate : undefined;
  } catch (error) {
    if (error instanceof AssayError && CANNOT_WRITE.has(error.code)) return error;
    throw error;
  }
}

/** The evaluation with these decisions, and of its evidence what belongs to those that show a result. */
function shownWith(evaluation: Evaluation, decisions: Decision[]): Evaluation {
  const { evidence, ...rest } = evaluation;
  const kept = evidence?.filter(({ model, holdout }) =>
    decisions.some((one) => one.model === model && one.holdout.digest === holdout && one.comparisons.length > 0),
  );
  return { ...rest, decisions, ...(kept === undefined || kept.length === 0 ? {} : { evidence: kept }) };
}

/**
 * What a job that cannot record looks may show of an evaluation that it hands over to one that can.
 *
 * @param reason `look-of-fork` where no such job follows: nobody records looks for a stranger's code
 */
export function withholdLooks(
  evaluation: Evaluation,
  reason: 'look-pending' | 'look-of-fork' = 'look-pending',
): Evaluation {
  const { looks: _handedOver, ...rest } = evaluation;
  const withhold = (decision: Decision): Decision =>
    needsLook(decision) ? withheldDecision(decision, reason) : decision;
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

async function settleOne(
  { registry, looks, targetRules }: Settling,
  decision: Decision,
  counts: boolean,
): Promise<Decision> {
  const { rules, rulesDigest } = decision;
  const refused = (detail: string) => withheldDecision(decision, 'look-not-recorded', detail);
  const target = targetRules(decision.model);
  if (digestOf(rules) !== rulesDigest) return refused('its rules are not those of their digest');
  if (counts && target !== undefined && digestOf(target) !== rulesDigest) {
    return refused("it was not judged by the target branch's rules");
  }
  const budget = target?.looks ?? rules.looks;
  const look = looks.find((one) => isOf(one, decision));
  // Decided at another level than one look of so many has, it would not be the look that is counted.
  if (look === undefined || decision.looks?.budget !== rules.looks) {
    return refused('the job that evaluated did not hand it over');
  }
  if (rules.looks > budget) return refused(`its rules grant ${rules.looks} looks, the target branch's ${budget}`);
  const counted = await recordLook(registry, requestOf(look, rules.looks));
  if (counted.kind === 'spent') return spentDecision(decision, counted.refusal);
  if (counted.kind === 'denied') return refused(counted.error.message);
  return { ...decision, looks: { used: counted.used, budget: counted.budget } };
}

/** The look is the one that the decision rests on: at the same rows, by the same rules, of the same predictions. */
function isOf(look: PendingLook, { model, holdout, rulesDigest, candidate, baseline }: Decision): boolean {
  return (
    look.model === model &&
    look.holdout === holdout.digest &&
    look.rules === rulesDigest &&
    look.rows === holdout.rows &&
    look.from === holdout.from &&
    look.to === holdout.to &&
    [candidate, baseline].every(({ predictions }) => look.predictions.includes(predictions))
  );
}

function requestOf({ from, to, ...look }: PendingLook, budget: number): LookRequest {
  return { ...look, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }), budget };
}
