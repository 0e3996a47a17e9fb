/** Decimals are never more than this; below it numbers are noise. */
const MOST_DECIMALS = 12;

/** A number with `decimals` digits after the point and thousands apart; a zero has no sign. */
export function formatNumber(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return 'not a number';
  const fixed = Math.abs(value).toFixed(decimals);
  const [whole = '0', fraction] = fixed.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = value < 0 && /[1-9]/.test(fixed) ? '−' : '';
  return `${sign}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** A count of rows, days, files: `336,776`. */
export function formatCount(count: number): string {
  return formatNumber(count, 0);
}

/** `1 day`, `31 days`. */
export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Decimals that show `value` with `digits` significant digits; 0 for what is large. */
function decimalsFor(value: number, digits: number): number {
  const size = Math.abs(value);
  if (size === 0 || !Number.isFinite(size)) return 0;
  return clamp(digits - 1 - Math.floor(Math.log10(size)));
}

/** The fewest decimals that show `value` exactly, at most those of two significant digits. */
function decimalsOfExact(value: number): number {
  const most = decimalsFor(value, 2);
  for (let decimals = 0; decimals < most; decimals++) {
    if (Math.abs(Number(value.toFixed(decimals)) - value) <= Math.abs(value) * 1e-9) return decimals;
  }
  return most;
}

function clamp(decimals: number): number {
  return Math.max(0, Math.min(MOST_DECIMALS, decimals));
}

/**
 * Decimals for a difference, its interval and the margin it is held against, the same for all of them: two significant
 * digits of the interval's width, all digits of the margin, and as many more as it takes that what is displayed stands
 * to each of `thresholds` (0, minus the margin …) as the numbers themselves do. So a verdict never contradicts its text.
 */
export function decimalsOfInterval(
  limits: { readonly lower: number; readonly upper: number },
  margin: number,
  thresholds: readonly number[],
): number {
  const width = limits.upper - limits.lower;
  let decimals = Math.max(width > 0 ? decimalsFor(width, 2) : 3, decimalsOfExact(margin));
  const agrees = (limit: number): boolean =>
    thresholds.every(
      (threshold) =>
        Math.sign(rounded(limit, decimals) - rounded(threshold, decimals)) === Math.sign(limit - threshold),
    );
  while (decimals < MOST_DECIMALS && !(agrees(limits.lower) && agrees(limits.upper))) decimals++;
  return clamp(decimals);
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/** A p value that is never `0.00` or `1.00`. */
export function formatPValue(p: number): string {
  if (p < 0.001) return '< 0.001';
  if (p > 0.99) return '> 0.99';
  return p < 0.01 ? p.toFixed(4) : p.toFixed(2);
}

/** A share as per cent: `3.1 %`, and never `0.0 %` or `100.0 %` of what is not none or all. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.05) return '< 0.1 %';
  if (percent < 100 && percent >= 99.95) return '> 99.9 %';
  return `${formatNumber(percent, 1)} %`;
}

/** A confidence or error level as per cent, without needless zeros: `95 %`, `0.5 %`. */
export function formatLevel(level: number): string {
  return `${Number((level * 100).toPrecision(4))} %`;
}

/** A declared limit with the digits it was declared with, at most two significant ones. */
export function formatLimit(value: number): string {
  return formatNumber(value, decimalsOfExact(value));
}

/** A number of three significant digits or more, for values that have no interval. */
export function formatValue(value: number): string {
  const decimals = Number.isInteger(value) ? 0 : decimalsFor(value, Math.abs(value) < 1 ? 3 : 4);
  return formatNumber(value, decimals);
}

/** Bytes as people read them: `1.4 MB` (powers of ten). */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${formatNumber(value, unit === 0 || value >= 99.5 ? 0 : 1)} ${units[unit]}`;
}

/** Seconds as people read them: `0.4 s`, `42 s`, `3 min 5 s`, `2 h 4 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${formatNumber(seconds, 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${formatCount(Math.floor(whole / 3600))} h ${Math.floor((whole % 3600) / 60)} min`;
}
