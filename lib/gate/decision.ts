import { z } from 'zod';
import { Digest } from '../digest.ts';
import { GateVerdict } from '../verdict.ts';
import { GateRules, MetricName, Requirement } from './rules.ts';

/** One side of a comparison. `version` for a registered one; a constant model has neither run nor version. */
export const Side = z.strictObject({
  kind: z.enum(['run', 'version', 'constant', 'predictions']),
  label: z.string(),
  run: Digest.optional(),
  version: z.string().optional(),
  commit: z.string().optional(),
  /** sha256 over the paired scores, in id order. */
  predictions: Digest,
  /** Binary, where the rules choose thresholds: the score from which this side calls positive. */
  threshold: z.number().optional(),
});
export type Side = z.infer<typeof Side>;

/** What was scored. Times are ISO 8601 (UTC), `from` inclusive, `to` exclusive. */
export const HoldoutFacts = z.strictObject({
  digest: Digest,
  dataset: z.string(),
  half: z.enum(['development', 'sealed', 'whole']),
  rows: z.number().int(),
  clusters: z.number().int(),
  clusterUnit: z.enum(['day', 'group', 'row', 'block']),
  /** Days in a block, where blocks of days are the clusters. */
  blockDays: z.number().int().optional(),
  clusterColumn: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  /** Binary tasks: rows of the positive class. */
  positives: z.number().int().optional(),
  /** Rows left out, by reason (`label-pending`, `trained-on`, …). */
  excluded: z.record(z.string(), z.number().int()),
});
export type HoldoutFacts = z.infer<typeof HoldoutFacts>;

/**
 * What a rule guards beside metrics: `latency_p95` in ms a call, `size` in bytes, `calibration_loss` a mean square,
 * `calibration_slope` and `_intercept` as distances from 1 and 0.
 */
export const GuardedQuantity = z.enum([
  'calibration_error',
  'calibration_loss',
  'calibration_slope',
  'calibration_intercept',
  'latency_p95',
  'latency_ratio',
  'size',
]);
export type GuardedQuantity = z.infer<typeof GuardedQuantity>;

/** One metric of both sides on the same rows. Differences are candidate − baseline, turned so that + is better. */
export const Comparison = z.strictObject({
  metric: MetricName.or(GuardedQuantity),
  /**
   * `creep`: against the last version that was shown better. `fairness`: the gap of the metric between groups, its growth
   * (`not-worse`) or itself (`above-floor`). `calibration` and `budget` likewise.
   */
  role: z.enum([
    'primary',
    'guardrail',
    'floor',
    'constant',
    'creep',
    'fairness',
    'calibration',
    'budget',
    'slice',
    'critical-slice',
  ]),
  slice: z.strictObject({ column: z.string(), value: z.string() }).optional(),
  /** Creep: the version that is the baseline here. */
  against: z.string().optional(),
  /**
   * Fairness: the candidate's best and worst group (against the rest: of the largest gap), how many were compared, and those
   * too small for it.
   */
  groups: z
    .strictObject({
      column: z.string(),
      compared: z.number().int(),
      best: z.string().optional(),
      worst: z.string().optional(),
      tooFew: z.array(z.string()),
      /** Each group was held against all other rows, not against each other. */
      against: z.literal('rest').optional(),
    })
    .optional(),
  higherIsBetter: z.boolean(),
  /** Absent where the metric has no value, e.g. with one class only. */
  candidate: z.number().optional(),
  baseline: z.number().optional(),
  /** + is better. For a floor: the distance of the candidate's value from the floor. Absent when too few to judge. */
  difference: z.number().optional(),
  interval: z
    .strictObject({
      lower: z.number(),
      upper: z.number(),
      /** Two-sided confidence level, e.g. 0.95. */
      level: z.number(),
      /** Registered name of the method, e.g. `cluster-jackknife-t`. */
      method: z.string(),
      /** Of an interval that does not rest on one (a percentile's, a root's): the one that a normal of its width has. */
      standardError: z.number(),
      degreesOfFreedom: z.number().optional(),
      /** Standard deviation between the seeds of training, where the candidate was trained with several. */
      seedDeviation: z.number().optional(),
    })
    .optional(),
  requirement: Requirement.or(z.enum(['no-harm', 'above-floor'])),
  /** The allowed loss (for a floor: the floor itself). */
  margin: z.number(),
  rows: z.number().int(),
  clusters: z.number().int(),
  verdict: GateVerdict,
  /**
   * `too-few-rows`, `too-few-clusters`, `too-few-of-a-class`, `one-class`, `rests-on-one-cluster`, `identical`, … : why there
   * is no clear answer.
   */
  reason: z.string().optional(),
  /** Clusters (days, groups, rows) that would tell with 80 % power if both are equal (not worse) or m better (better). */
  neededClusters: z.number().int().optional(),
});
export type Comparison = z.infer<typeof Comparison>;

