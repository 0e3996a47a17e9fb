import { sampleMoments } from '../numbers/sample-moments.ts';
import { type LagKernel, longRunVariance } from './long-run-variance.ts';
import { type StudentOptions, type StudentTest, studentTest } from './student-test.ts';

export interface DieboldMarianoOptions extends StudentOptions {
  /** Steps ahead that were forecast, ≥ 1: losses are autocorrelated up to horizon − 1. */
  readonly horizon?: number;
  /** How autocovariances are weighted; `rectangular` is the original. */
  readonly kernel?: LagKernel;
}

export interface DieboldMariano extends StudentTest {
  /** The original statistic, before the small-sample correction (standard normal in large samples). */
  readonly uncorrected: number;
  /** What was used: Bartlett's weights stand in where the rectangular ones give no positive variance. */
  readonly kernel: LagKernel;
}

/** A long-run variance this small beside the variance is rounding: autocovariances that cancel. */
const NEGLIGIBLE = 1e-12;

/**
 * Test of equal forecast accuracy (Diebold & Mariano 1995) with the correction of Harvey, Leybourne & Newbold 1997:
 * mean loss difference over √(long-run variance / n), times √((n + 1 − 2h + h(h − 1)/n)/n), t with n − 1 degrees of
 * freedom; the interval agrees with it. Assumes a stationary series of loss differences in time order, h-dependent.
 *
 * A horizon that the series is too short for (the correction is not positive: h ≥ n) is `too-few`; losses that differ
 * by a constant are `no-variation`; both answer as in `studentTest`.
 *
 * @param lossDifferences baseline's loss − candidate's, so that above 0 the candidate forecasts better
 */
export function dieboldMariano(
  lossDifferences: ArrayLike<number>,
  options: DieboldMarianoOptions = {},
): DieboldMariano {
  const { horizon = 1, kernel = 'rectangular' } = options;
  const { count, mean, variance } = sampleMoments(lossDifferences);
  const wanted = variance === 0 ? 0 : longRunVariance(lossDifferences, horizon - 1, kernel);
  const used: LagKernel = variance > 0 && wanted <= NEGLIGIBLE * variance ? 'bartlett' : kernel;
  const longRun = used === kernel ? wanted : longRunVariance(lossDifferences, horizon - 1, used);
  const plainError = Math.sqrt(longRun / count);
  const shrink = Math.sqrt((count + 1 - 2 * horizon + (horizon * (horizon - 1)) / count) / count);
  const isEnough = count >= 2 && horizon < count;
  const test = studentTest(
    {
      estimate: mean,
      standardError: isEnough ? plainError / shrink : Number.NaN,
      degreesOfFreedom: isEnough ? count - 1 : 0,
    },
    options,
  );
  return { ...test, uncorrected: test.statistic / shrink, kernel: used };
}
