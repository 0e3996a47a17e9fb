import type { Decision } from '../../gate/decision.ts';
import { undecided } from '../../gate/undecided.ts';
import type { Registry } from '../../registry/transaction.ts';
import { sameRecipe } from './contest-rows.ts';
import { lookOf, recordLook, spentDecision } from './counted-look.ts';
import type { ScoredOrNot } from './score-available.ts';
import { decideScored } from './score-both.ts';
import type { SealedContest } from './sealed-contest.ts';

/**
 * Opens the sealed half: the look is pushed to the ledger first, and only then is anything computed from the labels
 * (design §5). A crash in between costs the look, never the honesty. When the window's looks are spent the answer is
 * "inconclusive" with the day from which there is a fresh window. Throws E_REGISTRY_*.
 */
export async function sealedLook(registry: Registry, contest: SealedContest, scored: ScoredOrNot): Promise<Decision> {
  const { name, model, stage, rules, rows, candidate, baseline, holder, seedsAnswer } = contest;
  const rest = {
    model: name,
    stage,
    task: model.task,
    rules,
    sameRecipe: sameRecipe(candidate, baseline),
    ...(holder === null ? {} : { stays: holder }),
    ...(seedsAnswer === undefined ? {} : { warnings: [seedsAnswer] }),
  };
  const about = { ...rest, candidate: scored.candidate, baseline: scored.baseline, holdout: rows.facts };
  if ('unavailable' in scored) {
    return undecided(about, { reason: 'baseline-unavailable', detail: scored.unavailable }, { kind: 'fix-input' });
  }
  // Nothing to look at costs no look.
  if (rows.ids.length === 0) return decideScored(rows, scored, rest);
  const counted = await recordLook(registry, lookOf(name, rules, rows, scored));
  if (counted.kind === 'spent') return spentDecision(about, counted.refusal);
  if (counted.kind === 'denied') throw counted.error;
  const { used, budget } = counted;
  return decideScored(rows, scored, { ...rest, looks: { used, budget } });
}