/** The one thing to do next; the report puts it in words. */
export const NextStep = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('merge') }),
  z.strictObject({ kind: z.literal('register') }),
  z.strictObject({ kind: z.literal('promote'), stage: z.string() }),
  z.strictObject({ kind: z.literal('inspect-predictions') }),
  z.strictObject({ kind: z.literal('inspect-slice'), column: z.string(), value: z.string() }),
  /** Wait for more clusters; `date` (ISO day) when they will be there at the present rate, if the unit is the day. */
  z.strictObject({ kind: z.literal('wait'), clusters: z.number().int(), date: z.string().optional() }),
  z.strictObject({ kind: z.literal('label-more'), clusters: z.number().int() }),
  /** A budget is exceeded: `metric` says which. */
  z.strictObject({ kind: z.literal('meet-budget'), metric: GuardedQuantity }),
  /** A budget was not measured, or by too few calls to tell. */
  z.strictObject({ kind: z.literal('measure'), metric: GuardedQuantity }),
  /** The window's looks are spent until `date` (ISO day), if known. */
  z.strictObject({ kind: z.literal('new-window'), date: z.string().optional() }),
  z.strictObject({ kind: z.literal('fix-input') }),
]);
export type NextStep = z.infer<typeof NextStep>;

/** The record of a gate's application to one comparison. */
export const Decision = z.strictObject({
  schema: z.literal('assay/decision/1'),
  model: z.string(),
  /** The stage whose holder is the baseline; absent for `compare`. */
  stage: z.string().optional(),
  task: z.enum(['binary', 'multiclass', 'regression', 'quantile', 'ranking', 'forecast']),
  verdict: GateVerdict,
  /** What the verdict rests on: the comparison that decided (index into `comparisons`), or a reason that needs none. */
  because: z.union([
    z.strictObject({ comparison: z.number().int() }),
    z.strictObject({ reason: z.string(), detail: z.string().optional() }),
  ]),
  candidate: Side,
  baseline: Side,
  /** The last version that was shown better, where it is not the baseline: the creep guard compares with it. */
  proven: Side.optional(),
  /** The candidate's trainings that the decision is the mean of, where there are several. */
  seeds: z.array(z.strictObject({ run: Digest.optional(), predictions: Digest })).optional(),
  /** Same code, parameters and trainer on other data: not worse suffices. */
  sameRecipe: z.boolean(),
  rules: GateRules,
  rulesDigest: Digest,
  /** Whose rules these are: the target branch's count on a pull request. */
  rulesFrom: z.string().optional(),
  holdout: HoldoutFacts,
  comparisons: z.array(Comparison),
  /**
   * The baseline's recipe fitted on the candidate's rows: tells better code from fresher data. Advice, never part of the
   * verdict. `recipe`: the candidate against it; `data`: it against the baseline; the primary metric of each.
   */
  oldRecipe: z.strictObject({ side: Side, recipe: Comparison, data: Comparison }).optional(),
  /** The sealed window's budget after this look; absent for an advisory look at the development half. */
  looks: z.strictObject({ used: z.number().int(), budget: z.number().int() }).optional(),
  /** What holds the stage whatever happens next, e.g. `1.2.0`. */
  stays: z.string().optional(),
  next: NextStep,
  warnings: z.array(z.string()),
});
export type Decision = z.infer<typeof Decision>;
