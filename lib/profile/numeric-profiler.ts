import type { ColumnData } from '../engine/frame.ts';
import type { ColumnInfo } from '../engine/table.ts';
import { gridKeyOfHighWord, highWordIndex } from '../stats/distances/log-linear-grid.ts';
import { exactNumberText } from '../stats/numbers/exact-number.ts';
import { type ExactAccumulator, SQUARES_EXPONENT, SUM_EXPONENT } from '../stats/numbers/exact-sum.ts';
import { createHistogramCounter } from './histogram.ts';
import type { NumericProfile } from './profile.ts';

export interface ColumnProfiler<P> {
  add(data: ColumnData, rows: number): void;
  finish(): P;
}

/** @param exact scratch for one batch; columns may share it, since every `add` empties it */
export function createNumericProfiler(column: ColumnInfo, exact: ExactAccumulator): ColumnProfiler<NumericProfile> {
  const histogram = createHistogramCounter();
  const highWord = highWordIndex();
  const count = { null: 0, nan: 0, positiveInfinity: 0, negativeInfinity: 0, zero: 0, negative: 0 };
  let min = Infinity;
  let max = -Infinity;
  let sum = 0n;
  let squares = 0n;

  function add(data: ColumnData, rows: number): void {
    if (data.kind === 'string') throw new TypeError(`numbers expected in ${column.name}`);
    const { values, valid } = data;
    const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
    for (let row = 0; row < rows; row++) {
      const value = values[row] as number;
      if (value === 0) {
        count.zero++;
        histogram.add(0, 1);
        if (min > 0) min = 0;
        if (max < 0) max = 0;
        continue;
      }
      if (Number.isNaN(value)) {
        if (valid[row] === 0) count.null++;
        else count.nan++;
        continue;
      }
      histogram.add(gridKeyOfHighWord(words[2 * row + highWord] as number), 1);
      if (value === Infinity) {
        count.positiveInfinity++;
      } else if (value === -Infinity) {
        count.negativeInfinity++;
      } else {
        if (value < 0) count.negative++;
        if (value < min) min = value;
        if (value > max) max = value;
        exact.add(value);
      }
    }
    const batch = exact.take();
    sum += batch.sum;
    squares += batch.squares;
  }

  return {
    add,
    finish: () => ({
      name: column.name,
      kind: 'numeric',
      type: column.type,
      ...count,
      ...(min <= max ? { min, max } : {}),
      sum: exactNumberText(sum, SUM_EXPONENT),
      squares: exactNumberText(squares, SQUARES_EXPONENT),
      histogram: histogram.finish(),
    }),
  };
}
