import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aucDifference, aucEquality, aucInterval } from '../../lib/stats/auc/auc-inference.ts';
import { clusteredDelong } from '../../lib/stats/auc/clustered-delong.ts';
import { delong } from '../../lib/stats/auc/delong.ts';
import { ascendingOrder } from '../../lib/stats/numbers/sort-order.ts';
import { expectGolden, goldenCases, materialize } from '../golden/golden.ts';

describe('two models (pROC, scikit-learn, NumPy)', () => {
  test.each(goldenCases('delong').map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const labels = materialize(golden.input.labels);
    const found = delong(labels, [materialize(golden.input.scores_a), materialize(golden.input.scores_b)]);
    const difference = aucDifference(found, 0, 1, 0.95);
    const plain = aucInterval(found, 0, 0.95, 'plain');
    const answers: Record<string, number | undefined> = {
      auc_a: found.auc[0],
      auc_b: found.auc[1],
      delta: difference.estimate,
      var_a: found.covariance[0]?.[0],
      var_b: found.covariance[1]?.[1],
      cov_ab: found.covariance[0]?.[1],
      var_delta: difference.standardError ** 2,
      se_delta: difference.standardError,
      z: difference.z,
      p: difference.p,
      log_p: difference.logP,
      ci_lo: difference.low,
      ci_hi: difference.high,
      auc_a_ci_lo: plain.low,
      auc_a_ci_hi: plain.high,
    };
    for (const key of Object.keys(golden.expected)) {
      if (key === 'degenerate') expect(difference.degenerate).toBe('no-variance');
      else if (key === 'reference')
        expect({ pROC_z: difference.z, pROC_p: difference.p }).toEqual(golden.expected[key]);
      else expectGolden(golden, key, answers[key]);
    }
  });
});

test('three models: covariance and the test that all are equal (NumPy)', () => {
  const [golden] = goldenCases('delong_multi');
  if (golden === undefined) throw new Error('the fixture is missing');
  const found = delong(materialize(golden.input.labels), (golden.input.scores as unknown[]).map(materialize));
  (golden.expected.auc as number[]).forEach((auc, i) => {
    expect(found.auc[i]).toBeCloseTo(auc, 12);
    (golden.expected.cov as number[][])[i]?.forEach((value, j) => {
      expect(Math.abs((found.covariance[i]?.[j] ?? Number.NaN) - value)).toBeLessThan(1e-8 * Math.abs(value));
    });
  });
  const equality = aucEquality(found);
  expectGolden(golden, 'wald_chi2', equality.chiSquared);
  expectGolden(golden, 'df', equality.degreesOfFreedom);
  expectGolden(golden, 'p', equality.p);
});

/** The definition, pair by pair: O(positives · negatives). */
function byDefinition(labels: readonly number[], scores: readonly number[]): { auc: number; influence: number[] } {
  const rows = [...labels.keys()];
  const positives = rows.filter((row) => labels[row] === 1);
  const negatives = rows.filter((row) => labels[row] !== 1);
  const wins = (p: number, q: number): number => {
    const [a, b] = [scores[p] as number, scores[q] as number];
    return a > b ? 1 : a === b ? 0.5 : 0;
  };
  const average = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const placement = rows.map((row) =>
    labels[row] === 1 ? average(negatives.map((q) => wins(row, q))) : average(positives.map((p) => wins(p, row))),
  );
  const auc = average(positives.map((row) => placement[row] as number));
  return {
    auc,
    influence: rows.map((row) => {
      const size = labels[row] === 1 ? positives.length : negatives.length;
      return ((placement[row] as number) - auc) / size;
    }),
  };
}

const examples = fc
  .array(
    fc.record({
      label: fc.constantFrom(0, 1),
      a: fc.integer({ min: -4, max: 4 }),
      b: fc.double({ noNaN: true, min: -1, max: 1 }),
      cluster: fc.integer({ min: 0, max: 5 }),
    }),
    { minLength: 4, maxLength: 40 },
  )
  .filter((rows) => rows.some(({ label }) => label === 1) && rows.some(({ label }) => label === 0));

