import { createRandom } from '../stats/resampling/random.ts';

/** Draws of days, the same for every column of a report: the r-th is a function of the seed and r alone. */
export interface DayDraws {
  at(replicate: number): Int32Array;
}

/** Streams of one seed, so that permutations and the two sides' bootstraps are independent. */
const STREAM = { permutation: 0, current: 2 ** 40, reference: 2 ** 41 } as const;

/** `count` of `days` days, without replacement: which days are called current in a permutation. */
export function permutedDays(seed: readonly [number, number], days: number, count: number): DayDraws {
  return remembered((replicate) => {
    const random = createRandom(seed, STREAM.permutation + replicate);
    const order = Int32Array.from({ length: days }, (_none, day) => day);
    for (let i = 0; i < count; i++) {
      const j = i + random.below(days - i);
      const swapped = order[i] as number;
      order[i] = order[j] as number;
      order[j] = swapped;
    }
    return order.slice(0, count);
  });
}

/** `days` of `days` days, with replacement: a bootstrap sample of one side. */
export function resampledDays(seed: readonly [number, number], days: number, side: 'current' | 'reference'): DayDraws {
  return remembered((replicate) => {
    const random = createRandom(seed, STREAM[side] + replicate);
    return Int32Array.from({ length: days }, () => random.below(days));
  });
}

function remembered(draw: (replicate: number) => Int32Array): DayDraws {
  const drawn: Int32Array[] = [];
  return {
    at(replicate) {
      for (let next = drawn.length; next <= replicate; next++) drawn.push(draw(next));
      return drawn[replicate] as Int32Array;
    },
  };
}
