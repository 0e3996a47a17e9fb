import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EVIDENCE_CURVE_POINTS } from '../../../lib/gate/evidence/evidence.ts';
import { normalPlot } from '../../../lib/gate/simulate/normal-plot.ts';
import { normalQuantile } from '../../../lib/stats/distributions/normal.ts';

describe('normalPlot', () => {
  test('has every value of a small sample, by hand', () => {
    // −1, 0, 1 have mean 0 and standard deviation 1; Φ⁻¹(1/6) = −0.96742.
    const plot = normalPlot(Float64Array.of(1, -1, 0));
    expect(plot?.y).toEqual([-1, 0, 1]);
    expect(plot?.x[0]).toBeCloseTo(-0.96742, 4);
    expect(plot?.x[1]).toBeCloseTo(0, 9);
    expect(plot?.x[2]).toBeCloseTo(0.96742, 4);
  });

  test('lies on the diagonal for a normal sample, whatever its scale', () => {
    const count = 5_000;
    const sample = Float64Array.from({ length: count }, (_none, rank) => 7 - 3 * normalQuantile((rank + 0.5) / count));
    const { x, y } = normalPlot(sample) ?? { x: [], y: [] };
    expect(x.length).toBeGreaterThan(90);
    x.forEach((value, at) => {
      expect(y[at]).toBeCloseTo(value, 2);
    });
  });

  test('is bounded, ascending, and has both ends', () => {
    // On a grid: of values that differ in their last digits alone the plain sums below would keep none.
    const onGrid = fc.integer({ min: -64e6, max: 64e6 }).map((steps) => steps / 64);
    const numbers = fc.array(onGrid, { minLength: 2, maxLength: 400 });
    fc.assert(
      fc.property(numbers, (values) => {
        const plot = normalPlot(Float64Array.from(values));
        if (plot === undefined) return;
        expect(plot.x.length).toBeLessThanOrEqual(EVIDENCE_CURVE_POINTS);
        expect(plot.x).toEqual(plot.x.toSorted((a, b) => a - b));
        expect(plot.y).toEqual(plot.y.toSorted((a, b) => a - b));
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const farthest = Math.max(...plot.y.map(Math.abs));
        const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
        const expected = Math.max(...values.map((value) => Math.abs(value - mean))) / deviation;
        if (Number.isFinite(expected)) expect(Math.abs(farthest - expected)).toBeLessThan(1e-3 * (1 + expected));
      }),
    );
  });

  test.each([[[]], [[1]], [[2, 2, 2]]])('is not there for %j', (values) => {
    expect(normalPlot(Float64Array.from(values))).toBeUndefined();
  });
});
