import { sampleMoments } from '../numbers/sample-moments.ts';
import { type StudentOptions, type StudentTest, studentTest } from './student-test.ts';

/**
 * Paired t test and interval of the mean difference (Student 1908), one difference a pair: candidate − baseline.
 * Assumes independent pairs; rows that come in clusters belong in `clusteredMeanTest`. Large samples need no normality.
 *
 * @param differences in the metric's unit; fewer than two, or all equal: the degenerate answers of `studentTest`
 */
export function pairedT(differences: ArrayLike<number>, options: StudentOptions = {}): StudentTest {
  const { count, mean, variance } = sampleMoments(differences);
  return studentTest(
    { estimate: mean, standardError: Math.sqrt(variance / count), degreesOfFreedom: Math.max(0, count - 1) },
    options,
  );
}
