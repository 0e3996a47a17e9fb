import type { Engine } from '../../engine/engine.ts';
import { AssayError } from '../../errors.ts';
import type { Side } from '../../gate/decision.ts';
import type { GateRules } from '../../gate/rules.ts';
import type { Context } from '../context.ts';
import type { HoldoutRows } from './holdout-rows.ts';
import { type ContestedSide, modelFacts, pairSides, type Scored, type SideScores, scoresOf } from './score-both.ts';
import { predictionsDigest } from './score-model.ts';

/** Both sides scored, or why the baseline cannot be. */
export type ScoredOrNot = Scored | Unavailable;

/** A baseline that cannot be scored again, and of which no predictions on these examples are stored. */
export interface Unavailable {
  readonly unavailable: string;
  readonly candidate: Side;
  readonly candidateScores: SideScores['scores'];
  /** Its predictions are the digest of none. */
  readonly baseline: Side;
}

/** Predictions of a version on a holdout that were kept when it was judged; undefined when there are none. */
export type FindStored = (version: string, rows: HoldoutRows) => Promise<SideScores['scores'] | undefined>;

/**
 * Scores both sides. A baseline is scored by its own code in a worktree of its own commit; where its files, its commit or
 * its environment are gone, the predictions that were stored of it on the very same examples count (design §5).
 */
export async function scoreAvailable(
  context: Context,
  engine: Engine,
  rows: HoldoutRows,
  rules: GateRules,
  sides: { readonly candidate: ContestedSide; readonly baseline: ContestedSide },
  stored: FindStored,
): Promise<ScoredOrNot> {
  const { candidate, baseline } = sides;
  const ours = { side: candidate, scores: await scoresOf(context, engine, rows, candidate) };
  const theirs = await baselineScores(context, engine, rows, baseline, stored);
  return theirs instanceof AssayError
    ? unavailable(rows, rules, ours, baseline, theirs.message)
    : pairSides(rows, rules, { candidate: ours, baseline: { side: baseline, scores: theirs } });
}

/** The candidate alone, and why there is nothing to compare it with. */
export function unavailable(
  rows: HoldoutRows,
  rules: GateRules,
  candidate: SideScores,
  baseline: ContestedSide,
  why: string,
): Unavailable {
  // Paired with itself: its facts, without a second side.
  const { candidate: facts } = pairSides(rows, rules, { candidate, baseline: candidate });
  return { unavailable: why, candidate: facts, candidateScores: candidate.scores, baseline: unscored(baseline) };
}

/** A baseline's scores, those that were stored of it where it cannot be scored again, or why there are neither. */
export async function baselineScores(
  context: Context,
  engine: Engine,
  rows: HoldoutRows,
  baseline: ContestedSide,
  stored: FindStored,
): Promise<SideScores['scores'] | AssayError> {
  try {
    if (baseline.kind === 'version' && baseline.missing !== undefined) throw baseline.missing;
    return await scoresOf(context, engine, rows, baseline);
  } catch (error) {
    if (!(error instanceof AssayError) || !isGone(error) || baseline.kind !== 'version') throw error;
    const kept = baseline.version === undefined ? undefined : await stored(baseline.version, rows);
    if (kept === undefined) return error;
    context.log.warning(
      `baseline ${baseline.label} cannot be scored again (${error.message}): its stored predictions of the same examples count`,
    );
    return kept;
  }
}

/** What cannot be rebuilt: bytes, commit or environment are gone. Anything else about a baseline is an error. */
function isGone({ code }: AssayError): boolean {
  return (
    code === 'E_STORE_OBJECT_MISSING' ||
    code === 'E_GIT_UNKNOWN_COMMIT' ||
    code.startsWith('E_COMMAND_') ||
    code.startsWith('E_MODEL_')
  );
}

/** What a decision says of a side without scores: its predictions are the digest of none. */
export function unscored(side: ContestedSide): Side {
  const predictions = predictionsDigest(new Float64Array(0));
  if (!('model' in side)) return { kind: side.kind, label: side.kind, predictions };
  return modelFacts(side, predictions);
}
