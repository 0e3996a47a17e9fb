import type { Interval } from '../hypothesis-test.ts';
import { checkPaired, type PairedCounts } from './discordant-pairs.ts';
import type { Proportion } from './proportion.ts';
import { wilsonInterval } from './wilson-interval.ts';

/** All four cells of paired judgements. */
export interface PairedTable {
  readonly bothRight: number;
  readonly onlyBaseline: number;
  readonly onlyCandidate: number;
  readonly bothWrong: number;
}

/**
 * Newcombe's hybrid score interval of a difference of paired proportions, candidate − baseline (1998, Statistics in
 * Medicine 17:2635, method 10): the Wilson limits of both sides, joined by the correlation φ of the table with its
 * continuity correction. In closed form; Tango's interval is the default. Assumes independent pairs. No pair leaves
 * −1 … 1.
 */
export function newcombePairedInterval(table: PairedTable, level = 0.95): Interval {
  const { bothRight, onlyBaseline, onlyCandidate, bothWrong } = table;
  const pairs = bothRight + onlyBaseline + onlyCandidate + bothWrong;
  const counts: PairedCounts = { onlyBaseline, onlyCandidate, pairs };
  checkPaired(counts);
  const baseline = { successes: bothRight + onlyBaseline, trials: pairs };
  const candidate = { successes: bothRight + onlyCandidate, trials: pairs };
  return hybrid(baseline, candidate, level, correlation(table, pairs), (onlyCandidate - onlyBaseline) / pairs);
}

/**
 * Newcombe's hybrid score interval of a difference of two independent proportions, candidate − baseline (1998,
 * Statistics in Medicine 17:873, method 10). A side without a trial leaves −1 … 1.
 */
export function newcombeInterval(baseline: Proportion, candidate: Proportion, level = 0.95): Interval {
  const estimate = candidate.successes / candidate.trials - baseline.successes / baseline.trials;
  return hybrid(baseline, candidate, level, 0, estimate);
}

function hybrid(
  baseline: Proportion,
  candidate: Proportion,
  level: number,
  correlated: number,
  estimate: number,
): Interval {
  const [from, to] = [wilsonInterval(baseline, level), wilsonInterval(candidate, level)];
  if (baseline.trials === 0 || candidate.trials === 0) return { lower: -1, upper: 1 };
  const [was, is] = [baseline.successes / baseline.trials, candidate.successes / candidate.trials];
  const length = (x: number, y: number): number => Math.sqrt(Math.max(0, x * x - 2 * correlated * x * y + y * y));
  return {
    lower: estimate - length(is - to.lower, from.upper - was),
    upper: estimate + length(to.upper - is, was - from.lower),
  };
}

/** φ with Newcombe's correction: a positive product of diagonals is brought half the pairs nearer to 0. */
function correlation(table: PairedTable, pairs: number): number {
  const { bothRight, onlyBaseline, onlyCandidate, bothWrong } = table;
  const margins = [
    bothRight + onlyBaseline,
    onlyCandidate + bothWrong,
    bothRight + onlyCandidate,
    onlyBaseline + bothWrong,
  ];
  const scale = margins.reduce((product, margin) => product * Math.sqrt(margin), 1);
  if (scale === 0) return 0;
  const product = bothRight * bothWrong - onlyBaseline * onlyCandidate;
  return (product > 0 ? Math.max(0, product - pairs / 2) : product) / scale;
}
