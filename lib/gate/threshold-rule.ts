import { z } from 'zod';
import { chooseThreshold, type ThresholdObjective } from '../metrics/choose-threshold.ts';
import type { CallCosts } from '../metrics/metric.ts';
import { type PairedExamples, sideExamples } from './evidence/paired-examples.ts';

const Share = z.number().gt(0).lt(1);
const Cost = z.number().min(0);

/** What wrong calls cost, in any one unit. */
export const CostRule = z.strictObject({
  false_positive: Cost.describe('Cost of calling a negative.'),
  false_negative: Cost.describe('Cost of not calling a positive.'),
});
export type CostRule = z.infer<typeof CostRule>;

/** How each side's threshold is chosen on the development half. */
export const ThresholdRule = z
  .strictObject({
    objective: z
      .enum(['accuracy', 'f1', 'f2', 'f0_5', 'cost', 'recall', 'precision'])
      .describe('What the threshold shall be best at; `cost` is by `costs`.'),
    precision_at_least: Share.optional().describe('With `recall`: the precision that has to be kept.'),
    recall_at_least: Share.optional().describe('With `precision`: the recall that has to be kept.'),
  })
  .refine(
    (rule) =>
      (rule.objective === 'recall') === (rule.precision_at_least !== undefined) &&
      (rule.objective === 'precision') === (rule.recall_at_least !== undefined),
    'recall needs precision_at_least, precision needs recall_at_least, and no other has them',
  );
export type ThresholdRule = z.infer<typeof ThresholdRule>;

/** Costs as metrics take them. */
export function callCosts({ false_positive, false_negative }: CostRule): CallCosts {
  return { falsePositive: false_positive, falseNegative: false_negative };
}

/**
 * The threshold that is best for a side's scores on these examples; undefined where none has a value or keeps what has
 * to be kept. Only ever on rows that do not decide a promotion: the best of many thresholds is too good there.
 */
export function thresholdFor(rule: ThresholdRule, examples: PairedExamples, scores: Float64Array): number | undefined {
  const side = sideExamples(examples, scores, 0.5);
  return chooseThreshold(side, objectiveOf(rule, side.costs))?.threshold;
}

function objectiveOf(
  { objective, precision_at_least: precision = 0, recall_at_least: recall = 0 }: ThresholdRule,
  costs: CallCosts = { falsePositive: 1, falseNegative: 1 },
): ThresholdObjective {
  switch (objective) {
    case 'accuracy':
      return { kind: 'accuracy' };
    case 'f1':
      return { kind: 'f-beta', beta: 1 };
    case 'f2':
      return { kind: 'f-beta', beta: 2 };
    case 'f0_5':
      return { kind: 'f-beta', beta: 0.5 };
    case 'cost':
      return { kind: 'cost', costs };
    case 'recall':
      return { kind: 'precision-at-least', precision };
    case 'precision':
      return { kind: 'recall-at-least', recall };
  }
}
