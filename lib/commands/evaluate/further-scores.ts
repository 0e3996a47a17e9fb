import type { Engine } from '../../engine/engine.ts';
import { AssayError } from '../../errors.ts';
import type { ProvenSide } from '../../gate/compare/compare-creep.ts';
import type { GateRules } from '../../gate/rules.ts';
import type { Project } from '../../project/project.ts';
import type { Snapshot } from '../../registry/snapshot.ts';
import type { Context } from '../context.ts';
import { baselineSide } from './baseline-side.ts';
import type { HoldoutRows } from './holdout-rows.ts';
import { measureBudgets } from './measure-budgets.ts';
import { baselineScores, type FindStored, unscored } from './score-available.ts';
import { type ContestedSide, type Scored, scoresOf, sideFacts } from './score-both.ts';

/** What the rules hold a candidate against beside its baseline. */
export interface FurtherSides {
  /** The last version that was shown better, where it is neither side: for the creep guard. */
  readonly proven?: ContestedSide | undefined;
  /** The candidate's other trainings, for a decision on the mean over seeds. */
  readonly seeds?: readonly ContestedSide[] | undefined;
}

/** Both sides of a contest and what else its rules ask for. */
export interface FurtherContest extends FurtherSides {
  readonly rules: GateRules;
  readonly rows: HoldoutRows;
  readonly candidate: ContestedSide;
  readonly baseline: ContestedSide;
  readonly stored: FindStored;
}

/**
 * The version that the creep guard compares with: the last in the stage's line that was shown better. None where the guard
 * is off, where nobody holds the stage, or where that version is one of the sides. Throws as `baselineSide`.
 */
export async function provenSide(
  context: Context,
  project: Project,
  snapshot: Snapshot | undefined,
  { model, stage }: { readonly model: string; readonly stage: string },
  { rules, candidate, baseline }: Pick<FurtherContest, 'rules' | 'candidate' | 'baseline'>,
): Promise<ContestedSide | undefined> {
  const version = snapshot?.state.models.get(model)?.stages.get(stage)?.provenBetter ?? undefined;
  if (version === undefined || rules.creep === false || baseline.kind === 'constant') return undefined;
  if (isVersion(baseline, version) || isVersion(candidate, version)) return undefined;
  return baselineSide(context, project, snapshot, { model, stage, wanted: version });
}

function isVersion(side: ContestedSide, version: string): boolean {
  return side.kind === 'version' && side.version === version;
}

/**
 * Scores what the rules ask for beside both sides, on the same rows, and measures what they have budgets for. A version
 * that cannot be scored again, and of which no predictions are stored, has no scores: the creep guard then cannot be kept.
 */
export async function furtherScores(
  context: Context,
  engine: Engine,
  contest: FurtherContest,
  scored: Scored,
): Promise<Scored> {
  const { rules, rows, seeds = [] } = contest;
  const proven =
    contest.proven === undefined ? undefined : await provenScores(context, engine, contest, contest.proven);
  const trained = [{ side: contest.candidate, scores: scored.examples.candidate }];
  for (const side of seeds) trained.push({ side, scores: await scoresOf(context, engine, rows, side) });
  const measured = await measureBudgets(context, engine, rows, rules, contest);
  const several = trained.length > 1;
  return {
    ...scored,
    examples: several ? { ...scored.examples, seeds: trained.map(({ scores }) => scores) } : scored.examples,
    ...(proven === undefined ? {} : { proven }),
    ...(measured === undefined ? {} : { measured }),
    ...(several
      ? {
          seeds: trained.map((one) => {
            const { run, predictions } = sideFacts(rows, rules, one);
            return { ...(run === undefined ? {} : { run }), predictions };
          }),
        }
      : {}),
  };
}

async function provenScores(
  context: Context,
  engine: Engine,
  { rules, rows, stored }: FurtherContest,
  side: ContestedSide,
): Promise<ProvenSide> {
  const scores = await baselineScores(context, engine, rows, side, stored);
  return pairProven(rows, rules, side, scores instanceof AssayError ? undefined : scores);
}

/** The proven side with its scores, or without any where it cannot be scored. Throws E_SCORE_*. */
export function pairProven(
  rows: HoldoutRows,
  rules: GateRules,
  side: ContestedSide,
  scores: Float64Array | undefined,
): ProvenSide {
  if (scores !== undefined) return { side: sideFacts(rows, rules, { side, scores }), scores };
  return { side: unscored(side) };
}
