import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../lib/digest.ts';
import { BudgetRules } from '../../../lib/gate/budget-rules.ts';
import { compareBudgets, type Measured } from '../../../lib/gate/compare/compare-budgets.ts';
import { decided, makeExamples } from '../examples.ts';

const ALPHA = 0.025;
const judged = (rules: object, measured?: Measured, against: 'baseline' | 'nothing' = 'baseline') =>
  compareBudgets(BudgetRules.parse(rules), measured, ALPHA, against);

/** Times around `base`, 0 to 9.9 above it in an order of its own. */
const times = (base: number, calls = 100): number[] =>
  Array.from({ length: calls }, (_none, call) => base + ((call * 37) % 100) / 10);
const latency = (candidate: number[], baseline?: number[]): Measured => ({
  latency: { candidate, ...(baseline === undefined ? {} : { baseline }), rows: 1 },
});

describe('the p95 of a latency', () => {
  test.each([
    [20, 'pass', undefined],
    [15, 'fail', undefined],
    [19.5, 'inconclusive', 'too-wide'],
  ] as const)('under %d ms: %s', (limit, verdict, reason) => {
    const [answer] = judged({ latency_p95: limit }, latency(times(10)));
    expect(answer).toMatchObject({ verdict, metric: 'latency_p95', role: 'budget', margin: limit });
    expect(answer?.reason).toBe(reason);
  });

  test('is held by order statistics: of 0.1 … 10.0 the 95th, between the 90th and the last', () => {
    // Binomial(100, 0.95), by scipy: P(X <= 89) = 0.0115, P(X <= 90) = 0.0282; P(X <= 98) = 0.9629, P(X <= 99) = 0.9941.
    const [answer] = judged({ latency_p95: 100 }, latency(Array.from({ length: 100 }, (_none, i) => (i + 1) / 10)));
    expect(answer).toMatchObject({ candidate: 9.5, interval: { method: 'order-statistic', level: 0.95 } });
    expect(100 - (answer?.interval?.upper ?? 0)).toBeCloseTo(9, 12);
    expect(100 - (answer?.interval?.lower ?? 0)).toBeCloseTo(10, 12);
  });

  test('of 71 calls has no upper limit, of 72 it has', () => {
    const of = (calls: number) => judged({ latency_p95: 1e6 }, latency(times(10, calls)))[0];
    expect(of(71)).toMatchObject({ verdict: 'inconclusive', reason: 'too-few-calls' });
    expect(of(72)).toMatchObject({ verdict: 'pass' });
  });
});

describe('the ratio of latencies', () => {
  const machine = (turn: number) => (turn < 25 ? 1 : 10);
  // The machine gets ten times as slow half way through; both sides feel it.
  const slowing = (base: number) =>
    Array.from({ length: 100 }, (_none, call) => base * machine(Math.floor(call / 2)) * (1 + ((call * 7) % 5) / 100));

  test.each([
    [11, 1.2, 'pass'],
    [15, 1.2, 'fail'],
    [10, 1, 'inconclusive'],
  ] as const)('%d ms against 10 ms, at most %d times: %s', (candidate, limit, verdict) => {
    const [answer] = judged({ latency_ratio: limit }, latency(slowing(candidate), slowing(10)));
    expect(answer).toMatchObject({ verdict, metric: 'latency_ratio' });
    expect(answer?.candidate).toBeCloseTo(candidate / 10, 2);
  });

  test('is not asked of a first version', () => {
    expect(judged({ latency_ratio: 1.2 }, latency(times(1)), 'nothing')).toEqual([]);
  });

  test('of a baseline that was not timed is not known', () => {
    expect(judged({ latency_ratio: 1.2 }, latency(times(1)))[0]).toMatchObject({ reason: 'not-measured' });
  });
});

describe('a size', () => {
  test.each([
    [99, 'pass'],
    [100, 'pass'],
    [101, 'fail'],
  ] as const)('of %d bytes against 100: %s', (candidate, verdict) => {
    expect(judged({ size: 100 }, { size: { candidate } })[0]).toMatchObject({ verdict, candidate });
  });
});

describe('in a decision', () => {
  const examples = makeExamples({ days: 45, rowsPerDay: 60, candidate: 0.3, baseline: 1 });
  const budgets = { latency_p95: 50, size: 1_000 };

  test('what was not measured is never kept', () => {
    const decision = decided(examples, { rules: { budgets } });
    expect(decision).toMatchObject({ verdict: 'inconclusive', next: { kind: 'measure', metric: 'latency_p95' } });
  });

  test('what costs too much fails, however good it is', () => {
    const measured = { ...latency(times(10)), size: { candidate: 2_000 } };
    const decision = decided(examples, { rules: { budgets }, measured });
    expect(decision.comparisons[0]?.verdict).toBe('pass');
    expect(decision).toMatchObject({ verdict: 'fail', next: { kind: 'meet-budget', metric: 'size' } });
  });

  test('timing costs no look', () => {
    const looks = { used: 1, budget: 5 };
    const { comparisons } = decided(examples, { rules: { budgets }, measured: latency(times(10)), looks });
    expect(comparisons[0]?.interval?.level).toBeCloseTo(0.99, 12);
    expect(comparisons.find(({ metric }) => metric === 'latency_p95')?.interval?.level).toBeCloseTo(0.95, 12);
  });

  test('a first version has budgets too', () => {
    const baseline = { kind: 'constant', label: 'constant model', predictions: digestOf(1) } as const;
    const { comparisons } = decided(examples, { rules: { budgets }, baseline });
    expect(comparisons.filter(({ role }) => role === 'budget')).toHaveLength(2);
  });
});
