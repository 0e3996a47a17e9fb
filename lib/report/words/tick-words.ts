import { formatNumber } from './number-format.ts';

const THOUSANDS: readonly (readonly [number, string])[] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];

/** An axis's numbers with as many decimals as their step needs, in thousands or millions where they are large. */
export function tickWords(ticks: readonly number[]): string[] {
  const largest = Math.max(...ticks.map(Math.abs));
  const [unit, letter] = THOUSANDS.find(([size]) => largest >= 10 * size) ?? [1, ''];
  const step = Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0)) / unit;
  if (largest !== 0 && largest < 1e-4) return ticks.map((tick) => tick.toExponential(0).replace('-', '−'));
  const decimals = step > 0 ? Math.max(0, Math.min(6, Math.ceil(-Math.log10(step) - 1e-9))) : 0;
  return ticks.map((tick) => `${formatNumber(tick / unit, decimals)}${tick === 0 ? '' : letter}`);
}

/** A count that fits into a small cell: `812`, `12k`, `1.2M`. */
export function cellWords(count: number): string {
  const [unit, letter] = THOUSANDS.find(([size]) => count >= size * (size === 1e3 ? 10 : 1)) ?? [1, ''];
  const value = count / unit;
  return `${formatNumber(value, letter !== '' && value < 9.95 ? 1 : 0)}${letter}`;
}
