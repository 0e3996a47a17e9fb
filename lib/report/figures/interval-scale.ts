import type { IntervalRow } from '../blocks/block.ts';

/** Steps of the allowed loss that a figure reaches at least and at most, on either side of zero. */
const LEAST_STEPS = 2;
const MOST_STEPS = 8;

/** Rows of one figure in a common unit: steps of each row's own margin, so that unlike metrics share one axis. */
export interface IntervalScale {
  /** The axis goes from −reach to +reach steps. */
  readonly reach: number;
  /** The position of a value on the axis, 0 (left) to 1 (right); outside it is cut off at the ends. */
  readonly position: (value: number, margin: number) => number;
  /** −1 for what lies left of the axis, 1 for what lies right of it, 0 for what is on it. */
  readonly beyond: (value: number, margin: number) => -1 | 0 | 1;
}

/** One axis for all rows: symmetric, so that zero is in the middle, and wide enough for all intervals up to a limit. */
export function intervalScale(rows: readonly IntervalRow[]): IntervalScale {
  const ends = rows.flatMap(({ lower, upper, margin }) => [Math.abs(lower / margin), Math.abs(upper / margin)]);
  const reach = Math.min(MOST_STEPS, Math.max(LEAST_STEPS, ...ends.map((end) => Math.ceil(end * 1.1))));
  return {
    reach,
    position: (value, margin) => Math.max(0, Math.min(1, (value / margin + reach) / (2 * reach))),
    beyond: (value, margin) => {
      const steps = value / margin;
      if (steps > reach) return 1;
      return steps < -reach ? -1 : 0;
    },
  };
}

/** Whether a range goes on beyond the picture. */
export function leaves({ lower, upper, margin }: IntervalRow, { beyond }: IntervalScale): boolean {
  return beyond(lower, margin) !== 0 || beyond(upper, margin) !== 0;
}
