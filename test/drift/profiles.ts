import { deriveBins } from '../../lib/profile/derive-bins.ts';
import type { Profile } from '../../lib/profile/profile.ts';
import { createProfiler } from '../../lib/profile/profiler.ts';
import { createRandom, type Random } from '../../lib/stats/resampling/random.ts';
import { columnsOf, frameOf, type TestTable, type TestValues } from '../profile/frames.ts';

const DAY = 86_400_000;

/** A column of a made-up dataset: its value on a day. */
export type Maker = (random: Random, day: number) => number | string | null;

/** Rows of the days `from` … `to` (exclusive): `perDay` a day, the same for the same seed. */
export function tableOf(makers: Record<string, Maker>, from: number, to: number, perDay = 100, seed = 1): TestTable {
  const columns = Object.entries(makers).map(([name, make], index): [string, TestValues] => {
    const values: (number | string | null)[] = [];
    for (let day = from; day < to; day++) {
      const random = createRandom([seed, index], day);
      for (let row = 0; row < perDay; row++) values.push(make(random, day));
    }
    if (values.some((value) => typeof value === 'string')) {
      return [name, { type: 'string', values: values.map((value) => (value === null ? null : String(value))) }];
    }
    return [name, { type: 'float', values: values as (number | null)[] }];
  });
  const days = Array.from({ length: (to - from) * perDay }, (_none, row) => (from + Math.floor(row / perDay)) * DAY);
  return { ...Object.fromEntries(columns), at: { type: 'timestamp', values: days } };
}

/** The profile of a table, on the bins of `reference` or on its own. */
export function profileOf(table: TestTable, reference?: Profile): Profile {
  const profile = (bins?: ReturnType<typeof deriveBins>): Profile => {
    const profiler = createProfiler(columnsOf(table), bins === undefined ? {} : { time: 'at', bins });
    profiler.add(frameOf(table));
    return profiler.finish();
  };
  return profile(reference?.days?.bins ?? deriveBins(profile()));
}
