import { describe, expect, test } from 'vitest';
import { compareSlices, MISSING_SLICE } from '../../../lib/gate/compare/compare-slices.ts';
import type { Comparison } from '../../../lib/gate/decision.ts';
import type { PairedExamples } from '../../../lib/gate/evidence/paired-examples.ts';
import { judge } from '../../../lib/gate/judge.ts';
import { GateRules } from '../../../lib/gate/rules.ts';
import { studentCdf } from '../../../lib/stats/distributions/student-t.ts';
import { holm } from '../../../lib/stats/multiplicity/holm.ts';
import { decided, decisive, makeExamples, type RulesInput } from '../examples.ts';

const ALPHA = 0.025;

function compare(examples: PairedExamples, rules: RulesInput): Comparison[] {
  const parsed = GateRules.parse({ primary: 'roc_auc', ...rules });
  return compareSlices(examples, { rules: parsed, alpha: parsed.alpha });
}

/** Equal sides, but in the slices `harmed` the candidate's scores are noise. */
function harmedExamples(slices: readonly (string | null)[], harmed: readonly (string | null)[], seed = 3) {
  const examples = makeExamples({ days: 45, rowsPerDay: 120, candidate: 1, baseline: 1, seed });
  const values = Array.from(examples.labels, (_label, row) => slices[row % slices.length] ?? null);
  const candidate = examples.candidate.map((score, row) =>
    harmed.includes(values[row] ?? null) ? ((row * 7919) % 1024) / 1024 : score,
  );
  return { ...examples, candidate, slices: new Map([['origin', values]]) } satisfies PairedExamples;
}

const by = (comparisons: readonly Comparison[], value: string) =>
  comparisons.find(({ slice }) => slice?.value === value);

describe('harm in one slice', () => {
  const examples = harmedExamples(['EWR', 'JFK', 'LGA', null], ['JFK']);
  const rules = { slices: ['origin'], margins: { roc_auc: 0.01 } };
  const slices = compare(examples, rules);

  test('every value is a slice, in order; missing is one of them', () => {
    expect(slices.map(({ slice }) => slice?.value)).toEqual([MISSING_SLICE, 'EWR', 'JFK', 'LGA']);
    expect(slices.map(({ rows }) => rows)).toEqual([1350, 1350, 1350, 1350]);
    expect(slices.every(({ role, requirement }) => role === 'slice' && requirement === 'no-harm')).toBe(true);
  });

  test('fails that slice and no other, and blocks', () => {
    expect(slices.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'fail', 'pass']);
    const decision = decided(examples, { sameRecipe: true, rules: { ...rules, margins: { roc_auc: 0.2 } } });
    expect(decision.comparisons[0]?.verdict).toBe('pass');
    const strict = decided(examples, { rules: { ...rules, require: 'not-worse' } });
    expect(strict.verdict).toBe('fail');
  });

  test('is the reason when everything else is fine', () => {
    // A rare slice is wholly harmed; the whole hardly moves.
    const rare = harmedExamples([...new Array<string>(15).fill('many'), 'few'], ['few']);
    const decision = decided(rare, {
      sameRecipe: true,
      rules: { slices: ['origin'], margins: { roc_auc: 0.06 } },
    });
    expect(decision.comparisons[0]?.verdict).toBe('pass');
    expect(decision).toMatchObject({
      verdict: 'fail',
      next: { kind: 'inspect-slice', column: 'origin', value: 'few' },
    });
    expect(decisive(decision)?.slice?.value).toBe('few');
  });

  test('a missing value that is harmed is found as well', () => {
    const missing = compare(harmedExamples(['EWR', null], [null]), rules);
    expect(by(missing, MISSING_SLICE)?.verdict).toBe('fail');
  });
});

