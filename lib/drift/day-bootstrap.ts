import { studentQuantile } from '../stats/distributions/student-t.ts';
import type { DayDraws } from './day-draws.ts';
import { type DayMatrix, sumDays } from './day-matrix.ts';
import type { Quantity } from './quantities.ts';

/** Bootstrap samples: the 97.5 % quantile is the 975th of them. */
export const BOOTSTRAPS = 999;
/** One-sided level of the limit. */
const LEVEL = 0.975;
/** Normal quantile of LEVEL. */
const NORMAL = 1.959963984540054;

/**
 * Lower 97.5 % limits of how large the quantities are, from whole days drawn with replacement on both sides: the basic
 * (reverse percentile) bootstrap, 2·value − q₉₇.₅ (Davison & Hinkley 1997, §5.2), because a distance of samples is
 * biased upwards and its bootstrap once more. Few days vary too little when they are drawn from themselves, so the
 * distance to the limit is stretched by √(G/(G−1)) · t₉₇.₅,G₋₁ / z₉₇.₅ for the G days of the current window.
 * Days are taken as independent of each other; what lasts several days is held against past windows instead.
 *
 * @param observed one value a quantity; for shares its sign says which direction is meant
 * @returns limits in 0 … |value|
 */
export function lowerLimits(
  reference: DayMatrix,
  current: DayMatrix,
  quantities: readonly Quantity[],
  observed: readonly number[],
  draws: { readonly reference: DayDraws; readonly current: DayDraws },
): number[] {
  if (quantities.length === 0) return [];
  const values = observed.map(() => new Float64Array(BOOTSTRAPS));
  const referenceCells = new Float64Array(reference.cells);
  const currentCells = new Float64Array(current.cells);
  for (let replicate = 0; replicate < BOOTSTRAPS; replicate++) {
    sumDays(reference, draws.reference.at(replicate), referenceCells);
    sumDays(current, draws.current.at(replicate), currentCells);
    quantities.forEach((quantity, index) => {
      const value = quantity.measure(referenceCells, currentCells) * Math.sign(observed[index] as number);
      // Nothing to measure in this sample: as large as can be, which lowers the limit.
      (values[index] as Float64Array)[replicate] = Number.isNaN(value) ? 1 : value;
    });
  }
  const stretch = stretchOf(current.days);
  return observed.map((value, index) => {
    const size = Math.abs(value);
    const upper = (values[index] as Float64Array).sort()[Math.ceil(LEVEL * (BOOTSTRAPS + 1)) - 1] as number;
    return Math.max(0, size - stretch * Math.max(0, upper - size));
  });
}

function stretchOf(days: number): number {
  return (Math.sqrt(days / (days - 1)) * studentQuantile(LEVEL, days - 1)) / NORMAL;
}
