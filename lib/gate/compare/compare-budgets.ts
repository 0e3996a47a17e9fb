import { normalCritical } from '../../stats/distributions/normal.ts';
import { pairedT } from '../../stats/means/paired-t.ts';
import { quantileInterval } from '../../stats/ranks/quantile-interval.ts';
import type { BudgetRules } from '../budget-rules.ts';
import type { Comparison, GuardedQuantity } from '../decision.ts';
import { judge } from '../judge.ts';

/** What was measured of the sides, outside of the gate. */
export interface Measured {
  /** Bytes of the model's files. */
  readonly size?: { readonly candidate: number; readonly baseline?: number };
  /** Milliseconds of each call of predict, as they were made: candidate, baseline, baseline, candidate, … */
  readonly latency?: {
    readonly candidate: readonly number[];
    readonly baseline?: readonly number[];
    /** Rows in one call. */
    readonly rows: number;
  };
}

/** The quantile of a latency budget. */
const LATENCY_QUANTILE = 0.95;

/** Each side is called twice in one turn: A B B A. */
const CALLS_PER_TURN = 2;

/** Fewer turns than this say nothing of how they vary. */
const MINIMUM_TURNS = 4;

/**
 * What the candidate costs against its budgets. Every time is held with its plausible range: a percentile between two of
 * the ordered times, a ratio by the mean of its logarithms turn by turn, so that what slows the machine down for
 * a while slows both. A budget that was not measured is never kept. Timing looks at no label, so it costs no look, and
 * alpha is not divided by them.
 *
 * @param against `nothing` for a constant model, which no time can be compared with
 */
export function compareBudgets(
  budgets: BudgetRules,
  measured: Measured | undefined,
  alpha: number,
  against: 'baseline' | 'nothing',
): Comparison[] {
  const { latency_p95: p95, latency_ratio: ratio, size } = budgets;
  const latency = measured?.latency;
  return [
    ...(p95 === undefined ? [] : [percentile(latency, p95, alpha)]),
    ...(ratio === undefined || against === 'nothing' ? [] : [ratioOf(latency, ratio, alpha)]),
    ...(size === undefined ? [] : [exactSize(measured?.size, size, alpha)]),
  ];
}

function facts(metric: GuardedQuantity, limit: number, rows: number, clusters: number) {
  return {
    metric,
    role: 'budget' as const,
    higherIsBetter: false,
    requirement: 'above-floor' as const,
    margin: limit,
    rows,
    clusters,
  };
}

function notMeasured(metric: GuardedQuantity, limit: number): Comparison {
  return { ...facts(metric, limit, 0, 0), verdict: 'inconclusive', reason: 'not-measured' };
}

function percentile(latency: Measured['latency'], limit: number, alpha: number): Comparison {
  if (latency === undefined || latency.candidate.length === 0) return notMeasured('latency_p95', limit);
  const sorted = Float64Array.from(latency.candidate).sort();
  const level = 1 - 2 * alpha;
  const { estimate, lower, upper } = quantileInterval(sorted, LATENCY_QUANTILE, level);
  const base = facts('latency_p95', limit, latency.rows, sorted.length);
  const values = { candidate: estimate, difference: limit - estimate };
  if (!Number.isFinite(lower) || !Number.isFinite(upper)) {
    return { ...base, ...values, verdict: 'inconclusive', reason: 'too-few-calls' };
  }
  const interval = {
    lower: limit - upper,
    upper: limit - lower,
    level,
    method: 'order-statistic',
    standardError: normalError(lower, upper, level),
  };
  return { ...base, ...values, interval, ...verdictOf(interval, limit) };
}

function ratioOf(latency: Measured['latency'], limit: number, alpha: number): Comparison {
  if (latency?.baseline === undefined) return notMeasured('latency_ratio', limit);
  const { candidate, baseline, rows } = latency;
  const turns = Math.floor(Math.min(candidate.length, baseline.length) / CALLS_PER_TURN);
  const base = facts('latency_ratio', limit, rows, turns);
  const logs = Array.from({ length: turns }, (_none, turn) =>
    Math.log(turnTime(candidate, turn) / turnTime(baseline, turn)),
  );
  if (turns < MINIMUM_TURNS || !logs.every(Number.isFinite)) {
    return { ...base, verdict: 'inconclusive', reason: 'too-few-calls' };
  }
  const level = 1 - 2 * alpha;
  const test = pairedT(logs, { level });
  const ratio = Math.exp(test.estimate);
  const interval = {
    lower: limit - Math.exp(test.upper),
    upper: limit - Math.exp(test.lower),
    level,
    method: 'block-ratio-t',
    // Of the ratio itself, by the delta method.
    standardError: ratio * test.standardError,
    degreesOfFreedom: test.degreesOfFreedom,
  };
  return { ...base, candidate: ratio, difference: limit - ratio, interval, ...verdictOf(interval, limit) };
}

/** The standard error that a normal estimate would have whose interval is as wide. */
function normalError(lower: number, upper: number, level: number): number {
  return (upper - lower) / (2 * normalCritical(level));
}

function turnTime(times: readonly number[], turn: number): number {
  let sum = 0;
  for (let call = 0; call < CALLS_PER_TURN; call++) sum += times[turn * CALLS_PER_TURN + call] ?? Number.NaN;
  return sum;
}

/** A size is known exactly, and may be as large as the budget says. */
function exactSize(size: Measured['size'], limit: number, alpha: number): Comparison {
  if (size === undefined) return notMeasured('size', limit);
  const difference = limit - size.candidate;
  return {
    ...facts('size', limit, 0, 0),
    candidate: size.candidate,
    ...(size.baseline === undefined ? {} : { baseline: size.baseline }),
    difference,
    interval: { lower: difference, upper: difference, level: 1 - 2 * alpha, method: 'exact', standardError: 0 },
    verdict: difference >= 0 ? 'pass' : 'fail',
  };
}

function verdictOf(interval: { lower: number; upper: number }, limit: number): Pick<Comparison, 'verdict' | 'reason'> {
  const verdict = judge('above-floor', interval, limit);
  return verdict === 'inconclusive' ? { verdict, reason: 'too-wide' } : { verdict };
}
