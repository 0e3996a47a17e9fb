import { type SampleMoments, sampleMoments } from '../numbers/sample-moments.ts';
import { type StudentOptions, type StudentTest, studentTest } from './student-test.ts';

/**
 * Difference of the means of two independent samples, candidate − baseline, where the two may spread differently
 * (Welch 1947; degrees of freedom after Satterthwaite 1946): for runs with different seeds, not for predictions on the
 * same examples. Fewer than two values on a side, or no spread on either: the degenerate answers of `studentTest`.
 */
export function welchT(
  baseline: ArrayLike<number>,
  candidate: ArrayLike<number>,
  options: StudentOptions = {},
): StudentTest {
  const a = sampleMoments(baseline);
  const b = sampleMoments(candidate);
  const estimate = b.mean - a.mean;
  if (tooFew(a, b)) return studentTest({ estimate, standardError: Number.NaN, degreesOfFreedom: 0 }, options);
  const partA = a.variance / a.count;
  const partB = b.variance / b.count;
  const variance = partA + partB;
  // Shares of the variance, so that tiny variances do not underflow when they are squared.
  const shareA = variance === 0 ? 0.5 : partA / variance;
  const shareB = variance === 0 ? 0.5 : partB / variance;
  const degreesOfFreedom = 1 / (shareA ** 2 / (a.count - 1) + shareB ** 2 / (b.count - 1));
  return studentTest({ estimate, standardError: Math.sqrt(variance), degreesOfFreedom }, options);
}

export interface PooledTest extends StudentTest {
  /** The difference in pooled standard deviations (Cohen 1988, d); NaN where there is no spread. */
  readonly standardizedDifference: number;
}

/** The same difference where both sides are known to spread alike (Student 1908, pooled variance). */
export function pooledT(
  baseline: ArrayLike<number>,
  candidate: ArrayLike<number>,
  options: StudentOptions = {},
): PooledTest {
  const a = sampleMoments(baseline);
  const b = sampleMoments(candidate);
  const estimate = b.mean - a.mean;
  const degreesOfFreedom = tooFew(a, b) ? 0 : a.count + b.count - 2;
  const pooled = ((a.count - 1) * a.variance + (b.count - 1) * b.variance) / degreesOfFreedom;
  const standardError = Math.sqrt(pooled * (1 / a.count + 1 / b.count));
  const standardizedDifference = pooled > 0 ? estimate / Math.sqrt(pooled) : Number.NaN;
  return { ...studentTest({ estimate, standardError, degreesOfFreedom }, options), standardizedDifference };
}

function tooFew(a: SampleMoments, b: SampleMoments): boolean {
  return a.count < 2 || b.count < 2;
}
