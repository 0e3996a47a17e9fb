import { normalP } from '../distributions/normal-p.ts';
import type { Alternative, TestResult } from '../hypothesis-test.ts';
import { checkDiscordant, type DiscordantPairs } from './discordant-pairs.ts';

/**
 * McNemar's test (1947, Psychometrika 12:153) by the normal limit, for many discordant pairs: the statistic is
 * z = (c − b)/√(b + c), whose square is the usual χ² with 1 degree of freedom.
 *
 * `corrected` moves it by one pair towards 0 (Edwards 1948), and never across as in R's mcnemar.test; it is as
 * conservative as the exact test and here for comparison with R and mlxtend only. A one-sided correction is always one
 * pair. Without a discordant pair the statistic is 0 and p is 1 (one-sided ½). Assumes independent pairs.
 */
export function mcnemarAsymptotic(
  counts: DiscordantPairs,
  options: { readonly corrected?: boolean; readonly alternative?: Alternative } = {},
): TestResult<'mcnemar-asymptotic' | 'mcnemar-corrected'> {
  checkDiscordant(counts);
  const { corrected = false, alternative = 'two-sided' } = options;
  const discordant = counts.onlyBaseline + counts.onlyCandidate;
  const difference = counts.onlyCandidate - counts.onlyBaseline;
  const moved = corrected ? towardsNull(difference, alternative) : difference;
  const statistic = discordant === 0 ? 0 : moved / Math.sqrt(discordant);
  return {
    method: corrected ? 'mcnemar-corrected' : 'mcnemar-asymptotic',
    alternative,
    statistic,
    ...normalP(statistic, alternative),
  };
}

function towardsNull(difference: number, alternative: Alternative): number {
  if (alternative === 'greater') return difference - 1;
  if (alternative === 'less') return difference + 1;
  return Math.sign(difference) * Math.max(0, Math.abs(difference) - 1);
}