describe('Holm over the slices', () => {
  const names = Array.from({ length: 12 }, (_none, i) => `s${String(i).padStart(2, '0')}`);

  test.each([1, 2, 3, 4, 5])(
    'the displayed interval and the verdict agree with the adjusted p values (seed %d)',
    (seed) => {
      const slices = compare(harmedExamples(names, ['s02', 's07'], seed), { slices: ['origin'] });
      const ps = slices.map(({ difference = 0, margin, interval, clusters }) =>
        studentCdf((difference + 2 * margin) / (interval?.standardError ?? 0), clusters - 1),
      );
      const { rejected, level } = holm(ps, ALPHA);
      slices.forEach(({ verdict, interval, margin }, index) => {
        expect(verdict === 'fail', `slice ${index}`).toBe(rejected[index]);
        expect(interval?.level).toBeCloseTo(1 - 2 * (level[index] ?? 0), 12);
        expect(judge('no-harm', interval ?? { lower: 0, upper: 0 }, margin)).toBe(verdict);
      });
      expect(rejected.filter(Boolean).length).toBeGreaterThan(0);
      expect(rejected.filter(Boolean).length).toBeLessThan(names.length);
    },
  );

  test('one slice alone is judged at the whole alpha', () => {
    const [only] = compare(harmedExamples(['all'], []), { slices: ['origin'] });
    expect(only?.interval?.level).toBeCloseTo(0.95, 12);
  });
});

describe('too few to judge', () => {
  const full = makeExamples({ days: 45, rowsPerDay: 60, candidate: 1, baseline: 1 });
  const withSlice = (isIn: (row: number) => boolean, over: Partial<PairedExamples> = {}) => {
    const values = Array.from(full.labels, (_label, row) => (isIn(row) ? 'in' : 'out'));
    return { ...full, ...over, slices: new Map([['origin', values]]) } satisfies PairedExamples;
  };

  test.each([
    ['199 rows', withSlice((row) => row % 13 === 0 && row < 13 * 199), 'too-few-rows'],
    ['200 rows', withSlice((row) => row % 13 === 0 && row < 13 * 200), undefined],
    ['19 days', withSlice((row) => row < 19 * 60), 'too-few-clusters'],
    ['20 days', withSlice((row) => row < 20 * 60), undefined],
    [
      '19 positives',
      withSlice((row) => row < 1500, {
        labels: full.labels.map((_l, row) => (row < 1500 ? (row % 78 === 0 && row < 19 * 78 ? 1 : 0) : row % 2)),
      }),
      'too-few-of-a-class',
    ],
    [
      '20 positives',
      withSlice((row) => row < 1600, {
        labels: full.labels.map((_l, row) => (row < 1600 ? (row % 78 === 0 && row < 20 * 78 ? 1 : 0) : row % 2)),
      }),
      undefined,
    ],
    [
      'one class',
      withSlice((row) => row < 1500, { labels: full.labels.map((_l, row) => (row < 1500 ? 1 : row % 2)) }),
      'too-few-of-a-class',
    ],
  ] as const)('%s', (_name, examples, reason) => {
    const slice = by(compare(examples, { slices: ['origin'], margins: { roc_auc: 0.3 } }), 'in');
    expect(slice?.reason).toBe(reason);
    expect(slice?.verdict).toBe(reason === undefined ? 'pass' : 'inconclusive');
    expect(slice?.interval === undefined).toBe(reason !== undefined);
  });

  test('an ordinary slice that is too small holds nothing up, a critical one does', () => {
    const examples = {
      ...withSlice((row) => row < 100),
      candidate: full.labels.map((label) => (label === 1 ? 0.9 : 0.1)),
    };
    const ordinary = decided(examples, { rules: { slices: ['origin'] } });
    expect(ordinary.verdict).toBe('pass');
    const critical = decided(examples, { rules: { slices: [{ column: 'origin', critical: true }] } });
    expect(critical.verdict).toBe('inconclusive');
    expect(decisive(critical)).toMatchObject({
      role: 'critical-slice',
      reason: 'too-few-rows',
      slice: { value: 'in' },
    });
  });
});

describe('critical slices', () => {
  const examples = harmedExamples(['EWR', 'JFK'], []);
  test('have to be shown not worse: unclear is not enough', () => {
    const rules = (margin: number) => ({
      slices: [{ column: 'origin', critical: true }],
      margins: { roc_auc: margin },
    });
    expect(compare(examples, rules(0.001)).map(({ verdict }) => verdict)).toContain('inconclusive');
    const wide = compare(examples, rules(0.1));
    expect(wide.map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
    // Intersection-union: each at the whole alpha.
    expect(wide.map(({ interval }) => interval?.level)).toEqual([0.95, 0.95]);
    expect(wide.every(({ requirement, role }) => requirement === 'not-worse' && role === 'critical-slice')).toBe(true);
  });
});
