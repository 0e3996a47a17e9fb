import { numbersOf, stringsOf } from '../../engine/collect.ts';
import type { Engine } from '../../engine/engine.ts';
import { naiveScale } from '../../metrics/naive-scale.ts';
import type { OpenDataset } from '../open-dataset.ts';
import { timeBefore } from './time-rows.ts';

export interface NaiveScaleRequest {
  readonly target: string;
  readonly time: string;
  /** Column of the series; all rows are one series when left out. */
  readonly series?: string | undefined;
  /** Steps after which a series repeats. */
  readonly season: number;
  /** End (ms, exclusive) of the past that is looked at; all rows are past when left out. */
  readonly before?: number | undefined;
}

/** The name of the only series, where no column tells them apart. */
export const ONLY_SERIES = '';

/**
 * The error of the naive forecast of every series on its past, in the target's unit (MASE's scale). Rows without a time
 * or a value are no part of the past.
 */
export async function naiveScales(
  engine: Engine,
  dataset: Pick<OpenDataset, 'source'>,
  { target, time, series, season, before }: NaiveScaleRequest,
): Promise<Map<string, number>> {
  const columns = [...new Set([time, target, ...(series === undefined ? [] : [series])])];
  const selection = { columns, ...(before === undefined ? {} : { where: timeBefore(time, before) }) };
  const pasts = new Map<string, { readonly times: number[]; readonly values: number[] }>();
  for await (const frame of engine.stream(dataset.source, selection)) {
    const times = numbersOf(frame, time);
    const values = numbersOf(frame, target);
    const names = series === undefined ? undefined : stringsOf(frame, series);
    for (let row = 0; row < frame.rows; row++) {
      const name = names === undefined ? ONLY_SERIES : (names[row] ?? null);
      if (name === null || !Number.isFinite(values[row])) continue;
      const past = pasts.get(name) ?? { times: [], values: [] };
      past.times.push(times[row] as number);
      past.values.push(values[row] as number);
      pasts.set(name, past);
    }
  }
  return new Map(
    [...pasts].map(([name, { times, values }]) => {
      const order = [...times.keys()].sort((a, b) => (times[a] as number) - (times[b] as number));
      return [
        name,
        naiveScale(
          Float64Array.from(order, (row) => values[row] as number),
          season,
        ),
      ];
    }),
  );
}
