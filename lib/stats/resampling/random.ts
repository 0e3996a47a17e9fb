/**
 * Counter-based random numbers: Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
 * The n-th number of a stream is a function of (seed, stream, n) alone, so results do not depend on the order of work
 * and any resampling can be split over workers bit for bit.
 */

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;
const TWO_POW_32 = 4294967296;
const WORDS_PER_BLOCK = 4;

/**
 * High 32 bits of `a` times a number of two 16-bit halves; Math.imul gives the low ones. All intermediate values fit
 * into 32 bits, so that this stays integer arithmetic, which is several times as fast as the same in doubles.
 */
function highProduct(a: number, bLow: number, bHigh: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const carry = (Math.imul(aLow, bHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carry >>> 16)) | 0;
}

/** One Philox block: four 32-bit words from a counter of four words and a key of two, written into `out`. */
export function philox4x32(counter: Uint32Array, key: readonly [number, number], out: Uint32Array): void {
  let c0 = (counter[0] as number) | 0;
  let c1 = (counter[1] as number) | 0;
  let c2 = (counter[2] as number) | 0;
  let c3 = (counter[3] as number) | 0;
  let k0 = key[0] | 0;
  let k1 = key[1] | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = highProduct(c0, MULTIPLIER_0 & 0xffff, MULTIPLIER_0 >>> 16);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = highProduct(c2, MULTIPLIER_1 & 0xffff, MULTIPLIER_1 >>> 16);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

function counterOf(stream: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.of(0, 0, stream >>> 0, stream / TWO_POW_32);
}

/** A stream of random numbers; the same seed and stream give the same numbers. */
export interface Random {
  /** Uniform integer in [0, 2^32). */
  uint32(): number;
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform integer in [0, n), without modulo bias; n in 1 … 2^32. */
  below(n: number): number;
  /** +1 or −1 with probability ½ each. */
  sign(): 1 | -1;
}

/**
 * @param seed two 32-bit words, e.g. the first 64 bits of a sha256 (see `seedOf`)
 * @param stream independent streams of one seed: replicate number, tree number, …
 */
export function createRandom(seed: readonly [number, number], stream = 0): Random {
  const counter = counterOf(stream);
  const block = new Uint32Array(WORDS_PER_BLOCK);
  let used = WORDS_PER_BLOCK;
  let bits = 0;
  let bitsLeft = 0;

  function uint32(): number {
    if (used === WORDS_PER_BLOCK) {
      philox4x32(counter, seed, block);
      counter[0] = ((counter[0] ?? 0) + 1) >>> 0;
      if (counter[0] === 0) counter[1] = ((counter[1] ?? 0) + 1) >>> 0;
      used = 0;
    }
    return block[used++] ?? 0;
  }
  function uniform(): number {
    return ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992;
  }
  function below(n: number): number {
    const limit = TWO_POW_32 - (TWO_POW_32 % n);
    for (;;) {
      const draw = uint32();
      if (draw < limit) return draw % n;
    }
  }
  function sign(): 1 | -1 {
    if (bitsLeft === 0) {
      bits = uint32();
      bitsLeft = 32;
    }
    const bit = bits & 1;
    bits >>>= 1;
    bitsLeft--;
    return bit === 1 ? 1 : -1;
  }
  return { uint32, uniform, below, sign };
}

/** The two seed words of a digest `sha256:<hex>`: randomness is seeded from the inputs (design §2). */
export function seedOf(digest: string): [number, number] {
  const hex = digest.slice(digest.indexOf(':') + 1);
  return [Number.parseInt(hex.slice(0, 8), 16), Number.parseInt(hex.slice(8, 16), 16)];
}
