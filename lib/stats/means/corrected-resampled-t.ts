import { sampleMoments } from '../numbers/sample-moments.ts';
import { type StudentOptions, type StudentTest, studentTest } from './student-test.ts';

/**
 * t test of differences from repeated train/test splits, whose training sets overlap: the variance of their mean is
 * s²(1/J + test/train) instead of s²/J (Nadeau & Bengio 2003, "Inference for the generalization error"). Two-sided
 * interval of the mean difference with J − 1 degrees of freedom.
 *
 * @param differences candidate − baseline, one a split; fewer than two, or all equal: see `studentTest`
 * @param testOverTrain rows tested over rows trained on in each split: 1/(k − 1) for k folds
 */
export function correctedResampledT(
  differences: ArrayLike<number>,
  testOverTrain: number,
  options: StudentOptions = {},
): StudentTest {
  const { count, mean, variance } = sampleMoments(differences);
  const standardError = Math.sqrt(variance * (1 / count + testOverTrain));
  return studentTest({ estimate: mean, standardError, degreesOfFreedom: Math.max(0, count - 1) }, options);
}
