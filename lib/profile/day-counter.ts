import { dayOf } from '../duration.ts';
import type { ColumnData, Frame } from '../engine/frame.ts';
import { assayError } from '../errors.ts';
import { gridKeyOfHighWord, highWordIndex } from '../stats/distances/log-linear-grid.ts';
import { type ColumnBins, cellCount, FIRST_BIN } from './bins.ts';
import { bucketOf, categoryKey } from './category-key.ts';
import { categoryAt } from './column-kind.ts';
import { type DayTable, MAX_DAYS } from './profile.ts';
import { withoutTrailingZeros } from './trailing-zeros.ts';

/** Raw values whose cell is remembered. */
const MEMORY = 65_536;

/** The cells of one day. */
type Cells = Float64Array;
/** Adds the rows of one column to the cells of their days (`slots[row]`, −1 for none). */
type Counter = (data: ColumnData, slots: Int32Array, days: readonly Cells[]) => void;

export interface DayCounter {
  add(frame: Frame): void;
  finish(): DayTable;
}

/**
 * Counts rows by UTC day of the time column and by bin. A column that a frame lacks, or that holds text where the bins
 * are of numbers, counts nothing.
 *
 * @param hashKey the key under which hashed values were hashed
 */
export function createDayCounter(time: string, bins: readonly ColumnBins[], hashKey?: string): DayCounter {
  const slotOfDay = new Map<number, number>();
  const rows: number[] = [];
  const columns = bins.map((own) => ({ own, count: createCounter(own, hashKey), days: [] as Cells[] }));
  let undated = 0;

  function slotsOf(data: ColumnData, size: number): Int32Array {
    if (data.kind !== 'time') throw assayError('E_PROFILE_TIME', { column: time, type: data.type });
    const slots = new Int32Array(size);
    let lastDay = Number.NaN;
    let lastSlot = -1;
    for (let row = 0; row < size; row++) {
      const at = data.values[row] as number;
      if (!Number.isFinite(at)) {
        slots[row] = -1;
        undated++;
        continue;
      }
      const day = dayOf(at);
      if (day !== lastDay) {
        lastDay = day;
        lastSlot = slotOfDay.get(day) ?? openSlot(day);
      }
      slots[row] = lastSlot;
      rows[lastSlot] = (rows[lastSlot] as number) + 1;
    }
    return slots;
  }

  function openSlot(day: number): number {
    const slot = rows.length;
    slotOfDay.set(day, slot);
    rows.push(0);
    for (const column of columns) column.days.push(new Float64Array(cellCount(column.own)));
    return slot;
  }

  return {
    add(frame) {
      const data = frame.columns.get(time);
      if (data === undefined) throw assayError('E_PROFILE_COLUMN', { column: time, known: [...frame.columns.keys()] });
      const slots = slotsOf(data, frame.rows);
      for (const column of columns) {
        const own = frame.columns.get(column.own.column);
        if (own !== undefined) column.count(own, slots, column.days);
      }
    },
    finish() {
      const kept = [...slotOfDay].sort((a, b) => a[0] - b[0]).slice(-MAX_DAYS);
      return {
        column: time,
        undated,
        days: kept.map(([day]) => day),
        rows: kept.map(([, slot]) => rows[slot] as number),
        bins: [...bins],
        counts: columns.map(({ days }) => kept.map(([, slot]) => withoutTrailingZeros(days[slot] as Cells))),
      };
    },
  };
}

function createCounter(bins: ColumnBins, hashKey: string | undefined): Counter {
  switch (bins.kind) {
    case 'numeric':
      return numericCounter(bins.edges);
    case 'categorical':
      return categoricalCounter(knownCells(bins.values, bins.shown), keyFor(bins.hashed, hashKey));
    case 'hashed': {
      const { cells } = bins;
      const key = keyFor(bins.hashed, hashKey);
      return textCounter((raw) => FIRST_BIN + (bucketOf(categoryKey(raw, key)) % cells));
    }
    case 'time':
      return numericCounter(undefined);
  }
}

function keyFor(hashed: string | undefined, hashKey: string | undefined): string | undefined {
  return hashed === undefined ? undefined : hashKey;
}

/** Numbers on edges, or times (no edges). */
function numericCounter(edges: readonly number[] | undefined): Counter {
  const highWord = highWordIndex();
  return (data, slots, days) => {
    if (data.kind === 'string') return;
    const { values } = data;
    const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
    for (let row = 0; row < slots.length; row++) {
      const slot = slots[row] as number;
      if (slot < 0) continue;
      const cells = days[slot] as Cells;
      const value = values[row] as number;
      if (Number.isNaN(value)) cells[0] = (cells[0] as number) + 1;
      else if (edges === undefined) cells[1] = (cells[1] as number) + 1;
      else {
        const key = value === 0 ? 0 : gridKeyOfHighWord(words[2 * row + highWord] as number);
        if (key === 0) cells[1] = (cells[1] as number) + 1;
        const cell = FIRST_BIN + firstAtLeast(edges, key);
        cells[cell] = (cells[cell] as number) + 1;
      }
    }
  };
}

/** Index of the first edge that is not below `key`; their number if there is none. */
function firstAtLeast(edges: readonly number[], key: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] as number) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function knownCells(values: readonly string[], shown: number): ReadonlyMap<string, number> {
  return new Map(values.map((value, index) => [value, FIRST_BIN + Math.min(index, shown)]));
}

function categoricalCounter(known: ReadonlyMap<string, number>, key: string | undefined): Counter {
  return textCounter((raw) => known.get(categoryKey(raw, key)) ?? 1);
}

function textCounter(cellOf: (raw: string) => number): Counter {
  const remembered = new Map<string, number>();
  return (data, slots, days) => {
    const valueAt = categoryAt(data);
    for (let row = 0; row < slots.length; row++) {
      const slot = slots[row] as number;
      if (slot < 0) continue;
      const raw = valueAt(row);
      let cell = 0;
      if (raw !== null) {
        const have = remembered.get(raw);
        cell = have ?? cellOf(raw);
        if (have === undefined) {
          if (remembered.size === MEMORY) remembered.clear();
          remembered.set(raw, cell);
        }
      }
      const cells = days[slot] as Cells;
      cells[cell] = (cells[cell] as number) + 1;
    }
  };
}
