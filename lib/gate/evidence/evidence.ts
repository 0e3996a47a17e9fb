import { z } from 'zod';
import { Digest } from '../../digest.ts';

/** Points of one curve: as many as a plot of a few hundred pixels can show. */
export const EVIDENCE_CURVE_POINTS = 100;

/** Classes of a confusion matrix; the rarer ones are merged. More cannot be read. */
export const EVIDENCE_CLASSES = 20;

/** Lines of a list of classes or of mix-ups. */
export const EVIDENCE_LINES = 20;

/** Changed predictions that are named, of either direction. */
export const EVIDENCE_ROWS = 10;

/** Something of both sides. */
function sides<T extends z.ZodType>(of: T) {
  return z.strictObject({ candidate: of, baseline: of });
}

/** Points along a curve, x and y by place. */
export const Curve = z
  .strictObject({
    x: z.array(z.number()).max(EVIDENCE_CURVE_POINTS),
    y: z.array(z.number()).max(EVIDENCE_CURVE_POINTS),
  })
  .refine(({ x, y }) => x.length === y.length, 'x and y have to be of one length');
export type Curve = z.infer<typeof Curve>;

/** Rows of similar probability: what was predicted, what happened, and its 95 % interval with rows as independent. */
const ReliabilityBin = z.strictObject({
  rows: z.number(),
  predicted: z.number(),
  observed: z.number(),
  lower: z.number(),
  upper: z.number(),
});
export type ReliabilityBin = z.infer<typeof ReliabilityBin>;
const Reliability = sides(z.array(ReliabilityBin).max(EVIDENCE_LINES));

/** Weights of calls at the threshold. */
const Calls = z.strictObject({
  truePositives: z.number(),
  falsePositives: z.number(),
  falseNegatives: z.number(),
  trueNegatives: z.number(),
});

const BinaryFindings = z.strictObject({
  task: z.literal('binary'),
  threshold: z.number(),
  calls: sides(Calls),
  /** x: false-positive rate, y: true-positive rate. Absent with one class. */
  roc: sides(Curve).optional(),
  /** x: recall, y: precision. Absent with one class. */
  precisionRecall: sides(Curve).optional(),
  /** Absent where scores are no probabilities. */
  reliability: Reliability.optional(),
  /** Logistic recalibration: slope 1 and intercept 0 need no setting right. Absent where a side has no such line. */
  calibrationLine: sides(z.strictObject({ slope: z.number(), intercept: z.number() })).optional(),
});

const MulticlassFindings = z.strictObject({
  task: z.literal('multiclass'),
  /** Names of the matrix's classes, most frequent first. */
  classes: z.array(z.string()).max(EVIDENCE_CLASSES),
  /** How many rarer classes are merged into one more row and column, the last. */
  merged: z.number().int(),
  /** Weights by true class (row) and called class (column), row after row. */
  matrix: sides(z.array(z.number()).max((EVIDENCE_CLASSES + 1) ** 2)),
  /** Share of each class that is called right, the largest loss first. */
  recall: z
    .array(z.strictObject({ class: z.string(), rows: z.number(), candidate: z.number(), baseline: z.number() }))
    .max(EVIDENCE_LINES),
  /** How many classes have rows. */
  classesSeen: z.number().int(),
  /** Mix-ups whose frequency changed most. */
  confusions: z
    .array(z.strictObject({ truth: z.string(), called: z.string(), candidate: z.number(), baseline: z.number() }))
    .max(EVIDENCE_LINES),
  /** Of the most probable class: how often it is right. */
  reliability: Reliability,
});

/** Counts between the edges, one more edge than counts; what lies beyond is counted in the first and last. */
const Histogram = z
  .strictObject({ edges: z.array(z.number()).max(61), candidate: z.array(z.number()), baseline: z.array(z.number()) })
  .refine(
    ({ edges, candidate, baseline }) =>
      candidate.length === baseline.length && edges.length === candidate.length + (candidate.length > 0 ? 1 : 0),
    'one more edge than counts',
  );
export type Histogram = z.infer<typeof Histogram>;

