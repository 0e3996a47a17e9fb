import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../lib/digest.ts';
import type { PairedExamples } from '../../../lib/gate/evidence/paired-examples.ts';
import type { FairnessRule } from '../../../lib/gate/rules.ts';
import { createRandom } from '../../../lib/stats/resampling/random.ts';
import { decided } from '../examples.ts';

/** Share of right calls of each side in each group; so many rows a day of each. */
interface Shares {
  readonly candidate: readonly number[];
  readonly baseline: readonly number[];
  readonly rows?: readonly number[];
  readonly days?: number;
}

/** Examples whose calls are right with the declared probability, groups `a`, `b`, … in turn. */
function examplesOf({ candidate, baseline, rows = candidate.map(() => 40), days = 60 }: Shares): PairedExamples {
  const random = createRandom([7, 7]);
  const made: { label: number; candidate: number; baseline: number; group: string; day: number }[] = [];
  for (let day = 0; day < days; day++) {
    rows.forEach((count, group) => {
      for (let row = 0; row < count; row++) {
        const label = random.uniform() < 0.5 ? 1 : 0;
        const call = (share: number) => (random.uniform() < share ? label : 1 - label);
        const sides = { candidate: call(candidate[group] ?? 0), baseline: call(baseline[group] ?? 0) };
        made.push({ label, ...sides, group: 'abcdef'.charAt(group), day });
      }
    });
  }
  return {
    ids: made.map((_row, index) => String(index).padStart(6, '0')),
    labels: Float64Array.from(made, ({ label }) => label),
    candidate: Float64Array.from(made, (row) => row.candidate),
    baseline: Float64Array.from(made, (row) => row.baseline),
    clusters: Int32Array.from(made, ({ day }) => day),
    clusterCount: days,
    slices: new Map([['group', made.map(({ group }) => group)]]),
  };
}

function fairness(shares: Shares, rule: Partial<FairnessRule> = {}, over: Parameters<typeof decided>[1] = {}) {
  const rules = { primary: 'accuracy', require: 'not-worse', fairness: [{ column: 'group', ...rule }] } as const;
  const { comparisons, ...decision } = decided(examplesOf(shares), { rules, ...over });
  return { decision, found: comparisons.filter(({ role }) => role === 'fairness') };
}

describe('a fairness gap', () => {
  test.each([
    ['that grew', { candidate: [0.9, 0.7], baseline: [0.8, 0.8] }, 'fail'],
    ['that shrank', { candidate: [0.85, 0.85], baseline: [0.9, 0.7] }, 'pass'],
    ['that is as it was', { candidate: [0.95, 0.75], baseline: [0.9, 0.7] }, 'pass'],
  ] as const)('%s: %o', (_name, shares, verdict) => {
    const { found } = fairness(shares, { margin: 0.05 });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ verdict, requirement: 'not-worse', margin: 0.05, metric: 'accuracy' });
  });

  test('is best minus worst, counted by hand', () => {
    const shares = { candidate: [0.9, 0.7, 0.8], baseline: [0.8, 0.8, 0.8] };
    const examples = examplesOf(shares);
    const groups = examples.slices.get('group') ?? [];
    const accuracy = (scores: Float64Array, wanted: string) => {
      const rows = [...groups.keys()].filter((row) => groups[row] === wanted);
      return rows.filter((row) => scores[row] === examples.labels[row]).length / rows.length;
    };
    const gap = (scores: Float64Array) => {
      const values = ['a', 'b', 'c'].map((group) => accuracy(scores, group));
      return Math.max(...values) - Math.min(...values);
    };
    const { found } = fairness(shares);
    expect(found[0]?.candidate).toBeCloseTo(gap(examples.candidate), 12);
    expect(found[0]?.baseline).toBeCloseTo(gap(examples.baseline), 12);
    expect(found[0]?.groups).toEqual({ column: 'group', compared: 3, best: 'a', worst: 'b', tooFew: [] });
  });

  test('is the largest between a group and all others, counted by hand, where that is asked', () => {
    const shares = { candidate: [0.9, 0.7, 0.85], baseline: [0.8, 0.8, 0.8], rows: [40, 40, 3] };
    const examples = examplesOf(shares);
    const groups = examples.slices.get('group') ?? [];
    const accuracy = (wanted: (group: string | null) => boolean) => {
      const rows = [...groups.keys()].filter((row) => wanted(groups[row] ?? null));
      return rows.filter((row) => examples.candidate[row] === examples.labels[row]).length / rows.length;
    };
    const apart = ['a', 'b'].map((group) => accuracy((one) => one === group) - accuracy((one) => one !== group));
    const { found } = fairness(shares, { compare: 'rest', gap: 0.1 });
    expect(found.map(({ candidate }) => candidate)).toEqual(
      Array.from({ length: 2 }, () => expect.closeTo(Math.max(...apart.map(Math.abs)), 12)),
    );
    // The third group is too small to be judged, and is among the others of both.
    expect(found[1]?.groups).toEqual({
      column: 'group',
      compared: 2,
      best: 'a',
      worst: 'b',
      tooFew: ['c'],
      against: 'rest',
    });
    expect(found.map(({ verdict }) => verdict)).toEqual(['fail', 'fail']);
  });

  test.each([
    [0.3, 'pass'],
    [0.1, 'fail'],
  ] as const)('has a limit of its own: %d', (gap, verdict) => {
    const { found } = fairness({ candidate: [0.9, 0.7], baseline: [0.9, 0.7] }, { gap });
    expect(found.map(({ requirement }) => requirement)).toEqual(['not-worse', 'above-floor']);
    expect(found[1]).toMatchObject({ verdict, margin: gap });
  });

  test('that fails says which group to look at', () => {
    const { decision } = fairness({ candidate: [0.9, 0.7], baseline: [0.8, 0.8] });
    expect(decision).toMatchObject({
      verdict: 'fail',
      next: { kind: 'inspect-slice', column: 'group', value: 'b' },
    });
  });

  test('leaves groups out that are too small, and names them', () => {
    const { found } = fairness(
      { candidate: [0.9, 0.9, 0.1], baseline: [0.9, 0.9, 0.9], rows: [40, 40, 2] },
      { margin: 0.05 },
    );
    expect(found[0]).toMatchObject({ verdict: 'pass', groups: { compared: 2, tooFew: ['c'] } });
  });

  test('of one group alone is no gap: it holds the verdict up', () => {
    const { decision, found } = fairness({ candidate: [0.9, 0.9], baseline: [0.9, 0.9], rows: [40, 1] }, { gap: 0.5 });
    expect(found.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['inconclusive', 'too-few-groups'],
      ['inconclusive', 'too-few-groups'],
    ]);
    expect(decision.verdict).toBe('inconclusive');
  });

  test('of a first version is held against its limit alone', () => {
    const baseline = { kind: 'constant', label: 'constant model', predictions: digestOf(1) } as const;
    const { found } = fairness({ candidate: [0.9, 0.7], baseline: [0.5, 0.5] }, { gap: 0.1 }, { baseline });
    expect(found.map(({ requirement, verdict }) => [requirement, verdict])).toEqual([['above-floor', 'fail']]);
  });

  test('of identical sides does not grow', () => {
    const examples = examplesOf({ candidate: [0.9, 0.7], baseline: [0.9, 0.7] });
    const rules = { primary: 'accuracy', require: 'not-worse', fairness: [{ column: 'group' }] } as const;
    const [, gap] = decided({ ...examples, baseline: examples.candidate }, { rules }).comparisons;
    expect(gap).toMatchObject({ role: 'fairness', difference: 0, verdict: 'pass', reason: 'identical' });
  });
});