describe('against the definition', () => {
  test('areas and influence values, which sum to 0', () => {
    fc.assert(
      fc.property(examples, (rows) => {
        const labels = rows.map(({ label }) => label);
        const scores = rows.map(({ a }) => a);
        const found = delong(labels, [Float64Array.from(scores)]);
        const expected = byDefinition(labels, scores);
        expect(found.auc[0]).toBeCloseTo(expected.auc, 12);
        for (const [i, value] of expected.influence.entries()) expect(found.influence[0]?.[i]).toBeCloseTo(value, 12);
        expect(found.influence[0]?.reduce((sum, u) => sum + u)).toBeCloseTo(0, 12);
      }),
      { seed: 1 },
    );
  });

  test('the order of rows does not matter; turning scores around turns the area around', () => {
    fc.assert(
      fc.property(examples, (rows) => {
        const areaOf = (list: typeof rows, sign: number): number =>
          delong(
            list.map(({ label }) => label),
            [Float64Array.from(list, ({ b }) => sign * b)],
          ).auc[0] ?? Number.NaN;
        expect(areaOf(rows.slice().reverse(), 1)).toBe(areaOf(rows, 1));
        expect(areaOf(rows, -1)).toBeCloseTo(1 - areaOf(rows, 1), 12);
      }),
      { seed: 2 },
    );
  });

  test('clusters: Obuchowski’s formula by its own words', () => {
    fc.assert(
      fc.property(examples, (rows) => {
        const labels = rows.map(({ label }) => label);
        const clusters = rows.map(({ cluster }) => cluster);
        const found = clusteredDelong(delong(labels, [Float64Array.from(rows, ({ a }) => a)]), labels, clusters, 6);
        const { influence } = byDefinition(
          labels,
          rows.map(({ a }) => a),
        );
        const codes = [...new Set(clusters)];
        const sumOf = (code: number, label: number): number =>
          influence.reduce((sum, u, i) => (clusters[i] === code && labels[i] === label ? sum + u : sum), 0);
        const having = (label: number): number =>
          codes.filter((code) => rows.some((row) => row.cluster === code && row.label === label)).length;
        const [i10, i01, i] = [having(1), having(0), codes.length];
        const total = (value: (code: number) => number): number => codes.reduce((sum, code) => sum + value(code), 0);
        const expected =
          (i10 / (i10 - 1)) * total((code) => sumOf(code, 1) ** 2) +
          (i01 / (i01 - 1)) * total((code) => sumOf(code, 0) ** 2) +
          2 * (i / (i - 1)) * total((code) => sumOf(code, 1) * sumOf(code, 0));
        expect(found.clusters).toBe(i);
        if (i10 < 2 || i01 < 2) expect(found.covariance[0]?.[0]).toBeNaN();
        else expect(found.covariance[0]?.[0]).toBeCloseTo(expected, 12);
      }),
      { seed: 3 },
    );
  });

  test('every row its own cluster is plain DeLong', () => {
    fc.assert(
      fc.property(examples, (rows) => {
        const labels = rows.map(({ label }) => label);
        const plain = delong(labels, [Float64Array.from(rows, ({ a }) => a), Float64Array.from(rows, ({ b }) => b)]);
        const clustered = clusteredDelong(
          plain,
          labels,
          labels.map((_label, i) => i),
          labels.length,
        );
        for (const [j, k] of [
          [0, 0],
          [0, 1],
          [1, 1],
        ] as const) {
          const [one, other] = [clustered.covariance[j]?.[k], plain.covariance[j]?.[k]];
          if (Number.isNaN(other)) expect(one).toBeNaN();
          else expect(one).toBeCloseTo(other ?? Number.NaN, 12);
        }
      }),
      { seed: 4 },
    );
  });
});

test('the test of equality does not depend on the model that comes first, and agrees with the difference of two', () => {
  const golden = goldenCases('delong_multi')[0];
  if (golden === undefined) throw new Error('the fixture is missing');
  const labels = materialize(golden.input.labels);
  const scores = (golden.input.scores as unknown[]).map(materialize);
  const forwards = aucEquality(delong(labels, scores));
  const backwards = aucEquality(delong(labels, scores.slice().reverse()));
  expect(backwards.chiSquared).toBeCloseTo(forwards.chiSquared, 9);
  // With two models the test of equality is the test of their difference.
  const pair = delong(labels, scores.slice(0, 2));
  expect(aucEquality(pair).chiSquared).toBeCloseTo(aucDifference(pair, 0, 1, 0.95).z ** 2, 9);
  expect(aucEquality(pair).p).toBeCloseTo(aucDifference(pair, 0, 1, 0.95).p, 9);
  // A model that ranks like another adds no degree of freedom.
  const [first] = scores;
  if (first === undefined) throw new Error('no scores');
  const doubled = aucEquality(delong(labels, [...scores, first.map((score) => 2 * score + 1)]));
  expect(doubled.degreesOfFreedom).toBe(2);
  expect(doubled.chiSquared).toBeCloseTo(forwards.chiSquared, 6);
});

