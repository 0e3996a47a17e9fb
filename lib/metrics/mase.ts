import { meanEstimate } from './function-of-sums.ts';
import { type Estimate, type Examples, LOSS, type Metric } from './metric.ts';
import { absoluteError, rowErrors } from './row-errors.ts';
import { rowWeights } from './row-weights.ts';

/**
 * Mean of the absolute errors, each over the scale of its series. A series whose naive forecast was never wrong (scale
 * 0) has no scaled error and is left out; when no other is there, there is no value.
 *
 * @throws RangeError without series and scales: `checkExamples` finds that before.
 */
function estimateMase(examples: Examples): Estimate | undefined {
  const { series, scales } = examples;
  if (series === undefined || scales === undefined) throw new RangeError('MASE needs series and scales');
  const weights = rowWeights(examples).slice();
  const errors = rowErrors(examples, absoluteError);
  for (let row = 0; row < errors.length; row++) {
    const scale = scales[series[row] as number] as number;
    if (scale > 0) errors[row] = (errors[row] as number) / scale;
    else weights[row] = 0;
  }
  return meanEstimate(errors, weights);
}

export const maseMetric: Metric<'forecast'> = {
  name: 'mase',
  title: 'MASE',
  task: 'forecast',
  unit: 'ratio',
  ...LOSS,
  needsProbabilities: false,
  formula: 'mean of |ŷ − y| / scale of the series; scale: mean absolute error of its naive forecast on the past',
  source: 'Hyndman & Koehler 2006',
  estimate: estimateMase,
};
