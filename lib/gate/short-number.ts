/** Significant digits of a number that is drawn or told, not decided on; a picture shows three. */
const DIGITS = 6;

/** A number as evidence keeps it: short to write, the same on every machine. */
export function shortNumber(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
}
