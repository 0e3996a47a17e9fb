import { z } from 'zod';
import { ColumnType } from '../engine/table.ts';
import { GRID_BITS } from '../stats/distances/log-linear-grid.ts';
import { EXACT_NUMBER } from '../stats/numbers/exact-number.ts';
import { ColumnBins } from './bins.ts';

const Count = z.int().min(0);

/** An exact binary number, `-1a2bp-40`: see lib/stats/numbers/exact-number.ts. */
const Exact = z.string().regex(EXACT_NUMBER);

/**
 * Non-empty bins of the log-linear grid with `bits` mantissa bits (relative width 2^−bits): the first key, then the
 * steps from each to the next; and the counts. `bits` is the largest at which at most MAX_HISTOGRAM_BINS are not empty,
 * which depends on the set of values alone, not on the order or the shards they came in.
 */
export const Histogram = z
  .strictObject({ bits: z.int().min(0).max(GRID_BITS), keys: z.array(z.int()), counts: z.array(z.int().min(1)) })
  .refine((histogram) => histogram.keys.length === histogram.counts.length, 'as many keys as counts');
export type Histogram = z.infer<typeof Histogram>;

/** Numbers. `zero`, `negative`, min, max, sum and squares are of finite values; the histogram also has ±infinity. */
export const NumericProfile = z.strictObject({
  name: z.string(),
  kind: z.literal('numeric'),
  type: ColumnType,
  null: Count,
  nan: Count,
  positiveInfinity: Count,
  negativeInfinity: Count,
  zero: Count,
  negative: Count,
  min: z.number().optional(),
  max: z.number().optional(),
  /** Exact sum of the finite values and of their squares: merging rounds nothing. */
  sum: Exact,
  squares: Exact,
  histogram: Histogram,
});
export type NumericProfile = z.infer<typeof NumericProfile>;

/**
 * Text and booleans. Up to MAX_CATEGORIES distinct values are counted exactly, sorted by value; from there on only the
 * counts of HASH_BUCKETS buckets are kept.
 */
export const CategoricalProfile = z.strictObject({
  name: z.string(),
  kind: z.literal('categorical'),
  type: ColumnType,
  null: Count,
  /** Empty strings; also counted as a value. */
  empty: Count,
  /** Set when values are kept as keyed hashes only: tells the key without giving it away. */
  hashed: z.string().optional(),
  values: z.array(z.tuple([z.string(), z.int().min(1)])).optional(),
  buckets: z.array(Count).optional(),
});
export type CategoricalProfile = z.infer<typeof CategoricalProfile>;

/** Times: their range, in milliseconds since 1970 (UTC). */
export const TimeProfile = z.strictObject({
  name: z.string(),
  kind: z.literal('time'),
  type: ColumnType,
  null: Count,
  min: z.number().optional(),
  max: z.number().optional(),
});
export type TimeProfile = z.infer<typeof TimeProfile>;

export const ColumnProfile = z.discriminatedUnion('kind', [NumericProfile, CategoricalProfile, TimeProfile]);
export type ColumnProfile = z.infer<typeof ColumnProfile>;

/** Counts by UTC day of the time column, on bins derived from a reference. */
export const DayTable = z.strictObject({
  /** The dataset's time column. */
  column: z.string(),
  /** Rows whose time is missing. */
  undated: Count,
  /** Days since 1970, ascending; the newest MAX_DAYS of the data. */
  days: z.array(z.int()),
  rows: z.array(Count),
  /** Sorted by column. */
  bins: z.array(ColumnBins),
  /** By column (as in `bins`), by day: the cells, without the zeros at the end. */
  counts: z.array(z.array(z.array(Count))),
});
export type DayTable = z.infer<typeof DayTable>;

/** A mergeable summary of a dataset: never rows. Merging shards gives the bytes that profiling the whole gives. */
export const Profile = z.strictObject({
  schema: z.literal('assay/profile/1'),
  rows: Count,
  /** Sorted by name. */
  columns: z.array(ColumnProfile),
  days: DayTable.optional(),
});
export type Profile = z.infer<typeof Profile>;

/** Bins of a histogram before its grid is made coarser. */
export const MAX_HISTOGRAM_BINS = 2048;
/** Distinct values that are counted exactly. */
export const MAX_CATEGORIES = 1000;
/** Counts kept of a column with more distinct values than that. */
export const HASH_BUCKETS = 256;
/** Longest value, in UTF-16 units, that is kept as it is; a longer one is kept as its hash. */
export const MAX_VALUE_LENGTH = 64;
/** Days of counts that are kept: three years. */
export const MAX_DAYS = 1096;

/** The column of that name, if there is one. */
export function profileColumn(profile: Profile, name: string): ColumnProfile | undefined {
  return profile.columns.find((column) => column.name === name);
}
