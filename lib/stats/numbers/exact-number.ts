/** `value · 2^exponent` written as `-1a2bp-40`: an odd hexadecimal integer and a power of two; `0p0` for zero. */
export const EXACT_NUMBER = /^(?:0p0|-?(?:[1-9a-f][0-9a-f]*)?[13579bdf]p(?:0|-?[1-9]\d*))$/;

/** Bits of a quotient that are kept before it becomes a double: 53 and enough that the rest cannot matter. */
const QUOTIENT_BITS = 120;

/** The one text of the number `value · 2^exponent`. */
export function exactNumberText(value: bigint, exponent: number): string {
  if (value === 0n) return '0p0';
  let odd = value;
  let power = exponent;
  for (const step of [1024, 256, 64, 16, 4, 1]) {
    while (BigInt.asUintN(step, odd) === 0n) {
      odd >>= BigInt(step);
      power += step;
    }
  }
  return `${odd.toString(16)}p${power}`;
}

/** The number of a text that `EXACT_NUMBER` matches, in units of 2^exponent, of which it must be a whole multiple. */
export function parseExactNumber(text: string, exponent: number): bigint {
  const split = text.indexOf('p');
  const negative = text.startsWith('-');
  const size = BigInt(`0x${text.slice(negative ? 1 : 0, split)}`);
  const shift = Number(text.slice(split + 1)) - exponent;
  if (size === 0n) return 0n;
  if (shift < 0) throw new RangeError(`${text} is not a multiple of 2^${exponent}`);
  const value = size << BigInt(shift);
  return negative ? -value : value;
}

/** numerator / denominator · 2^exponent as the nearest double (denominator > 0; a subnormal may be rounded twice). */
export function ratioToNumber(numerator: bigint, denominator: bigint, exponent: number): number {
  if (numerator === 0n) return 0;
  const size = numerator < 0n ? -numerator : numerator;
  const shift = QUOTIENT_BITS - (bitLength(size) - bitLength(denominator));
  const dividend = shift >= 0 ? size << BigInt(shift) : size;
  const divisor = shift >= 0 ? denominator : denominator << BigInt(-shift);
  // A rest that was cut off still decides which way a tie is rounded.
  const quotient = (dividend / divisor) | (dividend % divisor === 0n ? 0n : 1n);
  const value = scaleByPower(Number(quotient), exponent - shift);
  return numerator < 0n ? -value : value;
}

function bitLength(value: bigint): number {
  const hex = value.toString(16);
  return hex.length * 4 - Math.clz32(Number.parseInt(hex.charAt(0), 16)) + 28;
}

/** value · 2^power, in steps that a double can hold. */
function scaleByPower(value: number, power: number): number {
  let scaled = value;
  let left = power;
  while (left !== 0) {
    const step = Math.max(-1000, Math.min(1000, left));
    scaled *= 2 ** step;
    left -= step;
  }
  return scaled;
}
