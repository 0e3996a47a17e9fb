import type { Frame } from '../engine/frame.ts';
import type { ColumnInfo } from '../engine/table.ts';
import { assayError } from '../errors.ts';
import { createExactAccumulator } from '../stats/numbers/exact-sum.ts';
import type { ColumnBins } from './bins.ts';
import { createCategoricalProfiler } from './categorical-profiler.ts';
import { columnKind } from './column-kind.ts';
import { createDayCounter } from './day-counter.ts';
import { deriveBins } from './derive-bins.ts';
import { type ColumnProfiler, createNumericProfiler } from './numeric-profiler.ts';
import type { ColumnProfile, Profile } from './profile.ts';
import { createTimeProfiler } from './time-profiler.ts';

export interface ProfileOptions {
  /** The dataset's time column; without it there are no counts by day and drift cannot be judged. */
  readonly time?: string;
  /** Bins of a reference, to count days on; needs `time`. */
  readonly bins?: readonly ColumnBins[];
  /** Columns whose values are kept as keyed hashes only. */
  readonly hash?: { readonly columns: readonly string[]; readonly key: string };
}

export interface Profiler {
  /** Adds rows. Throws E_PROFILE_COLUMN when a column is not in the frame. */
  add(frame: Frame): void;
  finish(): Profile;
}

/** A profiler of the named columns; it keeps counts, never rows. Memory depends on the columns and days alone. */
export function createProfiler(columns: readonly ColumnInfo[], options: ProfileOptions = {}): Profiler {
  checkTime(columns, options.time);
  const exact = createExactAccumulator();
  const profilers = [...columns]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((column) => ({ name: column.name, profiler: columnProfiler(column) }));
  const { time, bins } = options;
  const days = time === undefined || bins === undefined ? undefined : createDayCounter(time, bins, options.hash?.key);
  let rows = 0;

  function columnProfiler(column: ColumnInfo): ColumnProfiler<ColumnProfile> {
    switch (columnKind(column.type)) {
      case 'numeric':
        return createNumericProfiler(column, exact);
      case 'time':
        return createTimeProfiler(column);
      case 'categorical':
        return createCategoricalProfiler(
          column,
          options.hash?.columns.includes(column.name) ? options.hash.key : undefined,
        );
    }
  }

  return {
    add(frame) {
      for (const { name, profiler } of profilers) {
        const data = frame.columns.get(name);
        if (data === undefined) {
          throw assayError('E_PROFILE_COLUMN', { column: name, known: [...frame.columns.keys()] });
        }
        profiler.add(data, frame.rows);
      }
      days?.add(frame);
      rows += frame.rows;
    },
    finish: () => ({
      schema: 'assay/profile/1',
      rows,
      columns: profilers.map(({ profiler }) => profiler.finish()),
      ...(days === undefined ? {} : { days: days.finish() }),
    }),
  };
}

/**
 * The profile of a stream of frames. With a time column and no bins, the stream is opened a second time to count days
 * on the bins that the first pass gave: this is how a reference is made.
 *
 * @param open starts the same stream from the beginning, e.g. `() => engine.stream(source)`
 */
export async function profileFrames(
  open: () => AsyncIterable<Frame>,
  columns: readonly ColumnInfo[],
  options: ProfileOptions = {},
): Promise<Profile> {
  const profiler = createProfiler(columns, options);
  for await (const frame of open()) profiler.add(frame);
  const profile = profiler.finish();
  if (options.time === undefined || options.bins !== undefined) return profile;
  const days = createDayCounter(options.time, deriveBins(profile), options.hash?.key);
  for await (const frame of open()) days.add(frame);
  return { ...profile, days: days.finish() };
}

function checkTime(columns: readonly ColumnInfo[], time: string | undefined): void {
  if (time === undefined) return;
  const column = columns.find(({ name }) => name === time);
  if (column === undefined) {
    throw assayError('E_PROFILE_COLUMN', { column: time, known: columns.map(({ name }) => name) });
  }
  if (columnKind(column.type) !== 'time') throw assayError('E_PROFILE_TIME', { column: time, type: column.physical });
}
