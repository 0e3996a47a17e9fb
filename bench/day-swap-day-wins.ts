import type { ScoredFlights } from './day-swap-models.ts';

/**
 * All that the AUC of any selection of days needs: how often the positives of one day score above the negatives of
 * another, ties counted half. With it a draw of days costs days squared instead of rows.
 */
export interface DayWins {
  /** Entry d·days + e: the positives of day d against the negatives of day e. */
  readonly wins: Float64Array;
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

export function dayWins({ labels, days }: Pick<ScoredFlights, 'labels' | 'days'>, scores: Float64Array): DayWins {
  const first = days[0] ?? 0;
  const count = (days.at(-1) ?? 0) - first + 1;
  const byClass = [0, 1].map((label) =>
    Array.from({ length: count }, (_none, day) =>
      scores.filter((_score, row) => labels[row] === label && days[row] === first + day).sort(),
    ),
  );
  const [negatives = [], positives = []] = byClass;
  const wins = new Float64Array(count * count);
  positives.forEach((ours, d) => {
    negatives.forEach((theirs, e) => {
      wins[d * count + e] = mergedWins(ours, theirs);
    });
  });
  return {
    wins,
    positives: Float64Array.from(positives, (day) => day.length),
    negatives: Float64Array.from(negatives, (day) => day.length),
  };
}

/** Pairs of which ours is larger, ties half; both ascending. */
function mergedWins(ours: Float64Array, theirs: Float64Array): number {
  let [below, upTo, wins] = [0, 0, 0];
  for (const score of ours) {
    while (below < theirs.length && (theirs[below] as number) < score) below++;
    if (upTo < below) upTo = below;
    while (upTo < theirs.length && (theirs[upTo] as number) <= score) upTo++;
    wins += (below + upTo) / 2;
  }
  return wins;
}

/** The AUC difference of two models on the drawn days, and what it is without each of them, as the gate has it. */
export function differenceOfDays(
  one: DayWins,
  other: DayWins,
  drawn: Int32Array,
): { readonly difference: number; readonly without: Float64Array } {
  const [a, b] = [aucOfDays(one, drawn), aucOfDays(other, drawn)];
  return { difference: a.auc - b.auc, without: a.without.map((value, i) => value - (b.without[i] ?? 0)) };
}

function aucOfDays({ wins, positives, negatives }: DayWins, drawn: Int32Array) {
  const count = positives.length;
  const total = (counts: Float64Array): number => drawn.reduce((sum, day) => sum + (counts[day] ?? 0), 0);
  const [m, n] = [total(positives), total(negatives)];
  /** Wins that a drawn day takes part in; those against itself once. */
  const taken = new Float64Array(drawn.length);
  let sum = 0;
  drawn.forEach((d, i) => {
    drawn.forEach((e, j) => {
      const won = wins[d * count + e] ?? 0;
      taken[i] = (taken[i] ?? 0) + won;
      if (i !== j) taken[j] = (taken[j] ?? 0) + won;
      sum += won;
    });
  });
  const without = Float64Array.from(
    drawn,
    (day, i) => (sum - (taken[i] ?? 0)) / ((m - (positives[day] ?? 0)) * (n - (negatives[day] ?? 0))),
  );
  return { auc: sum / (m * n), without };
}
