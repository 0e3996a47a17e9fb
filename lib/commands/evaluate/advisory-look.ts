import type { Decision } from '../../gate/decision.ts';
import type { Evidence } from '../../gate/evidence/evidence.ts';
import { gatherEvidence } from '../../gate/evidence/gather-evidence.ts';
import { undecided } from '../../gate/undecided.ts';
import type { LookRequest } from '../../registry/look.ts';
import type { Snapshot } from '../../registry/snapshot.ts';
import { projectRegistry } from '../registry/open-registry.ts';
import { developmentThresholds, withThresholds } from './call-thresholds.ts';
import { type ContestPlace, contestRows, sameRecipe } from './contest-rows.ts';
import { type Counted, foreseeLook, lookOf, recordLook, spentDecision, withheldDecision } from './counted-look.ts';
import { type FurtherSides, furtherScores } from './further-scores.ts';
import { oldRecipe } from './old-recipe.ts';
import { scoreAvailable } from './score-available.ts';
import { decideScored, type Scored } from './score-both.ts';
import { findPredictions } from './stored-predictions.ts';

/** A run against a baseline, by one set of rules. */
export interface AdvisoryContest extends ContestPlace, FurtherSides {
  readonly snapshot: Snapshot | undefined;
  readonly name: string;
  readonly stage: string;
  readonly rulesFrom: string | undefined;
  /** What holds the stage. */
  readonly stays: string | undefined;
  /** Who records a look where every look counts: this process, or one that it hands its answer to. */
  readonly looks: 'record' | 'hand-over';
  /** Whether the old recipe is fitted on the new rows too. */
  readonly refit: boolean;
}

export interface AdvisoryAnswer {
  readonly decision: Decision;
  /** What its numbers look like; absent where none was computed. */
  readonly evidence?: Evidence;
  /** The look that has to be recorded before the decision is shown; absent when there is none, or it is recorded. */
  readonly look?: LookRequest;
}

/**
 * Reads the development half, scores, decides: advice, and free. Where there are no halves the whole holdout is looked
 * at, and the look is recorded first, like a promotion's; who cannot record it does not get to see the result.
 */
export async function advisoryLook(contest: AdvisoryContest): Promise<AdvisoryAnswer> {
  const { context, engine, project, model, rules, stage, name, candidate, baseline, stays, rulesFrom } = contest;
  const rows = await contestRows(contest, model.holdout.halves ? 'development' : 'whole');
  const stored = findPredictions(context, project, contest.snapshot, name);
  const found = await scoreAvailable(context, engine, rows, rules, { candidate, baseline }, stored);
  const scored =
    'unavailable' in found
      ? found
      : await called(contest, await furtherScores(context, engine, { ...contest, rows, stored }, found));
  const rest = {
    model: name,
    stage,
    task: model.task,
    rules,
    sameRecipe: sameRecipe(candidate, baseline),
    ...(rulesFrom === undefined ? {} : { rulesFrom }),
    ...(stays === undefined ? {} : { stays }),
  };
  const about = { ...rest, candidate: scored.candidate, baseline: scored.baseline, holdout: rows.facts };
  if ('unavailable' in scored) {
    const because = { reason: 'baseline-unavailable', detail: scored.unavailable };
    return { decision: undecided(about, because, { kind: 'fix-input' }) };
  }
  const answer = (decision: Decision): AdvisoryAnswer => {
    const evidence = gatherEvidence(decision, scored.examples, { values: model.holdout.examples === true });
    return { decision, ...(evidence === undefined ? {} : { evidence }) };
  };
  if (model.holdout.halves || rows.ids.length === 0) {
    const decision = decideScored(rows, scored, rest);
    const old = contest.refit ? await oldRecipe(contest, rows, scored) : undefined;
    return answer(old === undefined ? decision : { ...decision, oldRecipe: old });
  }
  const look = lookOf(name, rules, rows, scored);
  const counted = await count(contest, look);
  if (counted.kind === 'spent') return { decision: spentDecision(about, counted.refusal) };
  if (counted.kind === 'denied') {
    return { decision: withheldDecision(about, 'look-not-recorded', counted.error.message) };
  }
  const { used, budget } = counted;
  const decision = decideScored(rows, scored, { ...rest, looks: { used, budget } });
  return { ...answer(decision), ...(contest.looks === 'hand-over' ? { look } : {}) };
}

/** Each side called at its own threshold, where the rules choose them. */
async function called(contest: AdvisoryContest, scored: Scored): Promise<Scored> {
  return withThresholds(scored, await developmentThresholds(contest, scored));
}

async function count({ context, snapshot, looks }: AdvisoryContest, look: LookRequest): Promise<Counted> {
  return looks === 'hand-over' ? foreseeLook(snapshot?.state, look) : recordLook(projectRegistry(context), look);
}
