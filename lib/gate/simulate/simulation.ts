import { z } from 'zod';
import { Decision, GuardedQuantity } from '../decision.ts';
import { GateRules, MetricName, Requirement } from '../rules.ts';

/** Chances, 0 to 1, of a look at the development half and of one at the sealed half, which is taken at a stricter level. */
const Chances = z.strictObject({ advisory: z.number(), promotion: z.number() });
export type Chances = z.infer<typeof Chances>;

/** One rule: how likely it is passed for a range of true differences. */
export const SimulatedRule = z.strictObject({
  metric: MetricName,
  role: z.enum(['primary', 'guardrail']),
  requirement: Requirement,
  /** The allowed loss; all differences are in its unit, + is better. */
  margin: z.number(),
  /** Of the difference; absent where the metric had no value in any drawn holdout. */
  standardError: z.number().optional(),
  degreesOfFreedom: z.number().optional(),
  /** Share of the drawn holdouts in which there was an interval at all; 1 with a standard error that was measured. */
  judged: z.number(),
  /** True differences from −2 to +2 margins. `gate`: every rule together, all but the primary truly equal. */
  chances: z.array(z.strictObject({ difference: z.number(), rule: Chances, gate: Chances.optional() })),
  /** The truth that a plan is made for: better by the margin, or equal. */
  planned: z.strictObject({ difference: z.number(), rule: Chances, gate: Chances.optional() }),
  /** Clusters with which that passes in four cases of five; absent beyond ten years of days. */
  neededClusters: z.strictObject({ advisory: z.number().int().optional(), promotion: z.number().int().optional() }),
  /**
   * The least margin with which the planned truth passes in four cases of five on such a holdout; absent where there is
   * none, with fewer than 20 clusters.
   */
  reachableMargin: z.strictObject({ advisory: z.number().optional(), promotion: z.number().optional() }).optional(),
});
export type SimulatedRule = z.infer<typeof SimulatedRule>;

/** A rule beside primary metric and guardrails, and how often it lets a model past that is truly the same. */
export const FurtherRule = z.strictObject({
  role: z.enum(['floor', 'fairness', 'calibration', 'slice', 'critical-slice']),
  metric: MetricName.or(GuardedQuantity),
  /** Of slices and groups. */
  column: z.string().optional(),
  /** Of a critical slice. */
  value: z.string().optional(),
  requirement: Decision.shape.comparisons.element.shape.requirement,
  passed: Chances,
  /** Share of the drawn holdouts (for a column, of its slices in them) that were large enough to be judged. */
  judged: z.number(),
});
export type FurtherRule = z.infer<typeof FurtherRule>;

/** What is supposed, or was measured, of the holdout. */
export const SimulatedHoldout = z.strictObject({
  /** `data`: size and clustering of the project's holdout. `options`: as given. `decision`: measured by a comparison. */
  source: z.enum(['data', 'options', 'decision']),
  rows: z.number().int(),
  clusters: z.number().int(),
  clusterUnit: z.enum(['day', 'group', 'row', 'block']),
  /** The rest is of a drawn holdout, and absent for a decision's. */
  intraclass: z.number().optional(),
  /** Share of positives, or of relevant documents. */
  positives: z.number().optional(),
  /** Share of every class. */
  classes: z.array(z.number()).optional(),
  /** Queries that are ranked. */
  queries: z.number().int().optional(),
  /** ROC AUC that both sides are supposed to have: between two classes, of relevant documents within a query. */
  auc: z.number().optional(),
  /** RMSE that both sides are supposed to have over the standard deviation of the truth. */
  relativeError: z.number().optional(),
  /** Correlation of the two sides' scores on one row. */
  agreement: z.number().optional(),
});
export type SimulatedHoldout = z.infer<typeof SimulatedHoldout>;

/** What `simulate --json` prints. */
export const Simulation = z.strictObject({
  schema: z.literal('assay/simulation/1'),
  model: z.string().optional(),
  task: Decision.shape.task,
  rules: GateRules,
  /** One-sided levels. */
  levels: Chances,
  holdout: SimulatedHoldout,
  /** Holdouts that were drawn; 0 where the evidence was measured. */
  draws: z.number().int(),
  simulated: z.array(SimulatedRule),
  /** Floors, slices and the other rules, on the same draws; none where the evidence was measured. */
  further: z.array(FurtherRule),
  /** Rules of the gate that are not in it, each with the reason. */
  leftOut: z.array(z.string()),
});
export type Simulation = z.infer<typeof Simulation>;
