import { digestOf } from '../digest.ts';
import { assayError } from '../errors.ts';
import { exactNumberText, parseExactNumber } from '../stats/numbers/exact-number.ts';
import { SQUARES_EXPONENT, SUM_EXPONENT } from '../stats/numbers/exact-sum.ts';
import { byValue } from './categorical-profiler.ts';
import { bucketOf } from './category-key.ts';
import { mergeHistograms } from './merge-histograms.ts';
import {
  type CategoricalProfile,
  type ColumnProfile,
  type DayTable,
  HASH_BUCKETS,
  MAX_CATEGORIES,
  MAX_DAYS,
  type NumericProfile,
  type Profile,
  type TimeProfile,
} from './profile.ts';
import { withoutTrailingZeros } from './trailing-zeros.ts';

/**
 * The profile of both sides' rows together: byte for byte what profiling them at once would give, in whatever order
 * shards are merged. Throws E_PROFILE_MERGE when they have other columns, bins or hash keys.
 */
export function mergeProfiles(a: Profile, b: Profile): Profile {
  const names = (profile: Profile): string => JSON.stringify(profile.columns.map(({ name }) => name));
  if (names(a) !== names(b)) throw assayError('E_PROFILE_MERGE', { reason: 'their columns differ' });
  const days = mergeDays(a.days, b.days);
  return {
    schema: 'assay/profile/1',
    rows: a.rows + b.rows,
    columns: a.columns.map((column, index) => mergeColumns(column, b.columns[index] as ColumnProfile)),
    ...(days === undefined ? {} : { days }),
  };
}

function mergeColumns(a: ColumnProfile, b: ColumnProfile): ColumnProfile {
  if (a.kind === 'numeric' && b.kind === 'numeric') return mergeNumeric(a, b);
  if (a.kind === 'categorical' && b.kind === 'categorical') return mergeCategorical(a, b);
  if (a.kind === 'time' && b.kind === 'time') return mergeTime(a, b);
  throw assayError('E_PROFILE_MERGE', { column: a.name, reason: `one is ${a.kind}, the other ${b.kind}` });
}

/** Integers in one shard and floats in the next are floats. */
function mergedType<T extends ColumnProfile>(a: T, b: T): T['type'] {
  if (a.type === b.type) return a.type;
  if (a.kind === 'numeric') return 'float';
  throw assayError('E_PROFILE_MERGE', { column: a.name, reason: `one is ${a.type}, the other ${b.type}` });
}

function range(a: { min?: number | undefined; max?: number | undefined }, b: typeof a): { min?: number; max?: number } {
  const min = Math.min(a.min ?? Infinity, b.min ?? Infinity);
  const max = Math.max(a.max ?? -Infinity, b.max ?? -Infinity);
  return min <= max ? { min, max } : {};
}

function mergeNumeric(a: NumericProfile, b: NumericProfile): NumericProfile {
  const add = (x: string, y: string, exponent: number): string =>
    exactNumberText(parseExactNumber(x, exponent) + parseExactNumber(y, exponent), exponent);
  return {
    name: a.name,
    kind: 'numeric',
    type: mergedType(a, b),
    null: a.null + b.null,
    nan: a.nan + b.nan,
    positiveInfinity: a.positiveInfinity + b.positiveInfinity,
    negativeInfinity: a.negativeInfinity + b.negativeInfinity,
    zero: a.zero + b.zero,
    negative: a.negative + b.negative,
    ...range(a, b),
    sum: add(a.sum, b.sum, SUM_EXPONENT),
    squares: add(a.squares, b.squares, SQUARES_EXPONENT),
    histogram: mergeHistograms(a.histogram, b.histogram),
  };
}

function mergeTime(a: TimeProfile, b: TimeProfile): TimeProfile {
  return { name: a.name, kind: 'time', type: mergedType(a, b), null: a.null + b.null, ...range(a, b) };
}

function mergeCategorical(a: CategoricalProfile, b: CategoricalProfile): CategoricalProfile {
  if (a.hashed !== b.hashed) {
    throw assayError('E_PROFILE_MERGE', { column: a.name, reason: 'their values are hashed under different keys' });
  }
  return {
    name: a.name,
    kind: 'categorical',
    type: mergedType(a, b),
    null: a.null + b.null,
    empty: a.empty + b.empty,
    ...(a.hashed === undefined ? {} : { hashed: a.hashed }),
    ...mergeValues(a, b),
  };
}

function mergeValues(a: CategoricalProfile, b: CategoricalProfile): Pick<CategoricalProfile, 'values' | 'buckets'> {
  if (a.values !== undefined && b.values !== undefined) {
    const counts = new Map<string, number>(a.values);
    for (const [value, count] of b.values) counts.set(value, (counts.get(value) ?? 0) + count);
    if (counts.size <= MAX_CATEGORIES) return { values: [...counts].sort(byValue) };
  }
  const left = bucketsOf(a);
  const right = bucketsOf(b);
  return { buckets: left.map((count, bucket) => count + (right[bucket] as number)) };
}

function bucketsOf(column: CategoricalProfile): readonly number[] {
  if (column.buckets !== undefined) return column.buckets;
  const buckets = new Array<number>(HASH_BUCKETS).fill(0);
  for (const [value, count] of column.values ?? []) {
    const bucket = bucketOf(value);
    buckets[bucket] = (buckets[bucket] as number) + count;
  }
  return buckets;
}

function mergeDays(a: DayTable | undefined, b: DayTable | undefined): DayTable | undefined {
  if (a === undefined && b === undefined) return undefined;
  if (a === undefined || b === undefined) {
    throw assayError('E_PROFILE_MERGE', { reason: 'only one of them counts by day' });
  }
  if (a.column !== b.column || digestOf(a.bins) !== digestOf(b.bins)) {
    throw assayError('E_PROFILE_MERGE', { reason: 'they count days by another time column or on other bins' });
  }
  const days = [...new Set([...a.days, ...b.days])].sort((x, y) => x - y).slice(-MAX_DAYS);
  const placesA = places(a);
  const placesB = places(b);
  const rowsOn = (table: DayTable, place: number | undefined): number =>
    place === undefined ? 0 : (table.rows[place] as number);
  const cellsOn = (counts: readonly number[][], place: number | undefined): readonly number[] =>
    place === undefined ? [] : (counts[place] as number[]);
  return {
    column: a.column,
    undated: a.undated + b.undated,
    days,
    rows: days.map((day) => rowsOn(a, placesA.get(day)) + rowsOn(b, placesB.get(day))),
    bins: a.bins,
    counts: a.counts.map((own, column) =>
      days.map((day) =>
        addCells(cellsOn(own, placesA.get(day)), cellsOn(b.counts[column] as number[][], placesB.get(day))),
      ),
    ),
  };
}

function places(table: DayTable): ReadonlyMap<number, number> {
  return new Map(table.days.map((day, place) => [day, place]));
}

function addCells(a: readonly number[], b: readonly number[]): number[] {
  const length = Math.max(a.length, b.length);
  return withoutTrailingZeros(Array.from({ length }, (_none, cell) => (a[cell] ?? 0) + (b[cell] ?? 0)));
}
