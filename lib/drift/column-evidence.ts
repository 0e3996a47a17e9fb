import type { ColumnBins } from '../profile/bins.ts';
import type { ColumnProfile, DayTable } from '../profile/profile.ts';
import { predictionLimit } from '../stats/means/prediction-limit.ts';
import { lowerLimits } from './day-bootstrap.ts';
import type { DayDraws } from './day-draws.ts';
import { type DayMatrix, dayMatrix, stacked, sumAllDays, sumDays, widestDay } from './day-matrix.ts';
import { permutationTest } from './day-permutation.ts';
import type { Evidence } from './evidence.ts';
import { newShareP } from './new-share-test.ts';
import { presentRows, type Quantity, quantitiesOf } from './quantities.ts';
import type { DriftReason } from './reasons.ts';
import { MIN_CURRENT_DAYS, MIN_REFERENCE_DAYS, MIN_ROWS } from './rules.ts';
import { whereMost } from './where.ts';
import type { DriftWindows } from './windows.ts';

/** What all columns of a report share. */
export interface Comparison {
  readonly reference: DayTable;
  readonly current: DayTable;
  readonly windows: DriftWindows;
  readonly draws: { readonly permutation: DayDraws; readonly reference: DayDraws; readonly current: DayDraws };
  readonly permutations: number;
  /** Chance that one column's window is beyond the past limit although nothing changed. */
  readonly pastAlpha: number;
  /** A column without any value is broken when its missing share rose by more than this. */
  readonly missingFail: number;
}

/** Everything measured of the column at `place` of the bins, one entry a quantity. */
export function columnEvidence(comparison: Comparison, place: number, profile: ColumnProfile | undefined): Evidence[] {
  const { reference, current, windows } = comparison;
  const bins = reference.bins[place] as ColumnBins;
  const cells = Math.max(widestDay(reference, place), widestDay(current, place));
  const before = dayMatrix(reference, place, windows.reference, cells);
  const now = dayMatrix(current, place, windows.current, cells);
  const beforeCells = sumAllDays(before);
  const nowCells = sumAllDays(now);
  const quantities = quantitiesOf(bins, expectedNewShare(profile));
  const observed = quantities.map((quantity) => quantity.measure(beforeCells, nowCells));
  const reasons = quantities.map((quantity, index) => {
    const value = observed[index] as number;
    return settledReason(comparison, bins, quantity, value, beforeCells, nowCells);
  });
  const open = quantities.filter((_quantity, index) => reasons[index] === undefined);
  const values = open.map((quantity) => observed[quantities.indexOf(quantity)] as number);
  const limits = lowerLimits(before, now, open, values, comparison.draws);
  const tests = testAll(comparison, before, now, open, values);
  const past = pastValues(before, comparison, quantities);
  return quantities.map((quantity, index): Evidence => {
    const value = observed[index] as number;
    const tested = open.indexOf(quantity);
    const settled = reasons[index];
    const where = quantity.quantity === 'distance' ? whereMost(bins, beforeCells, nowCells) : undefined;
    return {
      column: bins.column,
      quantity: quantity.quantity,
      kind: quantity.kind,
      statistic: quantity.statistic,
      ...(settled === undefined ? {} : { settled }),
      value: Number.isNaN(value) ? 0 : value,
      lower: settled === 'all-missing' ? Math.abs(value) : (limits[tested] ?? 0),
      ...shares(quantity, beforeCells, nowCells),
      ...tests[tested],
      ...pastFacts(quantity, past[index] as number[], comparison.pastAlpha),
      currentDays: now.days,
      ...(settled === 'too-few-days' ? { neededDays: MIN_CURRENT_DAYS } : {}),
      ...(where === undefined || value === 0 ? {} : { where }),
    };
  });
}

