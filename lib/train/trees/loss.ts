import { sigmoid } from '../../model/score-trees.ts';
import type { BuiltInTask } from '../../model/signature.ts';

/** The constant raw score with the least loss: the log odds of class 1, or the mean. */
export function baseScore(target: Float64Array, rows: Int32Array, task: BuiltInTask): number {
  let sum = 0;
  for (const row of rows) sum += target[row] as number;
  const mean = sum / rows.length;
  return task === 'binary' ? Math.log(mean / (1 - mean)) : mean;
}

/** First and second derivatives of the loss by the raw score, in the order of `rows`. */
export function setGradients(
  raw: Float64Array,
  target: Float64Array,
  rows: Int32Array,
  task: BuiltInTask,
  gradients: Float64Array,
  hessians: Float64Array,
): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const prediction = task === 'binary' ? sigmoid(raw[row] as number) : (raw[row] as number);
    gradients[i] = prediction - (target[row] as number);
    hessians[i] = task === 'binary' ? prediction * (1 - prediction) : 1;
  }
}

/** Mean log loss, or half the mean squared error: what the trees take down. 0 for no rows. */
export function meanLoss(raw: Float64Array, target: Float64Array, task: BuiltInTask): number {
  let sum = 0;
  for (let i = 0; i < raw.length; i++) {
    const x = raw[i] as number;
    const y = target[i] as number;
    // log(1 + e^x) − y·x, without overflow.
    sum += task === 'binary' ? Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))) - y * x : (x - y) ** 2 / 2;
  }
  return raw.length === 0 ? 0 : sum / raw.length;
}
