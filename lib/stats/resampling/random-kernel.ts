/**
 * The inner loops of resampling as WebAssembly, which has the 64-bit product that Philox is made of and JavaScript
 * lacks: the words of `createRandom`'s streams, in a third of the time. The module is written
 * out here instruction by instruction (WebAssembly Core 1.0, W3C 2019).
 */

/** Words that the kernel's memory holds, and indices made of them: two a word, and one that is tried and not taken. */
export const KERNEL_WORDS = 4096;
const WORDS_BYTES = KERNEL_WORDS * 4;

export interface RandomKernel {
  /** Where `fill` writes; a view of the kernel's own memory. */
  readonly words: Uint32Array;
  /** Where `indices` writes. */
  readonly drawn: Uint32Array;
  /** Philox blocks `firstBlock` … of a stream, four words each. */
  fill(seed: readonly [number, number], stream: number, firstBlock: number, blocks: number): void;
  /**
   * Indices first … first + n − 1 from the halves of the first words, those below `threshold` rejected (Lemire 2019).
   *
   * @param wanted no further word is used once there are so many; one more may come of the last
   * @returns how many there are
   */
  indices(words: number, n: number, threshold: number, wanted: number, first: number): number;
}

interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  fill(at: number, blocks: number, firstBlock: bigint, stream: bigint, key0: bigint, key1: bigint): void;
  indices(at: number, end: number, n: number, threshold: number, to: number, toEnd: number, first: number): number;
}

/** What is used of the global, which the types of ES and Node leave out. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: KernelExports };
};

/** A kernel with memory of its own; making one takes less than a millisecond. */
export function createRandomKernel(): RandomKernel {
  const { memory, fill, indices } = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes())).exports;
  const words = new Uint32Array(memory.buffer, 0, KERNEL_WORDS);
  const drawn = new Uint32Array(memory.buffer, WORDS_BYTES, 2 * KERNEL_WORDS + 1);
  return {
    words,
    drawn,
    fill(seed, stream, firstBlock, blocks) {
      fill(0, blocks, BigInt(firstBlock), BigInt(stream), BigInt(seed[0] >>> 0), BigInt(seed[1] >>> 0));
    },
    indices(count, n, threshold, wanted, first) {
      return (indices(0, count * 4, n, threshold, WORDS_BYTES, WORDS_BYTES + wanted * 4, first) - WORDS_BYTES) / 4;
    },
  };
}

const I32 = 0x7f;
const I64 = 0x7e;
const get = (local: number): number[] => [0x20, ...unsigned(local)];
const set = (local: number): number[] => [0x21, ...unsigned(local)];
const i32 = (value: number): number[] => [0x41, ...signed(BigInt(value))];
const i64 = (value: bigint): number[] => [0x42, ...signed(value)];
const ADD32 = [0x6a];
const SUB32 = [0x6b];
const MUL32 = [0x6c];
const AND32 = [0x71];
const SHL32 = [0x74];
const SHR32 = [0x76];
const AT_LEAST32 = [0x4f];
const LESS32 = [0x49];
const ADD64 = [0x7c];
const MUL64 = [0x7e];
const AND64 = [0x83];
const OR64 = [0x84];
const XOR64 = [0x85];
const SHL64 = [0x86];
const SHR64 = [0x88];
const load16 = (offset: number): number[] => [0x2f, 1, offset];
const STORE32 = [0x36, 2, 0];
const store64 = (offset: number): number[] => [0x37, 3, offset];
const BEGIN_LOOP = [0x03, 0x40];
const REPEAT_IF = [0x0d, 0];
const END = [0x0b];

const LOW_WORD = i64(0xffffffffn);
const HIGH_BITS = i64(32n);
const ROUNDS = 10;

