import { fillWords } from './random.ts';

/** Words made at a time; small enough for the processor's first cache. */
const WORDS = 1024;
const WORDS_PER_BLOCK = 4;
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
 */
export function createIndexSource(seed: readonly [number, number], n: number): IndexSource {
  const buffer = new Uint32Array(WORDS);
  const fillFrom = n <= HALF_WORD ? fromHalfWords : fromWords;
  const perWord = n <= HALF_WORD ? 2 : 1;
  return {
    fill(replicate, out, first = 0, stratum = 0) {
      let block = stratum * TWO_POW_32;
      let filled = 0;
      while (filled < out.length) {
        const blocks = Math.ceil((out.length - filled) / (perWord * WORDS_PER_BLOCK));
        const words = blocks * WORDS_PER_BLOCK < WORDS ? buffer.subarray(0, blocks * WORDS_PER_BLOCK) : buffer;
        fillWords(seed, replicate, block, words);
        block += words.length / WORDS_PER_BLOCK;
        filled = fillFrom(words, n, out, filled, first);
      }
    },
  };
}

/** Every candidate is written; only an accepted one moves on. Without a branch there is none to mispredict. */
function fromHalfWords(words: Uint32Array, n: number, out: Uint32Array, from: number, first: number): number {
  const threshold = HALF_WORD % n;
  let k = from;
  for (let w = 0; w < words.length && k < out.length; w++) {
    const word = words[w] as number;
    const low = Math.imul(word & 0xffff, n);
    out[k] = first + (low >>> 16);
    k += (low & 0xffff) >= threshold ? 1 : 0;
    const high = Math.imul(word >>> 16, n);
    // Beyond the end nothing is stored.
    out[k] = first + (high >>> 16);
    k += (high & 0xffff) >= threshold ? 1 : 0;
  }
  return k;
}

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
