import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Linearised,
  linearised,
  linearisedR2,
  linearisedRmse,
  linearisedVariance,
  macroAverage,
  ratioOfSums,
} from '../../lib/stats/linearised.ts';
import { waldInference } from '../../lib/stats/wald-inference.ts';
import { expectGolden, type GoldenCase, goldenCases, materialize } from '../golden/golden.ts';

function ratioOf(golden: GoldenCase, side: 'pred_a' | 'pred_b'): Linearised {
  const y = materialize(golden.input.labels);
  const p = materialize(golden.input[side]);
  const map = (f: (y: number, p: number) => number): Float64Array => y.map((label, i) => f(label, p[i] as number));
  const hits = map((label, call) => label * call);
  const beta = Number(golden.options.metric === 'fbeta' ? golden.options.beta : 1);
  switch (golden.options.metric) {
    case 'precision':
      return ratioOfSums(hits, p);
    case 'recall':
      return ratioOfSums(hits, y);
    case 'wape':
      return ratioOfSums(
        map((label, guess) => Math.abs(label - guess)),
        map(Math.abs),
      );
    default:
      return ratioOfSums(
        hits.map((hit) => (1 + beta ** 2) * hit),
        map((label, call) => beta ** 2 * label + call),
      );
  }
}

describe('ratios of sums (scikit-learn, formula)', () => {
  test.each(goldenCases('ratio_linearised').map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const [a, b] = [ratioOf(golden, 'pred_a'), ratioOf(golden, 'pred_b')];
    const codes = 'clusters' in golden.input ? materialize(golden.input.clusters) : undefined;
    const clusters = codes === undefined ? undefined : { codes, count: Math.max(...codes) + 1 };
    const of = (influence: Float64Array): number => linearisedVariance(influence, clusters);
    const difference = waldInference(
      b.value - a.value,
      of(b.influence.map((u, i) => u - (a.influence[i] as number))),
      0.95,
    );
    const answers: Record<string, number> = {
      value_a: a.value,
      value_b: b.value,
      delta: difference.estimate,
      se_a: Math.sqrt(of(a.influence)),
      se_b: Math.sqrt(of(b.influence)),
      se_delta: difference.standardError,
      z: difference.z,
      p: difference.p,
      ci_lo: difference.low,
      ci_hi: difference.high,
    };
    for (const key of Object.keys(golden.expected)) {
      if (key === 'degenerate') expect(difference.degenerate).toBe('undefined');
      else expectGolden(golden, key, answers[key]);
    }
  });
});

describe('regression (scikit-learn, formula)', () => {
  test.each(goldenCases('regression_metrics').map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const y = materialize(golden.input.y);
    const predictions = materialize(golden.input.pred);
    const rmse = linearisedRmse(y.map((label, i) => label - (predictions[i] as number)));
    const r2 = linearisedR2(y, predictions);
    // The other keys of this fixture belong to metrics that are plain means.
    expectGolden(golden, 'rmse', rmse.value);
    if ('rmse_se_linearised' in golden.expected) {
      expectGolden(golden, 'rmse_se_linearised', Math.sqrt(linearisedVariance(rmse.influence)));
    }
    if ('r2_note' in golden.expected) expect(r2.value).toBeNaN();
    else expectGolden(golden, 'r2', r2.value);
  });
});

const rows = fc.array(
  fc.tuple(fc.double({ min: 0.5, max: 3, noNaN: true }), fc.double({ min: 1, max: 4, noNaN: true })),
  { minLength: 5, maxLength: 40 },
);

/** The derivative by the weight of every row, by differences: what an influence value is. */
function byWeights(count: number, statistic: (weights: Float64Array) => number): number[] {
  const step = 1e-5;
  return Array.from({ length: count }, (_none, i) => {
    const value = (change: number): number => statistic(new Float64Array(count).fill(1).with(i, 1 + change));
    return (value(step) - value(-step)) / (2 * step);
  });
}

