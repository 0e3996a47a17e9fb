import { normalP } from '../distributions/normal-p.ts';
import type { Alternative, TestResult } from '../hypothesis-test.ts';
import { checkProportion, type Proportion } from './proportion.ts';

/**
 * The pooled z test of two independent proportions; its square is Pearson's χ² of the 2×2 table without correction.
 * The statistic is positive where the candidate's share is larger. Assumes independent trials and enough of each kind
 * (else Fisher's exact test); the wrong test for paired judgements, see `mcnemarExact`.
 *
 * Where all trials agree, or a side has none, nothing can be told: z = 0 and p = 1 (one-sided ½).
 */
export function twoProportionTest(
  baseline: Proportion,
  candidate: Proportion,
  alternative: Alternative = 'two-sided',
): TestResult<'two-proportion-z'> {
  checkProportion(baseline);
  checkProportion(candidate);
  const trials = baseline.trials + candidate.trials;
  const pooled = (baseline.successes + candidate.successes) / trials;
  const variance = pooled * (1 - pooled) * (1 / baseline.trials + 1 / candidate.trials);
  const difference = candidate.successes / candidate.trials - baseline.successes / baseline.trials;
  const told = baseline.trials > 0 && candidate.trials > 0 && variance > 0;
  const statistic = told ? difference / Math.sqrt(variance) : 0;
  return { method: 'two-proportion-z', alternative, statistic, ...normalP(statistic, alternative) };
}
