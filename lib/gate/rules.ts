import { z } from 'zod';
import { DAY_MS, parseDuration } from '../duration.ts';
import { METRICS } from '../metrics/metrics.ts';
import { BaselineText } from './baseline.ts';
import { BudgetRules } from './budget-rules.ts';
import { CostRule, ThresholdRule } from './threshold-rule.ts';

/** Metrics that a gate can decide on: all that have an interval. */
export const MetricName = z.enum(Object.keys(METRICS) as (keyof typeof METRICS)[]);
export type MetricName = z.infer<typeof MetricName>;

/** What the interval of the difference has to show: the lower limit above 0, or above minus the margin (design §5). */
export const Requirement = z.enum(['better', 'not-worse']);
export type Requirement = z.infer<typeof Requirement>;

const SliceRule = z.strictObject({
  column: z.string().min(1).describe('Every value of it is a slice.'),
  critical: z
    .boolean()
    .default(false)
    .describe('A critical slice must be shown not worse; any other blocks only when it is shown worse.'),
});

const FairnessRule = z
  .strictObject({
    column: z.string().min(1).describe('Its values are the groups.'),
    metric: MetricName.optional().describe('What is compared between groups; the primary metric when left out.'),
    margin: z
      .number()
      .positive()
      .optional()
      .describe(
        "The gap between the best and the worst group may grow by at most this; the metric's margin when left out.",
      ),
    gap: z.number().positive().optional().describe('The gap has to stay under this, whatever the baseline has.'),
    compare: z
      .enum(['each-other', 'rest'])
      .optional()
      .describe(
        'What a gap is: `each-other`, the best group against the worst; `rest`, a group against all other rows, the largest of these. `each-other` when left out.',
      ),
  })
  .describe('A gap between groups.');
export type FairnessRule = z.infer<typeof FairnessRule>;

const CalibrationRule = z
  .strictObject({
    max_ece: z
      .number()
      .gt(0)
      .max(1)
      .optional()
      .describe('The calibration error (root mean square over ten bins, chance taken out) has to stay under this.'),
    margin: z
      .number()
      .gt(0)
      .max(1)
      .optional()
      .describe('The mean square calibration error may grow by at most the square of this against the baseline.'),
    slope: z
      .number()
      .gt(0)
      .lt(1)
      .optional()
      .describe(
        'The slope of the logistic regression of what happened on logit(p) has to be 1 give or take less than this.',
      ),
    intercept: z
      .number()
      .positive()
      .optional()
      .describe('Its intercept, with the slope held at 1, has to be 0 give or take less than this, in logits.'),
  })
  .refine(
    (rule) => Object.values(rule).some((limit) => limit !== undefined),
    'max_ece, margin, slope or intercept is needed',
  );
export type CalibrationRule = z.infer<typeof CalibrationRule>;

/** Whole days, written as a duration or recorded as a number. */
const Days = z.union([
  z.number().int().positive(),
  z
    .string()
    .refine((text) => isWholeDays(parseDuration(text)), 'whole days, such as 7d or 2w')
    .transform((text) => (parseDuration(text) ?? 0) / DAY_MS)
    .pipe(z.number().int().positive()),
]);

function isWholeDays(span: number | undefined): boolean {
  return span !== undefined && span > 0 && span % DAY_MS === 0;
}

const TimeSeriesRule = z
  .strictObject({
    block: Days.optional().describe('So many days in a row are one cluster: for errors that last for days.'),
    horizon: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe(
        'Days ahead that are forecast. Losses whose days have as many rows each are judged by Diebold and Mariano, all else by blocks of so many days.',
      ),
  })
  .refine(({ block, horizon }) => (block === undefined) !== (horizon === undefined), 'either block or horizon');
export type TimeSeriesRule = z.infer<typeof TimeSeriesRule>;

/** The gate as it is declared in assay.yaml, with every default filled in. Margins are positive, in the metric's unit. */
export const GateRules = z.strictObject({
  primary: MetricName.describe('The metric that decides.'),
  guardrails: z.array(MetricName).default([]).describe('Metrics that must all be not worse.'),
  slices: z
    .array(
      z.union([
        // Ends in the rule's own schema, so that what comes out can be published as JSON Schema.
        z
          .string()
          .min(1)
          .transform((column): z.input<typeof SliceRule> => ({ column }))
          .pipe(SliceRule),
        SliceRule,
      ]),
    )
    .prefault([])
    .describe('Columns whose values are looked at one by one.'),
  floors: z
    .partialRecord(MetricName, z.number())
    .default({})
    .describe("Absolute limits of a candidate's own interval, for a first version and for every later one."),
  margins: z
    .partialRecord(MetricName, z.number().positive())
    .default({})
    .describe(
      "Allowed loss per metric; 0.01 for `roc_auc`, `accuracy` and `f1`, 2 % of the baseline's value for losses when left out.",
    ),
  require: Requirement.optional().describe(
    'Overrides the rule that a changed recipe must be better and the same recipe on newer data not worse.',
  ),
  creep: z
    .boolean()
    .optional()
    .describe(
      'Many small losses, each within the margin, add up: the candidate must also be not worse by twice the margin than the last version that was shown better. `false` leaves that out.',
    ),
  fairness: z.array(FairnessRule).min(1).optional().describe('Gaps between groups that may not grow, or not be large.'),
  calibration: CalibrationRule.optional().describe('How far probabilities may be from what happens; `binary` only.'),
  budgets: BudgetRules.optional().describe('What the candidate may cost: time and size.'),
  seeds: z
    .number()
    .int()
    .min(2)
    .max(100)
    .optional()
    .describe(
      'The candidate is trained with so many seeds, and the mean of them is judged: whether the recipe is better, not one lucky run. One run when left out.',
    ),
  time_series: TimeSeriesRule.optional().describe(
    'Days that depend on each other; each day is independent when left out. Needs a time column and no `cluster`.',
  ),
  threshold: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Probability at which a positive is called, for accuracy and F1.'),
  choose_threshold: ThresholdRule.optional().describe(
    "Each side's threshold is the best one on the development half instead; a version keeps the one it was registered with. `binary` with halves only.",
  ),
  costs: CostRule.optional().describe('What wrong calls cost, for `expected_cost` and `cost`; 1 each when left out.'),
  cluster: z
    .string()
    .min(1)
    .optional()
    .describe('Column whose rows are not independent (user, group); the day of the time column when left out.'),
  weight: z
    .string()
    .min(1)
    .optional()
    .describe('Column of how often a row counts, above 0; every row counts once when left out.'),
  alpha: z.number().gt(0).max(0.2).default(0.025).describe('One-sided error rate of one window of looks.'),
  looks: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(5)
    .describe('Looks at one sealed window; each is taken at alpha / looks.'),
  baseline: BaselineText.optional().describe(
    'What a candidate is compared with; what holds the stage when left out. `stage:NAME`, `version:1.2.0`, `proven` (the last version that was shown better), `constant`, `majority`, `file:PATH` (predictions).',
  ),
});
export type GateRules = z.infer<typeof GateRules>;