function expectClose(influence: Float64Array, expected: readonly number[]): void {
  for (const [i, value] of expected.entries()) expect(influence[i]).toBeCloseTo(value, 6);
  expect(influence.reduce((sum, u) => sum + u, 0)).toBeCloseTo(0, 9);
}

describe('influence values are derivatives by the rows’ weights', () => {
  test('ratio, RMSE, R²', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const x = Float64Array.from(list, ([a]) => a);
        const y = Float64Array.from(list, ([, b], i) => b + i / 10);
        const sum = (f: (i: number) => number): number => list.reduce((total, _row, i) => total + f(i), 0);
        const ratio = (w: Float64Array): number =>
          sum((i) => (w[i] as number) * (x[i] as number)) / sum((i) => (w[i] as number) * (y[i] as number));
        expectClose(ratioOfSums(x, y).influence, byWeights(list.length, ratio));
        const rmse = (w: Float64Array): number =>
          Math.sqrt(sum((i) => (w[i] as number) * (x[i] as number) ** 2) / sum((i) => w[i] as number));
        expectClose(linearisedRmse(x).influence, byWeights(list.length, rmse));
        const r2 = (w: Float64Array): number => {
          const mean = sum((i) => (w[i] as number) * (y[i] as number)) / sum((i) => w[i] as number);
          const errors = sum((i) => (w[i] as number) * ((y[i] as number) - (x[i] as number)) ** 2);
          return 1 - errors / sum((i) => (w[i] as number) * ((y[i] as number) - mean) ** 2);
        };
        const found = linearisedR2(y, x);
        const scale = Math.max(1, ...found.influence.map(Math.abs));
        expectClose(
          found.influence.map((u) => u / scale),
          byWeights(list.length, r2).map((u) => u / scale),
        );
      }),
      { seed: 6, numRuns: 30 },
    );
  });

  test('a ratio is the general form’s ratio', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const [n, d] = [Float64Array.from(list, ([a]) => a), Float64Array.from(list, ([, b]) => b)];
        const general = linearised([n, d], ([top = 0, bottom = 0]) => ({
          value: top / bottom,
          gradient: [1 / bottom, -top / bottom ** 2],
        }));
        const ratio = ratioOfSums(n, d);
        expect(general.value).toBe(ratio.value);
        for (const [i, u] of ratio.influence.entries()) expect(general.influence[i]).toBeCloseTo(u, 12);
      }),
      { seed: 7 },
    );
  });
});

test('a macro average averages values and influence values', () => {
  const one = { value: 0.5, influence: Float64Array.of(0.1, -0.1) };
  const other = { value: 1, influence: Float64Array.of(0.3, -0.3) };
  const macro = macroAverage([one, other]);
  expect(macro.value).toBe(0.75);
  expect([...macro.influence]).toEqual([0.2, -0.2]);
  expect(macroAverage([one, ratioOfSums(Float64Array.of(0, 0), Float64Array.of(0, 0))]).value).toBeNaN();
  expect(macroAverage([]).value).toBeNaN();
});

describe('degenerate answers', () => {
  test('no rows, no error, constant labels', () => {
    const none = new Float64Array(0);
    expect(ratioOfSums(none, none)).toEqual({ value: Number.NaN, influence: none });
    expect(linearisedRmse(none).value).toBeNaN();
    expect(linearisedRmse(new Float64Array(3))).toEqual({ value: 0, influence: new Float64Array(3) });
    expect(linearisedR2(Float64Array.of(2, 2), Float64Array.of(1, 3)).value).toBeNaN();
  });

  test('without variance a difference of 0 is certain, and another has no p', () => {
    expect(waldInference(0, 0, 0.95)).toMatchObject({ z: 0, p: 1, low: 0, high: 0, degenerate: 'no-variance' });
    expect(waldInference(0.1, 0, 0.95)).toMatchObject({ p: Number.NaN, low: Number.NaN, degenerate: 'no-variance' });
    expect(waldInference(Number.NaN, 1, 0.95)).toMatchObject({ p: Number.NaN, degenerate: 'undefined' });
  });
});
