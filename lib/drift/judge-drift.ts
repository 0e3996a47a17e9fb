import { digestOf } from '../digest.ts';
import { assayError } from '../errors.ts';
import type { ColumnBins } from '../profile/bins.ts';
import type { DayTable, Profile } from '../profile/profile.ts';
import { benjaminiHochberg } from '../stats/multiplicity/benjamini-hochberg.ts';
import { type Comparison, columnEvidence } from './column-evidence.ts';
import { permutedDays, resampledDays } from './day-draws.ts';
import { decideResult } from './decide-result.ts';
import type { DriftResult } from './drift-report.ts';
import type { Evidence } from './evidence.ts';
import type { DriftReason } from './reasons.ts';
import type { DriftRules } from './rules.ts';
import { chooseWindows } from './windows.ts';

/** Permutations at least: the smallest p is 1 in 2,000. */
const MIN_PERMUTATIONS = 1_999;
/** Permutations at most, however many columns there are. */
const MAX_PERMUTATIONS = 19_999;
/** Quantities a column has at most: distance, missing share, zero or new share. */
const QUANTITIES = 3;

export interface DriftInput {
  /** The profile that was registered with the version, with its counts by day. */
  readonly reference: Profile;
  /** The profile of new rows, counted by day on the reference's bins. */
  readonly current: Profile;
  readonly rules: DriftRules;
  /** Decides the permutations and bootstrap samples: the same inputs give the same report. */
  readonly seed: readonly [number, number];
}

/**
 * One result for each watched quantity of each watched column (design §5): a column drifts when its adjusted p is
 * small, **and** the lower limit of its distance with whole days as blocks exceeds the threshold, **and** it exceeds
 * what past windows of the same length differed by. Sorted by column; watched columns in the order they were named.
 *
 * Throws E_PROFILE_BINS when the current profile was counted on other bins.
 */
export function judgeDrift(input: DriftInput): DriftResult[] {
  const { rules } = input;
  const evidence = allEvidence(input);
  const adjusted = benjaminiHochberg(evidence.map(({ pValue }) => pValue ?? Number.NaN));
  return evidence.map((one, index) => {
    const p = adjusted[index] as number;
    return decideResult(one, Number.isNaN(p) ? undefined : p, rules);
  });
}

function allEvidence({ reference, current, rules, seed }: DriftInput): Evidence[] {
  if (reference.days === undefined || current.days === undefined) {
    const columns = rules.columns ?? reference.columns.map(({ name }) => name);
    return columns.map((column) => settledEvidence(column, 'no-days'));
  }
  if (digestOf(reference.days.bins) !== digestOf(current.days.bins)) {
    throw assayError('E_PROFILE_BINS', { reason: 'its days were counted on other bins' });
  }
  const { bins, column: time } = reference.days;
  const columns = rules.columns ?? bins.map(({ column }) => column).filter((column) => column !== time);
  const comparison = compare(reference.days, current.days, rules, seed, columns.length);
  return columns.flatMap((column) => {
    const place = bins.findIndex((one) => one.column === column);
    const own = bins[place];
    if (own === undefined) return [settledEvidence(column, 'not-in-reference')];
    const now = current.columns.find(({ name }) => name === column);
    if (now === undefined) return [settledEvidence(column, 'column-absent', own)];
    if (now.kind !== (own.kind === 'hashed' ? 'categorical' : own.kind)) {
      return [settledEvidence(column, 'type-changed', own)];
    }
    const before = reference.columns.find(({ name }) => name === column);
    return columnEvidence(comparison, place, before);
  });
}

function compare(
  reference: DayTable,
  current: DayTable,
  rules: DriftRules,
  seed: readonly [number, number],
  columns: number,
): Comparison {
  const windows = chooseWindows(reference, current, rules.windowDays);
  const before = windows.reference.length;
  const now = windows.current.length;
  // The smallest p has to stay below alpha after it was multiplied by the number of tests.
  const wanted = Math.ceil((2 * QUANTITIES * columns) / rules.alpha);
  return {
    reference,
    current,
    windows,
    draws: {
      permutation: permutedDays(seed, before + now, now),
      reference: resampledDays(seed, before, 'reference'),
      current: resampledDays(seed, now, 'current'),
    },
    permutations: Math.min(MAX_PERMUTATIONS, Math.max(MIN_PERMUTATIONS, wanted)),
    // Shared among the columns (Bonferroni), so that seasons do not alarm by their number.
    pastAlpha: rules.alpha / Math.max(1, columns),
    missingFail: rules.share.fail,
  };
}

/** A column that is not measured, and why. */
function settledEvidence(column: string, settled: DriftReason, bins?: ColumnBins): Evidence {
  const numeric = bins === undefined || bins.kind === 'numeric' || bins.kind === 'time';
  const broken = settled === 'column-absent' || settled === 'type-changed';
  return {
    column,
    quantity: 'distance',
    kind: numeric ? 'numeric' : 'categorical',
    statistic: numeric ? 'ks' : 'total-variation',
    settled,
    value: broken ? 1 : 0,
    lower: broken ? 1 : 0,
    pastWindows: 0,
    currentDays: 0,
  };
}
