import { clusteredInference, type Inference, studentInference } from './inference.ts';
import { sampleMoments } from './numbers/sample-moments.ts';

/** Inference that also knows how far single trainings lie apart. */
export interface SeedInference extends Inference {
  /** Standard deviation of the estimate between seeds, on these examples. */
  readonly seedDeviation: number;
}

/**
 * Inference for the mean over seeds of training of an estimate on the same examples: what a recipe gives, not what one
 * lucky run gave. Two sources of error add up (Bouthillier et al. 2021, "Accounting for variance in machine learning
 * benchmarks"): which examples were drawn, by the cluster jackknife of the mean over seeds, and which seeds were, the
 * variance between seeds over their number. Seeds and examples are crossed, so what both share is counted twice, a little
 * too much rather than too little. Degrees of freedom of the sum by Satterthwaite (1946).
 *
 * @param bySeed the estimate of each seed on all clusters, at least 2
 * @param without the mean over seeds without each cluster that has rows
 * @param sizes rows of each of these clusters; alike when left out
 * @returns undefined for fewer than 20 clusters, or when the estimate has no value without one of them
 */
export function seededInference(
  bySeed: ArrayLike<number>,
  without: Float64Array,
  sizes?: Float64Array,
): SeedInference | undefined {
  const { count, mean, variance } = sampleMoments(bySeed);
  if (count < 2) throw new RangeError(`${count} seed says nothing of the spread between seeds`);
  const examples = clusteredInference(mean, without, sizes);
  if (examples === undefined) return undefined;
  const ofExamples = examples.standardError ** 2;
  const ofSeeds = variance / count;
  const total = ofExamples + ofSeeds;
  // By shares of the total, so that tiny variances do not underflow when they are squared.
  const share = total === 0 ? 0 : ofSeeds / total;
  const degreesOfFreedom = 1 / ((1 - share) ** 2 / examples.degreesOfFreedom + share ** 2 / (count - 1));
  const inference = studentInference('seed-and-cluster-jackknife-t', Math.sqrt(total), degreesOfFreedom);
  return { ...inference, seedDeviation: Math.sqrt(variance) };
}
