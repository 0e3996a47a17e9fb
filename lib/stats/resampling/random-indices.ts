import { createRandomKernel, KERNEL_WORDS, type RandomKernel } from './random-kernel.ts';

const WORDS_PER_BLOCK = 4;
const KERNEL_BLOCKS = KERNEL_WORDS / WORDS_PER_BLOCK;
/** Up to this many units half a word is enough for an index. */
const HALF_WORD = 65536;
const TWO_POW_32 = 4294967296;

/** Random indices, a function of the seed and the numbers of the replicate and the stratum alone. */
export interface IndexSource {
  /**
   * Fills `out` with uniform indices in [first, first + n).
   *
   * @param replicate the stream of the seed
   * @param stratum streams of one replicate that do not share numbers
   */
  fill(replicate: number, out: Uint32Array<ArrayBuffer>, first?: number, stratum?: number): void;
}

/**
 * Uniform indices below `n` without modulo bias by multiplication and rejection (Lemire 2019, "Fast random integer
 * generation in an interval"). A word gives two indices where n is at most 65,536, and one where it is more.
 *
 * @param n 1 … 2^32 − 1
 * @param kernel several sources can share one
 */
export function createIndexSource(
  seed: readonly [number, number],
  n: number,
  kernel: RandomKernel = createRandomKernel(),
): IndexSource {
  const perBlock = n <= HALF_WORD ? 2 * WORDS_PER_BLOCK : WORDS_PER_BLOCK;
  return {
    fill(replicate, out, first = 0, stratum = 0) {
      let block = stratum * TWO_POW_32;
      let filled = 0;
      while (filled < out.length) {
        const missing = out.length - filled;
        const blocks = Math.min(KERNEL_BLOCKS, Math.ceil(missing / perBlock));
        const words = blocks * WORDS_PER_BLOCK;
        kernel.fill(seed, replicate, block, blocks);
        block += blocks;
        if (n <= HALF_WORD) {
          const count = Math.min(missing, kernel.indices(words, n, HALF_WORD % n, missing, first));
          out.set(kernel.drawn.subarray(0, count), filled);
          filled += count;
        } else filled = fromWords(kernel.words.subarray(0, words), n, out, filled, first);
      }
    },
  };
}

/** Every candidate is written; only an accepted one moves on. Without a branch there is none to mispredict. */
function fromWords(words: Uint32Array, n: number, out: Uint32Array, from: number, first: number): number {
  const threshold = TWO_POW_32 % n;
  const nLow = n & 0xffff;
  const nHigh = n >>> 16;
  let k = from;
  for (let w = 0; w < words.length && k < out.length; w++) {
    const word = words[w] as number;
    const wordLow = word & 0xffff;
    const wordHigh = word >>> 16;
    const middle = (Math.imul(wordHigh, nLow) + (Math.imul(wordLow, nLow) >>> 16)) >>> 0;
    const carry = (Math.imul(wordLow, nHigh) + (middle & 0xffff)) >>> 0;
    out[k] = first + ((Math.imul(wordHigh, nHigh) + (middle >>> 16) + (carry >>> 16)) >>> 0);
    k += Math.imul(word, n) >>> 0 >= threshold ? 1 : 0;
  }
  return k;
}
