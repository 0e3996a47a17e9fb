import { estimateOfCalls, ratioOfCalls } from './confusion.ts';
import { type CallCosts, LOSS, type Metric } from './metric.ts';

/** Both errors cost 1: the expected cost is the share of wrong calls. */
export const EQUAL_COSTS: CallCosts = { falsePositive: 1, falseNegative: 1 };

/** What the calls cost on average, by `costs` of the examples. */
export const expectedCostMetric: Metric<'binary'> = {
  name: 'expected_cost',
  title: 'expected cost',
  task: 'binary',
  unit: 'cost',
  ...LOSS,
  needsProbabilities: true,
  formula: '(cost of a false positive · FP + cost of a false negative · FN) / all',
  source: 'Elkan 2001',
  estimate(examples) {
    const { falsePositive, falseNegative } = examples.costs ?? EQUAL_COSTS;
    const ratio = ratioOfCalls(
      { falsePositives: falsePositive, falseNegatives: falseNegative },
      { truePositives: 1, falsePositives: 1, falseNegatives: 1, trueNegatives: 1 },
    );
    return estimateOfCalls(ratio, examples);
  },
};
