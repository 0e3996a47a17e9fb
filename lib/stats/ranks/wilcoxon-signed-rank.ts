import { normalCdf, normalUpper } from '../distributions/normal.ts';
import { midranks } from './midranks.ts';

/**
 * Wilcoxon's signed-rank test (1945) that paired differences are symmetric around zero: ranks of |difference|, those of
 * the positive ones summed. Independent pairs. Exact by enumerating the signs over the midranks, so ties need no
 * approximation; else normal with the tie correction (and Cureton's 1967 for Pratt's zeros).
 */
export interface SignedRankTest {
  readonly method: 'exact' | 'asymptotic';
  /** Pairs that differ. */
  readonly pairs: number;
  /** Ranks of the positive and of the negative differences, summed. */
  readonly positive: number;
  readonly negative: number;
  /** (positive − negative) / (positive + negative), −1 … 1 (Kerby 2014); 0 when no pair differs. */
  readonly rankBiserial: number;
  /** Standardised sum, continuity corrected where asked; only of the asymptotic method. */
  readonly z?: number;
  /** Two-sided. */
  readonly pValue: number;
  /** Against "differences tend to be negative". */
  readonly pLess: number;
  /** Against "differences tend to be positive". */
  readonly pGreater: number;
}

export interface SignedRankOptions {
  /** `auto`: exact up to EXACT_PAIRS pairs that differ. */
  readonly method?: 'auto' | 'exact' | 'asymptotic';
  /** Zeros: dropped (Wilcoxon), ranked and then dropped (Pratt 1959), or ranked and split between the sides. */
  readonly zeros?: 'drop' | 'pratt' | 'split';
  /** Asymptotic only: half a rank towards the mean. */
  readonly continuity?: boolean;
}

/** The enumeration takes about n³ additions: a few milliseconds here. */
export const EXACT_PAIRS = 100;

/**
 * @param differences candidate − baseline. None, or only zeros: nothing speaks against symmetry, every p is 1.
 * A NaN among them makes every result NaN.
 */
export function wilcoxonSignedRank(differences: ArrayLike<number>, options: SignedRankOptions = {}): SignedRankTest {
  const { method = 'auto', zeros = 'drop', continuity = true } = options;
  const all = new Float64Array(differences);
  const kept = zeros === 'drop' ? all.filter((d) => d !== 0) : all;
  const pairs = all.reduce((count, d) => count + (d === 0 ? 0 : 1), 0);
  const exact = method === 'exact' || (method === 'auto' && pairs <= EXACT_PAIRS);
  if (all.some(Number.isNaN)) return notANumber(exact, pairs);
  const { ranks, tieTerm } = midranks(kept.map(Math.abs));
  const sums = signedSums(kept, ranks);
  const half = zeros === 'split' ? sums.zero / 2 : 0;
  const positive = sums.positive + half;
  const negative = sums.negative + half;
  const rankBiserial = pairs === 0 ? 0 : (positive - negative) / (positive + negative);
  const summary = { pairs, positive, negative, rankBiserial };
  if (pairs === 0) return { method: exact ? 'exact' : 'asymptotic', ...summary, pValue: 1, pLess: 1, pGreater: 1 };
  if (exact) {
    const used = ranks.filter((_rank, i) => kept[i] !== 0);
    return { method: 'exact', ...summary, ...exactSigns(used, sums.positive) };
  }
  const zeroCount = kept.length - pairs;
  return {
    method: 'asymptotic',
    ...summary,
    ...normalSigns(positive, kept.length, tieTerm, zeroCount, zeros, continuity),
  };
}

interface PValues {
  readonly pValue: number;
  readonly pLess: number;
  readonly pGreater: number;
}

function signedSums(values: Float64Array, ranks: Float64Array): { positive: number; negative: number; zero: number } {
  const sums = { positive: 0, negative: 0, zero: 0 };
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    sums[value > 0 ? 'positive' : value < 0 ? 'negative' : 'zero'] += ranks[i] as number;
  }
  return sums;
}

/** The law of the positive sum when each sign is a fair coin, over doubled midranks (they are integers). */
function exactSigns(ranks: Float64Array, positive: number): PValues {
  const doubled = Array.from(ranks, (rank) => Math.round(2 * rank));
  const total = doubled.reduce((sum, rank) => sum + rank, 0);
  const law = new Float64Array(total + 1);
  law[0] = 1;
  let reach = 0;
  for (const rank of doubled) {
    reach += rank;
    for (let sum = reach; sum >= 0; sum--) {
      law[sum] = ((law[sum] as number) + (sum >= rank ? (law[sum - rank] as number) : 0)) / 2;
    }
  }
  const seen = Math.round(2 * positive);
  const pLess = Math.min(1, sumOf(law, 0, seen));
  const pGreater = Math.min(1, sumOf(law, seen, total));
  return { pValue: Math.min(1, 2 * Math.min(pLess, pGreater)), pLess, pGreater };
}

function sumOf(law: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i <= to; i++) sum += law[i] as number;
  return sum;
}

function normalSigns(
  positive: number,
  count: number,
  tieTerm: number,
  zeroCount: number,
  zeros: 'drop' | 'pratt' | 'split',
  continuity: boolean,
): PValues & { z: number } {
  const zero = zeros === 'pratt' ? zeroCount : 0;
  const tied = tieTerm - (zero ** 3 - zero);
  const mean = (count * (count + 1) - zero * (zero + 1)) / 4;
  const cubes = count * (count + 1) * (2 * count + 1) - zero * (zero + 1) * (2 * zero + 1);
  const deviation = Math.sqrt((cubes - tied / 2) / 24);
  const step = continuity ? 0.5 : 0;
  const distance = positive - mean;
  const z = (Math.sign(distance) * Math.max(0, Math.abs(distance) - step)) / deviation;
  return {
    z,
    pValue: Math.min(1, 2 * normalUpper(Math.abs(z))),
    pLess: normalCdf((distance + step) / deviation),
    pGreater: normalUpper((distance - step) / deviation),
  };
}

function notANumber(exact: boolean, pairs: number): SignedRankTest {
  const nothing = Number.NaN;
  const sums = { positive: nothing, negative: nothing, rankBiserial: nothing };
  const p = { pValue: nothing, pLess: nothing, pGreater: nothing };
  return { method: exact ? 'exact' : 'asymptotic', pairs, ...sums, ...p };
}