/** Parameters: 0 address, 1 blocks (i32), 2 first block, 3 stream, 4 and 5 the key (i64). */
function fillCode(): number[] {
  const [a, b, c, d, p, q] = [6, 7, 8, 9, 10, 11];
  const keys = 12;
  const keyed: number[] = [];
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const weyl = [0x9e3779b9n, 0xbb67ae85n].map((step) => i64(BigInt.asUintN(32, step * BigInt(round))));
    for (const side of [0, 1]) {
      keyed.push(
        ...get(4 + side),
        ...(weyl[side] ?? []),
        ...ADD64,
        ...LOW_WORD,
        ...AND64,
        ...set(keys + 2 * round + side),
      );
    }
    rounds.push(
      ...[...get(a), ...i64(0xd2511f53n), ...MUL64, ...set(p)],
      ...[...get(c), ...i64(0xcd9e8d57n), ...MUL64, ...set(q)],
      ...[...get(q), ...HIGH_BITS, ...SHR64, ...get(b), ...XOR64, ...get(keys + 2 * round), ...XOR64, ...set(a)],
      ...[...get(p), ...HIGH_BITS, ...SHR64, ...get(d), ...XOR64, ...get(keys + 2 * round + 1), ...XOR64, ...set(c)],
      ...[...get(q), ...LOW_WORD, ...AND64, ...set(b)],
      ...[...get(p), ...LOW_WORD, ...AND64, ...set(d)],
    );
  }
  const pair = (low: number, high: number): number[] => [...get(low), ...get(high), ...HIGH_BITS, ...SHL64, ...OR64];
  const body = [
    ...keyed,
    ...BEGIN_LOOP,
    ...[...get(2), ...LOW_WORD, ...AND64, ...set(a), ...get(2), ...HIGH_BITS, ...SHR64, ...set(b)],
    ...[...get(3), ...LOW_WORD, ...AND64, ...set(c), ...get(3), ...HIGH_BITS, ...SHR64, ...set(d)],
    ...rounds,
    ...[...get(0), ...pair(a, b), ...store64(0), ...get(0), ...pair(c, d), ...store64(8)],
    ...[...get(0), ...i32(16), ...ADD32, ...set(0), ...get(2), ...i64(1n), ...ADD64, ...set(2)],
    ...[...get(1), ...i32(1), ...SUB32, ...set(1), ...get(1), ...REPEAT_IF, ...END],
  ];
  return [...vector([[...unsigned(6 + 2 * ROUNDS), I64]]), ...body, ...END];
}

/** Parameters, all i32: 0 address of words, 1 their end, 2 n, 3 threshold, 4 address of indices, 5 their end, 6 first. */
function indicesCode(): number[] {
  const product = 7;
  const half = (offset: number): number[] => [
    ...[...get(0), ...load16(offset), ...get(2), ...MUL32, ...set(product)],
    ...[...get(4), ...get(product), ...i32(16), ...SHR32, ...get(6), ...ADD32, ...STORE32],
    // Every candidate is written; only an accepted one moves on.
    ...[...get(4), ...get(product), ...i32(0xffff), ...AND32, ...get(3), ...AT_LEAST32, ...i32(2), ...SHL32, ...ADD32],
    ...set(4),
  ];
  const body = [
    ...BEGIN_LOOP,
    ...half(0),
    ...half(2),
    ...[...get(0), ...i32(4), ...ADD32, ...set(0)],
    ...[...get(0), ...get(1), ...LESS32, ...get(4), ...get(5), ...LESS32, ...AND32, ...REPEAT_IF, ...END],
    ...get(4),
  ];
  return [...vector([[1, I32]]), ...body, ...END];
}

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const text = (name: string): number[] => [name.length, ...Array.from(name, (letter) => letter.charCodeAt(0))];
  const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
  const section = (id: number, entries: readonly (readonly number[])[]): number[] => [id, ...sized(vector(entries))];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [
      [0x60, 6, I32, I32, I64, I64, I64, I64, 0],
      [0x60, 7, I32, I32, I32, I32, I32, I32, I32, 1, I32],
    ]),
    ...section(3, [[0], [1]]),
    ...section(5, [[0, 1]]),
    ...section(7, [
      [...text('memory'), 2, 0],
      [...text('fill'), 0, 0],
      [...text('indices'), 0, 1],
    ]),
    ...section(10, [sized(fillCode()), sized(indicesCode())]),
  ]);
}

function vector(entries: readonly (readonly number[])[]): number[] {
  return [...unsigned(entries.length), ...entries.flat()];
}

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

function signed(value: bigint): number[] {
  const low = Number(value & 127n);
  const rest = value >> 7n;
  const done = (rest === 0n && low < 64) || (rest === -1n && low >= 64);
  return done ? [low] : [low | 128, ...signed(rest)];
}
