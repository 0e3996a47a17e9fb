import { highWordIndex } from '../distances/log-linear-grid.ts';

/**
 * Sums of doubles and of their squares without any rounding, so that the order of rows and the way they were split
 * cannot change a byte. After R. M. Neal (2015), "Fast exact summation using small and large superaccumulators":
 * integer mantissas are added up by exponent and brought together at the end. Sums are integers in units of
 * 2^SUM_EXPONENT, sums of squares in units of 2^SQUARES_EXPONENT.
 */
export const SUM_EXPONENT = -1074;
export const SQUARES_EXPONENT = 2 * SUM_EXPONENT;

const EXPONENTS = 2048;
/** Low halves are below 2^32, so this many of them stay below 2^53. */
const ADDS_BETWEEN_FLUSHES = 2 ** 20;
/** Integers up to this size are summed plainly: SMALL_BATCH squares of them stay below 2^53. */
const SMALL_INTEGER = 2 ** 20;
const SMALL_BATCH = 2 ** 12;
/** Within these magnitudes a square splits into three exact doubles; outside it goes the slow way. */
const SQUARE_SAFE_LOW = 2 ** -400;
const SQUARE_SAFE_HIGH = 2 ** 480;
/** Veltkamp's splitting constant for 53 bits. */
const SPLITTER = 2 ** 27 + 1;

export interface ExactSums {
  readonly sum: bigint;
  readonly squares: bigint;
}

export interface ExactAccumulator {
  /** Adds a finite number and its square. */
  add(value: number): void;
  /** The sums since the last call, and starts again at zero. */
  take(): ExactSums;
}

export function createExactAccumulator(): ExactAccumulator {
  const sum = createExponentBuckets();
  const squares = createExponentBuckets();
  let smallSum = 0;
  let smallSquares = 0;
  let smallCount = 0;
  let sumTotal = 0n;
  let squaresTotal = 0n;

  function flushSmall(): void {
    sumTotal += BigInt(smallSum) << BigInt(-SUM_EXPONENT);
    squaresTotal += BigInt(smallSquares) << BigInt(-SQUARES_EXPONENT);
    smallSum = 0;
    smallSquares = 0;
    smallCount = 0;
  }

  function add(value: number): void {
    const size = Math.abs(value);
    if (size <= SMALL_INTEGER && Math.trunc(value) === value) {
      smallSum += value;
      smallSquares += value * value;
      if (++smallCount === SMALL_BATCH) flushSmall();
      return;
    }
    sum.add(value);
    if (size >= SQUARE_SAFE_LOW && size <= SQUARE_SAFE_HIGH) {
      // Dekker's product: high² + 2·high·low + low², each of them exact.
      const scaled = SPLITTER * value;
      const high = scaled - (scaled - value);
      const low = value - high;
      squares.add(high * high);
      squares.add(2 * high * low);
      squares.add(low * low);
    } else {
      const units = unitsOf(value);
      squaresTotal += units * units;
    }
  }

  function take(): ExactSums {
    flushSmall();
    const taken = {
      sum: sumTotal + sum.take(),
      squares: squaresTotal + (squares.take() << BigInt(SUM_EXPONENT - SQUARES_EXPONENT)),
    };
    sumTotal = 0n;
    squaresTotal = 0n;
    return taken;
  }

  return { add, take };
}

/** Sums of the two halves of integer mantissas, by exponent. */
function createExponentBuckets(): { add(value: number): void; take(): bigint } {
  const cell = new Float64Array(1);
  const words = new Uint32Array(cell.buffer);
  const highWord = highWordIndex();
  const lowWord = 1 - highWord;
  const highs = new Float64Array(EXPONENTS);
  const lows = new Float64Array(EXPONENTS);
  let adds = 0;
  let total = 0n;

  function flush(): void {
    for (let exponent = 0; exponent < EXPONENTS; exponent++) {
      const high = highs[exponent] as number;
      const low = lows[exponent] as number;
      if (high === 0 && low === 0) continue;
      // Subnormals (exponent 0) have the unit of exponent 1.
      total += ((BigInt(high) << 32n) + BigInt(low)) << BigInt(Math.max(exponent - 1, 0));
      highs[exponent] = 0;
      lows[exponent] = 0;
    }
    adds = 0;
  }

  return {
    add(value) {
      if (value === 0) return;
      cell[0] = value;
      const high = words[highWord] as number;
      const low = words[lowWord] as number;
      const exponent = (high >>> 20) & 0x7ff;
      const top = (high & 0xfffff) + (exponent === 0 ? 0 : 0x100000);
      if (high < 0x80000000) {
        highs[exponent] = (highs[exponent] as number) + top;
        lows[exponent] = (lows[exponent] as number) + low;
      } else {
        highs[exponent] = (highs[exponent] as number) - top;
        lows[exponent] = (lows[exponent] as number) - low;
      }
      if (++adds === ADDS_BETWEEN_FLUSHES) flush();
    },
    take() {
      flush();
      const taken = total;
      total = 0n;
      return taken;
    },
  };
}

/** A finite double as an integer in units of 2^SUM_EXPONENT. */
export function unitsOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = exponent === 0 ? fraction : fraction | 0x10000000000000n;
  const units = mantissa << BigInt(Math.max(exponent - 1, 0));
  return bits >> 63n === 1n ? -units : units;
}