describe('degenerate answers', () => {
  test.each([
    ['no rows', [], []],
    ['one row', [1], [0.3]],
    ['one class', [0, 0, 0], [0.1, 0.2, 0.3]],
  ])('%s: nothing has a value', (_name, labels, scores) => {
    const column = Float64Array.from(scores);
    const found = delong(labels, [column, column]);
    expect(found.auc[0]).toBeNaN();
    expect(found.covariance[0]?.[1]).toBeNaN();
    expect(aucDifference(found, 0, 1, 0.95)).toMatchObject({ degenerate: 'undefined', p: Number.NaN });
    expect(aucInterval(found, 0, 0.95)).toMatchObject({ degenerate: 'undefined' });
    expect(aucEquality(found).p).toBeNaN();
  });

  test('a score that is no number: that model has no value, the other keeps its own', () => {
    const labels = [0, 1, 0, 1];
    const good = Float64Array.of(1, 2, 3, 4);
    const found = delong(labels, [good, Float64Array.of(1, Number.NaN, 3, 4)]);
    expect(found.auc[0]).toBe(0.75);
    expect(found.auc[1]).toBeNaN();
    expect(found.covariance[0]?.[0]).toBe(delong(labels, [good]).covariance[0]?.[0]);
  });

  test('one positive has an area but no variance that could be known', () => {
    const found = delong([0, 1, 0], [Float64Array.of(1, 2, 3)]);
    expect(found.auc[0]).toBe(0.5);
    expect(found.covariance[0]?.[0]).toBeNaN();
    expect(aucInterval(found, 0, 0.95).degenerate).toBe('undefined');
  });

  test('perfect separation: no interval on the logit scale, the bare point on the plain one', () => {
    const found = delong([0, 0, 1, 1], [Float64Array.of(1, 2, 3, 4)]);
    expect(aucInterval(found, 0, 0.95)).toEqual({ low: Number.NaN, high: Number.NaN, degenerate: 'no-variance' });
    expect(aucInterval(found, 0, 0.95, 'plain')).toEqual({ low: 1, high: 1, degenerate: 'no-variance' });
  });

  test('a perfect model against a constant one: a difference without variance has no p', () => {
    const labels = [0, 0, 1, 1];
    const found = delong(labels, [Float64Array.of(1, 1, 1, 1), Float64Array.of(1, 2, 3, 4)]);
    expect(aucDifference(found, 0, 1, 0.95)).toMatchObject({ estimate: 0.5, p: Number.NaN, degenerate: 'no-variance' });
  });

  test('models that rank alike are equal with certainty', () => {
    const labels = [0, 1, 0, 1, 1];
    const scores = Float64Array.of(1, 2, 3, 4, 0);
    const found = delong(labels, [scores, scores.map((score) => score ** 3)]);
    expect(aucEquality(found)).toEqual({ chiSquared: 0, degreesOfFreedom: 0, p: 1, logP: 0 });
  });
});

test('the logit interval is the delta method on ln(A / (1 − A)), inside (0, 1)', () => {
  const labels = [0, 0, 0, 0, 1, 1, 1, 1];
  const found = delong(labels, [Float64Array.of(1, 2, 3, 6, 4, 5, 7, 8)]);
  const { low, high } = aucInterval(found, 0, 0.95);
  const area = found.auc[0] as number;
  const logit = (p: number): number => Math.log(p / (1 - p));
  expect((logit(low) + logit(high)) / 2).toBeCloseTo(logit(area), 12);
  const se = Math.sqrt(found.covariance[0]?.[0] as number) / (area * (1 - area));
  expect((logit(high) - logit(low)) / 2).toBeCloseTo(1.959963984540054 * se, 12);
  expect(high).toBeLessThan(1);
});

describe('the order of scores', () => {
  const values = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0, -0, 5e-324, -5e-324, 1e308, -1e308, 1, -1),
  );
  // 2,048 is where the radix sort takes over.
  test.each([200, 3000])('%i values as a stable comparison sort has them', (length) => {
    fc.assert(
      fc.property(fc.array(values, { minLength: length, maxLength: length, size: 'max' }), (list) => {
        const column = Float64Array.from(list);
        const expected = [...list.keys()].sort((a, b) => (list[a] as number) - (list[b] as number) || a - b);
        expect([...ascendingOrder(column)]).toEqual(expected);
      }),
      { seed: 5, numRuns: 5 },
    );
  });
});
