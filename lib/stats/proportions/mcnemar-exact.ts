import { binomialTails, logBinomialPmf } from '../distributions/binomial.ts';
import { logAddExp } from '../distributions/tail-pair.ts';
import type { Alternative, TestResult } from '../hypothesis-test.ts';
import { checkDiscordant, type DiscordantPairs } from './discordant-pairs.ts';

/**
 * McNemar's test of two paired proportions, from the binomial distribution of the discordant pairs.
 *
 * `mid-p` counts the observed outcome half (Lancaster 1961; Fagerland, Lydersen, Laake 2013, BMC Med. Res. Methodol.
 * 13:91): it kept its level in all of their 9,595 scenarios and is the default here. `exact` (McNemar 1947) keeps it
 * by construction and is conservative. Two-sided p values are twice the smaller tail, at most 1; mid-p with equal
 * counts is 1 − half of that outcome's probability. Without a discordant pair nothing can be told: every p is 1, but
 * for the one-sided mid-p of ½, which says the same.
 *
 * The statistic is the number of pairs that only the candidate has right; `greater` says that it is right more often.
 * Assumes independent pairs; with clusters use their sums instead.
 */
export function mcnemarExact(
  counts: DiscordantPairs,
  method: 'exact' | 'mid-p' = 'mid-p',
  alternative: Alternative = 'two-sided',
): TestResult<'mcnemar-exact' | 'mcnemar-mid-p'> {
  checkDiscordant(counts);
  const logPValue = Math.min(0, method === 'exact' ? logExact(counts, alternative) : logMidP(counts, alternative));
  return {
    method: method === 'exact' ? 'mcnemar-exact' : 'mcnemar-mid-p',
    alternative,
    statistic: counts.onlyCandidate,
    pValue: Math.exp(logPValue),
    logPValue,
  };
}

function logExact({ onlyBaseline, onlyCandidate }: DiscordantPairs, alternative: Alternative): number {
  const n = onlyBaseline + onlyCandidate;
  // By symmetry P(X ≥ c) = P(X ≤ n − c) = P(X ≤ b).
  if (alternative === 'greater') return binomialTails(onlyBaseline, n, 0.5).logLower;
  if (alternative === 'less') return binomialTails(onlyCandidate, n, 0.5).logLower;
  return Math.LN2 + binomialTails(Math.min(onlyBaseline, onlyCandidate), n, 0.5).logLower;
}

function logMidP({ onlyBaseline, onlyCandidate }: DiscordantPairs, alternative: Alternative): number {
  const n = onlyBaseline + onlyCandidate;
  if (alternative === 'greater') return logHalfCounted(onlyBaseline, n);
  if (alternative === 'less') return logHalfCounted(onlyCandidate, n);
  if (n === 0) return 0;
  if (onlyBaseline === onlyCandidate) return Math.log1p(-0.5 * Math.exp(logBinomialPmf(onlyBaseline, n, 0.5)));
  return Math.LN2 + logHalfCounted(Math.min(onlyBaseline, onlyCandidate), n);
}

/** ln of P(X < k) + ½ P(X = k). */
function logHalfCounted(k: number, n: number): number {
  return logAddExp(binomialTails(k - 1, n, 0.5).logLower, logBinomialPmf(k, n, 0.5) - Math.LN2);
}
