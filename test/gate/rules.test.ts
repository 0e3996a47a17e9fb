import { describe, expect, test } from 'vitest';
import { GateRules } from '../../lib/gate/rules.ts';

const parse = (over: object) => GateRules.safeParse({ primary: 'roc_auc', ...over });

describe('the rules of a gate', () => {
  test.each([
    ['budgets', { latency_p95: '50ms', latency_ratio: 1.2, size: '100MB' }, { latency_p95: 50, size: 100_000_000 }],
    [
      'budgets',
      { latency_p95: '0.5s', size: '1.5GiB' },
      { latency_p95: 500, size: 1_610_612_736, calls: 100, rows: 1 },
    ],
    ['budgets', { latency_p95: '200us', size: '2 kB' }, { latency_p95: 0.2, size: 2_000 }],
    ['time_series', { block: '2w' }, { block: 14 }],
    ['time_series', { horizon: 3 }, { horizon: 3 }],
    ['fairness', [{ column: 'sex', gap: 0.1 }], [{ column: 'sex', gap: 0.1 }]],
    ['calibration', { max_ece: 0.05 }, { max_ece: 0.05 }],
    ['seeds', 5, 5],
    ['creep', false, false],
  ])('%s: %o is read', (key, written, read) => {
    const { data, error } = parse({ [key]: written });
    expect(error?.message).toBeUndefined();
    expect(Object(data)[key]).toMatchObject(Object(read));
    // A recorded rule reads back as it was recorded: decisions hold their rules.
    expect(GateRules.parse(JSON.parse(JSON.stringify(data)))).toEqual(data);
  });

  test.each([
    ['budgets', { latency_p95: '50' }, /a time such as 50ms/],
    ['budgets', { latency_p95: '0ms' }, /a time such as 50ms/],
    ['budgets', { size: '100 parsecs' }, /a size such as 100MB/],
    ['budgets', { latency: '5ms' }, /latency/],
    ['time_series', { block: '36h' }, /whole days/],
    ['time_series', { block: '7d', horizon: 3 }, /either block or horizon/],
    ['time_series', {}, /either block or horizon/],
    ['calibration', {}, /max_ece, margin, slope or intercept is needed/],
    ['fairness', [{ metric: 'accuracy' }], /column/],
    ['fairness', [], /1/],
    ['seeds', 1, /2/],
  ])('%s: %o is refused', (key, written, reason) => {
    expect(parse({ [key]: written }).error?.message).toMatch(reason);
  });

  test('what is left out leaves the rules, and so their digest, as they were', () => {
    const { data } = parse({});
    expect(Object.keys(data ?? {}).sort()).toEqual(
      ['alpha', 'floors', 'guardrails', 'looks', 'margins', 'primary', 'slices', 'threshold'].sort(),
    );
  });
});
