import type { Examples } from './metric.ts';

/** The weight of every row, 1 where none are given. */
export function rowWeights({ labels, weights }: Pick<Examples, 'labels' | 'weights'>): Float64Array {
  return weights ?? new Float64Array(labels.length).fill(1);
}

/** A column times its weights; the column itself where none are given. */
export function weighted(values: Float64Array, weights: Float64Array | undefined): Float64Array {
  return weights === undefined ? values : values.map((value, row) => value * (weights[row] as number));
}