const RegressionFindings = z.strictObject({
  task: z.enum(['regression', 'forecast']),
  /** Prediction − truth, in the target's unit. */
  residuals: Histogram,
  /** Absolute errors: so much of the rows (`share`) has at most this error. */
  errors: z
    .array(z.strictObject({ share: z.number(), candidate: z.number(), baseline: z.number() }))
    .max(EVIDENCE_LINES),
  /** Mean of prediction − truth. */
  bias: sides(z.number()),
  /** Tenths of the rows by prediction. x: mean prediction, y: mean truth. */
  predictedVersusTrue: sides(Curve),
  /**
   * Errors against normal ones, in standard deviations from their mean. x: where a normal sample's would be, y: where
   * they are. Absent where a side's errors are all alike.
   */
  normalErrors: sides(Curve).optional(),
  /** Forecast: series by which side's mean absolute error is smaller. */
  series: z.strictObject({ better: z.number().int(), same: z.number().int(), worse: z.number().int() }).optional(),
});

const QuantileFindings = z.strictObject({
  task: z.literal('quantile'),
  /** Share of rows at or below the predicted level, and mean pinball loss, by level. */
  levels: z.array(z.strictObject({ level: z.number(), below: sides(z.number()), pinball: sides(z.number()) })).max(99),
});

const RankingFindings = z.strictObject({
  task: z.literal('ranking'),
  /** Queries with a relevant document, by which side's NDCG is higher. */
  queries: z.strictObject({ better: z.number().int(), same: z.number().int(), worse: z.number().int() }),
  /** Change of NDCG by query; both sides' counts are the same list, for a change has one. */
  gains: z.strictObject({ edges: z.array(z.number()).max(61), queries: z.array(z.number()).max(60) }),
  /** NDCG of queries: so much of the queries (`share`) has at most this. */
  ndcg: z.array(z.strictObject({ share: z.number(), candidate: z.number(), baseline: z.number() })).max(EVIDENCE_LINES),
});

/** A changed prediction. Values are there only where the configuration allows them to be shown. */
const ChangedRow = z.strictObject({
  id: z.string(),
  values: z
    .strictObject({
      label: z.union([z.number(), z.string()]),
      candidate: z.union([z.number(), z.string()]),
      baseline: z.union([z.number(), z.string()]),
    })
    .optional(),
});
export type ChangedRow = z.infer<typeof ChangedRow>;

const ChangedPredictions = z.strictObject({
  /** `query` for rankings, each by the id of its first row. */
  unit: z.enum(['row', 'query']),
  /** Rows (queries) that the two sides do not predict alike. */
  changed: z.number().int(),
  /** Calls that were right and are wrong, and the other way round; for classes only. */
  calls: z.strictObject({ toWrong: z.number().int(), toRight: z.number().int() }).optional(),
  /** Those that got worse by most, worst first. Empty where looks are counted: nobody may learn from those rows. */
  worse: z.array(ChangedRow).max(EVIDENCE_ROWS),
  /** Those that got better by most. */
  better: z.array(ChangedRow).max(EVIDENCE_ROWS),
});
export type ChangedPredictions = z.infer<typeof ChangedPredictions>;

/**
 * What a decision's numbers look like: curves, matrices, the predictions that changed. Descriptive: no verdict follows
 * from it. Its size is bounded, whatever the holdout's is.
 */
export const Evidence = z.strictObject({
  schema: z.literal('assay/evidence/1'),
  model: z.string(),
  /** What it is about: the decision with the same three digests. */
  holdout: Digest,
  candidate: Digest,
  baseline: Digest,
  rows: z.number().int(),
  findings: z.discriminatedUnion('task', [
    BinaryFindings,
    MulticlassFindings,
    RegressionFindings,
    QuantileFindings,
    RankingFindings,
  ]),
  changed: ChangedPredictions,
});
export type Evidence = z.infer<typeof Evidence>;
export type Findings = Evidence['findings'];
/** The findings of a task; a regression and a forecast have one shape. */
export type FindingsOf<T extends Findings['task']> = Having<Findings, T>;
type Having<F extends Findings, T> = F extends Findings ? (T extends F['task'] ? F : never) : never;
