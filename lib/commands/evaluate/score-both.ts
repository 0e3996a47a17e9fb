import type { Engine } from '../../engine/engine.ts';
import type { AssayError } from '../../errors.ts';
import type { Measured } from '../../gate/compare/compare-budgets.ts';
import type { ProvenSide } from '../../gate/compare/compare-creep.ts';
import { type ConstantKind, constantScores } from '../../gate/compare/constant-scores.ts';
import { decide, type Question } from '../../gate/decide.ts';
import type { Decision, Side } from '../../gate/decision.ts';
import { type PairedExamples, sideExamples } from '../../gate/evidence/paired-examples.ts';
import { requireScores } from '../../gate/evidence/require-examples.ts';
import type { GateRules } from '../../gate/rules.ts';
import { scoreColumnNames } from '../../gate/task-shape.ts';
import type { Context } from '../context.ts';
import type { HoldoutRows } from './holdout-rows.ts';
import { predictionsDigest, readScores, type ScoringModel, scoreModel } from './score-model.ts';

/** A model to be scored. */
export interface ModelSide {
  readonly kind: 'run' | 'version';
  readonly model: ScoringModel;
  readonly label: string;
  readonly version?: string;
  /** Why its files cannot be had; then only predictions that were stored with it can stand for it. */
  readonly missing?: AssayError;
}

/** A side of the comparison: a model to be scored, a file of its predictions, or a constant that has to be beaten. */
export type ContestedSide =
  | ModelSide
  | { readonly kind: 'predictions'; readonly label: string; readonly file: string }
  | { readonly kind: 'constant'; readonly of: ConstantKind };

/** Both sides scored on the same examples: what a decision is made of, and what a look at a sealed half is known by. */
export interface Scored {
  readonly examples: PairedExamples;
  readonly candidate: Side;
  readonly baseline: Side;
  /** What the rules ask for beside both sides; see `furtherScores`. */
  readonly proven?: ProvenSide;
  readonly seeds?: NonNullable<Decision['seeds']>;
  readonly measured?: Measured;
}

/** A side and its scores, in the order of the holdout's ids. */
export interface SideScores {
  readonly side: ContestedSide;
  readonly scores: Float64Array;
}

/** Scores both sides on the holdout and pairs them by id. */
export async function scoreBoth(
  context: Context,
  engine: Engine,
  rows: HoldoutRows,
  rules: GateRules,
  sides: { readonly candidate: ContestedSide; readonly baseline: ContestedSide },
): Promise<Scored> {
  const candidate = { side: sides.candidate, scores: await scoresOf(context, engine, rows, sides.candidate) };
  const baseline = { side: sides.baseline, scores: await scoresOf(context, engine, rows, sides.baseline) };
  return pairSides(rows, rules, { candidate, baseline });
}

/** Pairs scores that are in the order of the holdout's ids. Throws E_SCORE_*. */
export function pairSides(
  rows: HoldoutRows,
  rules: GateRules,
  { candidate, baseline }: { readonly candidate: SideScores; readonly baseline: SideScores },
): Scored {
  return {
    examples: {
      ids: rows.ids,
      labels: rows.labels,
      candidate: candidate.scores,
      baseline: baseline.scores,
      ...rows.parts,
      clusters: rows.clusters,
      clusterCount: rows.clusterCount,
      slices: rows.slices,
    },
    candidate: sideFacts(rows, rules, candidate),
    baseline: sideFacts(rows, rules, baseline),
  };
}

/** One side's scores in the order of the holdout's ids. Throws E_MODEL_*, E_COMMAND_*, E_PAIR_*, E_SCORE_*. */
export async function scoresOf(
  context: Context,
  engine: Engine,
  rows: HoldoutRows,
  side: ContestedSide,
): Promise<Float64Array> {
  if (rows.ids.length === 0) return new Float64Array(0);
  if (side.kind === 'constant') return constantScores(rows.shape.task, { labels: rows.labels, ...rows.parts }, side.of);
  if (side.kind === 'predictions') return readScores(engine, side.label, side.file, rows);
  return context.log.group(`scoring the ${side.model.title}`, () => scoreModel(context, engine, side.model, rows));
}

/** What a decision says of a side. Scores that a metric cannot take are refused here, whoever computed them. */
export function sideFacts(rows: HoldoutRows, rules: GateRules, { side, scores }: SideScores): Side {
  const predictions = predictionsDigest(scores);
  if (side.kind === 'constant')
    return { kind: 'constant', label: side.of === 'mean' ? 'constant model' : 'majority model', predictions };
  const title = side.kind === 'predictions' ? side.label : side.model.title;
  const examples = sideExamples({ labels: rows.labels, ...rows.parts }, scores, rules.threshold);
  requireScores(title, scoreColumnNames(rows.shape), rows.ids, rows.shape.task, examples, rules);
  if (side.kind === 'predictions') return { kind: 'predictions', label: side.label, predictions };
  return modelFacts(side, predictions);
}

/** What a decision says of a model with these predictions. */
export function modelFacts({ kind, label, version, model }: ModelSide, predictions: Side['predictions']): Side {
  const { key, git } = model.record;
  return {
    kind,
    label,
    run: key,
    ...(version === undefined ? {} : { version }),
    ...(git.commit === undefined ? {} : { commit: git.commit }),
    predictions,
  };
}

/** Decides on scored sides; what they share with the holdout is filled in here. */
export function decideScored(
  rows: HoldoutRows,
  scored: Scored,
  rest: Omit<Question, keyof Scored | 'holdout' | 'dateWith'>,
): Decision {
  return decide({ ...rest, ...scored, holdout: rows.facts, dateWith: rows.dateWith });
}