/** p values of the open quantities, and what chance reaches. */
function testAll(
  comparison: Comparison,
  before: DayMatrix,
  now: DayMatrix,
  open: readonly Quantity[],
  values: readonly number[],
): Pick<Evidence, 'pValue' | 'floor'>[] {
  const pairs = open.map((quantity, index) => ({ quantity, value: values[index] as number }));
  const permuted = pairs.filter(({ quantity }) => quantity.expected === undefined);
  const answers = permutationTest(
    stacked(before, now),
    permuted.map(({ quantity }) => quantity),
    permuted.map(({ value }) => value),
    comparison.draws.permutation,
    comparison.permutations,
  );
  return pairs.map((pair) => {
    const { share, expected } = pair.quantity;
    if (share === undefined || expected === undefined) return answers[permuted.indexOf(pair)] ?? {};
    return { pValue: Math.max(1 / (comparison.permutations + 1), newShareP(now, share, expected)) };
  });
}

/** Why a quantity is not tested; undefined when it is. */
function settledReason(
  comparison: Comparison,
  bins: ColumnBins,
  quantity: Quantity,
  value: number,
  before: Float64Array,
  now: Float64Array,
): DriftReason | undefined {
  const { windows } = comparison;
  const nowPresent = presentRows(bins, now);
  const nowMissing = now[0] as number;
  if (quantity.quantity === 'missing-share') {
    const broken = nowPresent === 0 && nowMissing >= MIN_ROWS && value > comparison.missingFail;
    if (broken) return 'all-missing';
  }
  if (windows.current.length < MIN_CURRENT_DAYS) return 'too-few-days';
  if (windows.reference.length < MIN_REFERENCE_DAYS) return 'reference-too-short';
  if (quantity.quantity === 'missing-share') {
    if (nowPresent + nowMissing < MIN_ROWS) return 'too-few-rows';
  } else {
    const beforePresent = presentRows(bins, before);
    if (beforePresent === 0 || nowPresent === 0) return 'no-values';
    if (beforePresent < MIN_ROWS || nowPresent < MIN_ROWS) return 'too-few-rows';
  }
  // A share that is 0 everywhere is 0 in every permutation as well: there is nothing to test.
  if (value === 0 || (quantity.quantity === 'new-share' && value < 0)) return 'steady';
  return undefined;
}

/** Values of past windows, each against the rest of the reference; one list a quantity. */
function pastValues(before: DayMatrix, { windows }: Comparison, quantities: readonly Quantity[]): number[][] {
  const total = sumAllDays(before);
  const rowOf = new Map(windows.reference.map((place, row) => [place, row]));
  const window = new Float64Array(before.cells);
  const values: number[][] = quantities.map(() => []);
  for (const places of windows.past) {
    sumDays(
      before,
      places.map((place) => rowOf.get(place) as number),
      window,
    );
    const rest = total.map((count, cell) => count - (window[cell] as number));
    quantities.forEach((quantity, index) => {
      const value = Math.abs(quantity.measure(rest, window));
      if (!Number.isNaN(value)) values[index]?.push(value);
    });
  }
  return values;
}

/** By construction the reference has no value that it never had: past windows say nothing about new values. */
function pastFacts(
  quantity: Quantity,
  values: readonly number[],
  alpha: number,
): Pick<Evidence, 'pastWindows' | 'pastMaximum' | 'pastLimit'> {
  if (quantity.quantity === 'new-share' || values.length === 0) return { pastWindows: 0 };
  const pastMaximum = Math.max(...values);
  return {
    pastWindows: values.length,
    pastMaximum,
    pastLimit: Math.max(pastMaximum, predictionLimit(values, alpha)),
  };
}

function shares(quantity: Quantity, before: Float64Array, now: Float64Array): { reference?: number; current?: number } {
  if (quantity.share === undefined) return {};
  const reference = quantity.expected ?? quantity.share(before);
  const current = quantity.share(now);
  return {
    ...(Number.isNaN(reference) ? {} : { reference }),
    ...(Number.isNaN(current) ? {} : { current }),
  };
}

/**
 * Share of later rows whose value the reference never had although nothing changed: its share of values seen once
 * (Good 1953, after Turing).
 */
function expectedNewShare(profile: ColumnProfile | undefined): number {
  if (profile?.kind !== 'categorical' || profile.values === undefined) return 0;
  let rows = 0;
  let once = 0;
  for (const [, count] of profile.values) {
    rows += count;
    if (count === 1) once++;
  }
  return rows === 0 ? 0 : once / rows;
}
