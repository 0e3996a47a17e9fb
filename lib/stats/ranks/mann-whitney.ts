import { normalUpper } from '../distributions/normal.ts';
import { midranks } from './midranks.ts';

/**
 * The rank-sum test of two independent samples (Wilcoxon 1945; Mann & Whitney 1947): how often a candidate's value is
 * above a baseline's. Exact given the ties, by enumerating which midranks could have been the candidate's; else normal
 * with the tie correction.
 */
export interface RankSumTest {
  readonly method: 'exact' | 'asymptotic';
  /** Pairs (baseline, candidate) in which the candidate's value is larger, ties by half. */
  readonly candidateWins: number;
  readonly baselineWins: number;
  /** candidateWins over all pairs: P(candidate > baseline) + ½ P(equal). ½ when a side is empty. */
  readonly probability: number;
  /** 2 · probability − 1 (Cliff 1993), −1 … 1. */
  readonly cliffsDelta: number;
  /** Two-sided; exact: the share of assignments at least as far from the mean. */
  readonly pValue: number;
  /** Against "the candidate's values tend to be smaller". */
  readonly pLess: number;
  /** Against "the candidate's values tend to be larger". */
  readonly pGreater: number;
}

export interface RankSumOptions {
  /** `auto`: exact up to EXACT_PRODUCT. */
  readonly method?: 'auto' | 'exact' | 'asymptotic';
  /** Asymptotic only: half a win towards the mean. */
  readonly continuity?: boolean;
}

/** Largest n · m for which `auto` enumerates: some 10⁷ additions. */
export const EXACT_PRODUCT = 1_000;

/** An empty side, or values that are all equal: every p is 1. A NaN makes every result NaN. */
export function mannWhitney(
  baseline: ArrayLike<number>,
  candidate: ArrayLike<number>,
  options: RankSumOptions = {},
): RankSumTest {
  const { method = 'auto', continuity = true } = options;
  const n = baseline.length;
  const m = candidate.length;
  const exact = method === 'exact' || (method === 'auto' && n * m <= EXACT_PRODUCT);
  const name = exact ? 'exact' : 'asymptotic';
  const pooled = new Float64Array(n + m);
  pooled.set(baseline);
  pooled.set(candidate, n);
  if (pooled.some(Number.isNaN)) return answer(name, Number.NaN, Number.NaN, always(Number.NaN));
  const { ranks, tieTerm } = midranks(pooled);
  let rankSum = 0;
  for (let i = n; i < n + m; i++) rankSum += ranks[i] as number;
  const wins = rankSum - (m * (m + 1)) / 2;
  const total = n + m;
  const isConstant = tieTerm === total * total * total - total;
  if (n === 0 || m === 0 || isConstant) return answer(name, wins, n * m, always(1));
  if (exact) return answer('exact', wins, n * m, exactPs(ranks, m, rankSum));
  const variance = ((n * m) / 12) * (total + 1 - tieTerm / (total * (total - 1)));
  return answer('asymptotic', wins, n * m, normalPs(wins - (n * m) / 2, Math.sqrt(variance), continuity ? 0.5 : 0));
}

interface PValues {
  readonly pValue: number;
  readonly pLess: number;
  readonly pGreater: number;
}

function always(p: number): PValues {
  return { pValue: p, pLess: p, pGreater: p };
}

function answer(method: 'exact' | 'asymptotic', wins: number, pairs: number, p: PValues): RankSumTest {
  const probability = pairs === 0 ? 0.5 : wins / pairs;
  const cliffsDelta = pairs === 0 ? 0 : (2 * wins - pairs) / pairs;
  return { method, candidateWins: wins, baselineWins: pairs - wins, probability, cliffsDelta, ...p };
}

function normalPs(distance: number, deviation: number, step: number): PValues {
  return {
    pValue: Math.min(1, 2 * normalUpper((Math.abs(distance) - step) / deviation)),
    pLess: normalUpper((-distance - step) / deviation),
    pGreater: normalUpper((distance - step) / deviation),
  };
}

/** The law of the sum of `chosen` ranks drawn without replacement, over doubled midranks (they are integers). */
function exactPs(ranks: Float64Array, chosen: number, rankSum: number): PValues {
  const doubled = Float64Array.from(ranks, (rank) => Math.round(2 * rank)).sort();
  const count = doubled.length;
  // The smaller side is enumerated; the other one's sum is what remains.
  const side = Math.min(chosen, count - chosen);
  const all = doubled.reduce((sum, rank) => sum + rank, 0);
  const seen = side === chosen ? 2 * rankSum : all - 2 * rankSum;
  const law = sumLaw(doubled, side);
  const mean = (side * all) / count;
  let below = 0;
  let above = 0;
  let outside = 0;
  for (let sum = 0; sum < law.length; sum++) {
    const share = law[sum] as number;
    if (sum <= seen) below += share;
    if (sum >= seen) above += share;
    if (Math.abs(sum - mean) >= Math.abs(seen - mean)) outside += share;
  }
  const [less, greater] = side === chosen ? [below, above] : [above, below];
  return { pValue: Math.min(1, outside), pLess: Math.min(1, less), pGreater: Math.min(1, greater) };
}

/**
 * Probabilities of the sums of `side` of the ranks. Ranks are offered one after the other; `law[j][s]` is the chance
 * that j of those offered so far were taken and sum to s, when each subset of `side` is equally likely.
 */
function sumLaw(ranks: Float64Array, side: number): Float64Array {
  const count = ranks.length;
  const width = ranks.subarray(count - side).reduce((sum, rank) => sum + rank, 0) + 1;
  const law = Array.from({ length: side + 1 }, () => new Float64Array(width));
  (law[0] as Float64Array)[0] = 1;
  for (let offered = 0; offered < count; offered++) {
    const rank = ranks[offered] as number;
    for (let taken = Math.min(offered, side); taken >= 0; taken--) {
      const from = law[taken] as Float64Array;
      const to = law[taken + 1];
      // Of the ranks left, side − taken are still to be taken.
      const take = (side - taken) / (count - offered);
      for (let sum = 0; sum < width; sum++) {
        const mass = from[sum] as number;
        if (mass === 0) continue;
        if (to !== undefined && take > 0) to[sum + rank] = (to[sum + rank] as number) + mass * take;
        from[sum] = mass * (1 - take);
      }
    }
  }
  return law[side] as Float64Array;
}
