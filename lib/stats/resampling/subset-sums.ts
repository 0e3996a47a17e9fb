import { createRandomKernel, KERNEL_WORDS } from './random-kernel.ts';

/** Units that are decided together, by half a byte of randomness: the 16 possible sums of each group are made once. */
const GROUP = 4;
const SUBSETS = 1 << GROUP;
const GROUPS_PER_WORD = 32 / GROUP;
const WORDS_PER_BLOCK = 4;

/** Sums of columns over random halves of the units. */
export interface SubsetSums {
  /** Chooses each unit with probability ½ by the bits of a stream, and writes every column's sum over the chosen. */
  choose(seed: readonly [number, number], replicate: number, totals: Float64Array, at: number): void;
}

/**
 * Makes tables of the sums of all subsets of four units each ("method of the four Russians", Arlazarov et al. 1970), so
 * that a replicate adds up one entry for every four units instead of four values. 32 bytes a unit and column.
 */
export function createSubsetSums(columns: readonly Float64Array[]): SubsetSums {
  const units = columns[0]?.length ?? 0;
  const count = WORDS_PER_BLOCK * Math.ceil(units / (32 * WORDS_PER_BLOCK));
  const tables = columns.map((column) => subsetTable(column, count * GROUPS_PER_WORD));
  const kernel = createRandomKernel();
  return {
    choose(seed, replicate, totals, at) {
      totals.fill(0, at, at + tables.length);
      for (let begin = 0; begin < count; begin += KERNEL_WORDS) {
        const words = Math.min(KERNEL_WORDS, count - begin);
        kernel.fill(seed, replicate, begin / WORDS_PER_BLOCK, words / WORDS_PER_BLOCK);
        for (let j = 0; j < tables.length; j++) {
          const sum = lookUp(tables[j] as Float64Array, begin * GROUPS_PER_WORD * SUBSETS, kernel.words, words);
          totals[at + j] = (totals[at + j] as number) + sum;
        }
      }
    },
  };
}

/** Entry g · 16 + s: the sum over the units of group g whose bits are set in s. Units beyond the end count 0. */
function subsetTable(column: Float64Array, groups: number): Float64Array {
  const table = new Float64Array(groups * SUBSETS);
  for (let unit = 0; unit < groups * GROUP; unit++) {
    const value = column[unit] ?? 0;
    const begin = Math.floor(unit / GROUP) * SUBSETS;
    const bit = 1 << (unit % GROUP);
    for (let subset = bit; subset < 2 * bit; subset++) {
      table[begin + subset] = (table[begin + subset - bit] as number) + value;
    }
  }
  return table;
}

function lookUp(table: Float64Array, start: number, words: Uint32Array, count: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let begin = start;
  for (let w = 0; w < count; w++) {
    const word = words[w] as number;
    a += table[begin + (word & 15)] as number;
    b += table[begin + 16 + ((word >>> 4) & 15)] as number;
    c += table[begin + 32 + ((word >>> 8) & 15)] as number;
    d += table[begin + 48 + ((word >>> 12) & 15)] as number;
    a += table[begin + 64 + ((word >>> 16) & 15)] as number;
    b += table[begin + 80 + ((word >>> 20) & 15)] as number;
    c += table[begin + 96 + ((word >>> 24) & 15)] as number;
    d += table[begin + 112 + (word >>> 28)] as number;
    begin += GROUPS_PER_WORD * SUBSETS;
  }
  return a + b + (c + d);
}
