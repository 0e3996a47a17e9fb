import type { Comparison } from '../../gate/decision.ts';
import { code, type Text } from '../blocks/span.ts';
import { metricWords } from './metric-words.ts';
import { decimalsOfInterval, formatLimit, formatNumber, formatValue } from './number-format.ts';

/** The words of one comparison, all numbers with the same decimals. */
export interface DifferenceWords {
  /** `0.031 worse`, `0.021 better`, `equal`. */
  readonly difference?: string;
  /** `0.018 to 0.044 worse`, `0.012 worse to 0.009 better`; for a floor the candidate's own range. */
  readonly range?: string;
  /** `worsens by 0.031 (plausible 0.018 to 0.044)`, `is between 0.012 worse and 0.009 better`. */
  readonly phrase?: string;
  /** `0.010 worse`, `has to be better`, `at least 0.700`. */
  readonly allowed: string;
  /** The loss that is allowed, as a number: `0.010`. Absent where none is. */
  readonly allowedLoss?: string;
  /** Absent where the metric has no value. */
  readonly candidate?: string;
  readonly baseline?: string;
  /** `0.010`: the margin, which is also the gain that power is computed for. */
  readonly margin: string;
}

/** The loss that a comparison allows; a slice is blocked by twice the margin (design §5). Absent for better and floors. */
export function allowedLossOf({ requirement, margin }: Comparison): number | undefined {
  switch (requirement) {
    case 'not-worse':
      return margin;
    case 'no-harm':
      return 2 * margin;
    case 'better':
    case 'above-floor':
      return undefined;
  }
}

/** What an interval is held against: the display must stand to these as the numbers do. */
function thresholdsOf({ requirement, margin }: Comparison): number[] {
  switch (requirement) {
    case 'not-worse':
      return [0, -margin];
    case 'better':
      return [0, -margin, margin / 2];
    case 'no-harm':
      return [0, -2 * margin];
    case 'above-floor':
      return [0];
  }
}

/** Puts a comparison into words. */
export function differenceWords(comparison: Comparison): DifferenceWords {
  return comparison.requirement === 'above-floor' ? floorWords(comparison) : pairWords(comparison);
}

function pairWords(comparison: Comparison): DifferenceWords {
  const { candidate, baseline, difference, interval, margin } = comparison;
  const loss = allowedLossOf(comparison);
  const decimals =
    interval === undefined ? undefined : decimalsOfInterval(interval, loss ?? margin, thresholdsOf(comparison));
  const number = (value: number): string =>
    decimals === undefined ? formatLimit(Math.abs(value)) : formatNumber(Math.abs(value), decimals);
  const level = (value: number): string => {
    const shown = decimals === undefined ? '' : formatNumber(value, Math.min(decimals, 6));
    // What is not zero is not shown as zero, however small it is.
    return shown === '' || (isZero(shown) && value !== 0) ? formatValue(value) : shown;
  };
  return {
    ...(candidate === undefined ? {} : { candidate: level(candidate) }),
    ...(baseline === undefined ? {} : { baseline: level(baseline) }),
    margin: number(margin),
    allowed: loss === undefined ? 'has to be better' : `${number(loss)} worse`,
    ...(loss === undefined ? {} : { allowedLoss: number(loss) }),
    ...(difference === undefined ? {} : { difference: signed(difference, number) }),
    ...(difference === undefined || interval === undefined
      ? {}
      : { range: range(interval, number), phrase: phrase(difference, interval, number) }),
  };
}

function isZero(text: string): boolean {
  return !/[1-9]/.test(text);
}

function signed(value: number, number: (value: number) => string): string {
  if (value === 0) return 'equal';
  if (isZero(number(value))) return 'about equal';
  return `${number(value)} ${value < 0 ? 'worse' : 'better'}`;
}

type Interval = { readonly lower: number; readonly upper: number };

function range({ lower, upper }: Interval, number: (value: number) => string): string {
  if (lower === 0 && upper === 0) return 'equal';
  if (lower >= 0) return `${number(lower)} to ${number(upper)} better`;
  if (upper <= 0) return `${number(upper)} to ${number(lower)} worse`;
  return `${number(lower)} worse to ${number(upper)} better`;
}

function phrase(difference: number, interval: Interval, number: (value: number) => string): string {
  const { lower, upper } = interval;
  if (lower === 0 && upper === 0) return 'is the same on both sides';
  if (lower > 0) return `improves by ${number(difference)} (plausible ${number(lower)} to ${number(upper)})`;
  if (upper < 0) return `worsens by ${number(difference)} (plausible ${number(upper)} to ${number(lower)})`;
  return `is between ${number(lower)} worse and ${number(upper)} better`;
}

/** A floor is about the candidate's own value: its range is the floor plus the range of the distance. */
function floorWords(comparison: Comparison): DifferenceWords {
  const { candidate, difference, interval, margin: floor, higherIsBetter } = comparison;
  const required = (text: string): string => (higherIsBetter ? `at least ${text}` : `at most ${text}`);
  if (interval === undefined || difference === undefined || candidate === undefined) {
    const value = candidate === undefined ? {} : { candidate: formatValue(candidate) };
    return { ...value, margin: formatLimit(floor), allowed: required(formatLimit(floor)) };
  }
  const own = higherIsBetter
    ? { lower: floor + interval.lower, upper: floor + interval.upper }
    : { lower: floor - interval.upper, upper: floor - interval.lower };
  // What is known exactly, such as a size in bytes, has no range, and whole numbers no decimals.
  const exact = own.lower === own.upper && Number.isInteger(candidate) && Number.isInteger(floor);
  const decimals = exact ? 0 : decimalsOfInterval(own, floor, [floor]);
  const number = (value: number): string => formatNumber(value, decimals);
  const limits = `${number(own.lower)} to ${number(own.upper)}`;
  const distance = formatNumber(Math.abs(difference), decimals);
  return {
    candidate: number(candidate),
    margin: number(floor),
    allowed: required(number(floor)),
    difference: isZero(distance) ? 'at the limit' : `${distance} ${difference < 0 ? 'short' : 'to spare'}`,
    range: exact ? number(candidate) : limits,
    phrase: exact ? `is ${number(candidate)}` : `is ${number(candidate)} (plausible ${limits})`,
  };
}

/** `log loss`, `ROC AUC where carrier is HA`. */
export function comparisonSubject(comparison: Comparison): Text {
  const metric = metricWords(comparison.metric);
  if (comparison.against !== undefined) return [`${metric} against `, code(comparison.against)];
  if (comparison.groups !== undefined) {
    const between = comparison.groups.against === 'rest' ? 'between a group and the rest, by ' : 'between groups of ';
    return [`the gap of ${metric} ${between}`, code(comparison.groups.column)];
  }
  if (comparison.slice === undefined) return [metric];
  return [`${metric} where `, code(comparison.slice.column), ' is ', code(comparison.slice.value)];
}
