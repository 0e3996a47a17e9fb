import type { Examples } from './metric.ts';

/** A value a row of the true and the predicted one. */
export function rowErrors(
  { labels, scores }: Pick<Examples, 'labels' | 'scores'>,
  error: (actual: number, predicted: number) => number,
): Float64Array {
  const errors = new Float64Array(labels.length);
  for (let row = 0; row < errors.length; row++) errors[row] = error(labels[row] as number, scores[row] as number);
  return errors;
}

export const absoluteError = (actual: number, predicted: number): number => Math.abs(predicted - actual);

export const squaredError = (actual: number, predicted: number): number => (predicted - actual) ** 2;
