import { createIndexSource } from './random-indices.ts';
import { createRandomKernel } from './random-kernel.ts';
import { createSubsetSums } from './subset-sums.ts';

/**
 * Work that can be split: plain data, so that a worker thread can be handed it. Replicate r is a function of the seed
 * and r alone, so any split of the replicates gives the same bits as none.
 *
 * - `resample`: every replicate draws as many units as there are, with replacement, within each stratum
 *   (Efron & Tibshirani 1993), and adds up each column over the drawn units.
 * - `choose`: every replicate chooses each unit with probability ½ and adds up each column over the chosen ones: what
 *   sign-flip and swap tests are made of.
 *
 * A unit is a row, or a cluster with its rows added up: then whole clusters are drawn.
 */
export interface ResamplingTask {
  readonly kind: 'resample' | 'choose';
  readonly seed: readonly [number, number];
  /** A value a unit in each; all of the same length, of at least 1. */
  readonly columns: readonly Float64Array[];
  /** `resample` alone: sizes of the strata, which lie one after another in the columns. Without them there is one. */
  readonly strata?: readonly number[];
}

/** Does replicates `from` … `to` − 1 of a task, here or in a worker: column totals, replicate by replicate. */
export type RunResampling = (task: ResamplingTask, from: number, to: number) => Float64Array<ArrayBuffer>;

/**
 * Totals of every column in replicates `from` … `to` − 1.
 *
 * @returns `(to − from) · columns` numbers: all columns of the first replicate, then of the second, …
 * @throws RangeError when the strata do not add up to the units
 */
export const runResampling: RunResampling = (task, from, to) => {
  const totals = new Float64Array((to - from) * task.columns.length);
  const write = task.kind === 'resample' ? resampler(task) : chooser(task);
  for (let replicate = from; replicate < to; replicate++) {
    write(replicate, totals, (replicate - from) * task.columns.length);
  }
  return totals;
};

type WriteTotals = (replicate: number, totals: Float64Array, at: number) => void;

function resampler({ seed, columns, strata }: ResamplingTask): WriteTotals {
  const units = columns[0]?.length ?? 0;
  const sizes = strata ?? [units];
  if (sizes.some((size) => size < 1) || sizes.reduce((sum, size) => sum + size, 0) !== units) {
    throw new RangeError(`strata of ${sizes.join(' + ')} units for ${units}`);
  }
  const parts: { units: number; fill: (replicate: number) => void }[] = [];
  const drawn = new Uint32Array(units);
  const kernel = createRandomKernel();
  let first = 0;
  for (const [stratum, size] of sizes.entries()) {
    const begin = first;
    const source = createIndexSource(seed, size, kernel);
    const part = drawn.subarray(begin, begin + size);
    parts.push({ units: size, fill: (replicate) => source.fill(replicate, part, begin, stratum) });
    first += size;
  }
  return (replicate, totals, at) => {
    for (const part of parts) part.fill(replicate);
    for (let j = 0; j < columns.length; j++) totals[at + j] = gatherSum(columns[j] as Float64Array, drawn);
  };
}

/** Sum of the drawn values. Four sums side by side: one alone waits for every addition to end before the next. */
function gatherSum(values: Float64Array, drawn: Uint32Array): number {
  const whole = drawn.length & ~3;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < whole; i += 4) {
    a += values[drawn[i] as number] as number;
    b += values[drawn[i + 1] as number] as number;
    c += values[drawn[i + 2] as number] as number;
    d += values[drawn[i + 3] as number] as number;
  }
  for (let i = whole; i < drawn.length; i++) a += values[drawn[i] as number] as number;
  return a + b + (c + d);
}

function chooser({ seed, columns }: ResamplingTask): WriteTotals {
  const sums = createSubsetSums(columns);
  return (replicate, totals, at) => sums.choose(seed, replicate, totals, at);
}
