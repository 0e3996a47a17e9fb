import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NEEDED_CAP, neededClusters } from '../../lib/stats/needed-clusters.ts';
import { createRandom } from '../../lib/stats/random.ts';
import { studentQuantile } from '../../lib/stats/student-t.ts';
import golden from '../golden/gate/needed-clusters.json' with { type: 'json' };

describe("the power of a one-sided t test (statsmodels' TTestPower)", () => {
  test.each(golden.cases)('se $standardError on $clusters, margin $margin at $alpha', ({ needed, ...one }) => {
    const ours = neededClusters({ ...one, degreesOfFreedom: one.clusters - 1, atLeast: 2 });
    if (needed > NEEDED_CAP) return expect(ours).toBeUndefined();
    // Ours is the closed form with two central t quantiles; the exact one has a noncentral t: at most one cluster apart.
    expect(Math.abs((ours ?? Number.NaN) - Math.ceil(needed))).toBeLessThanOrEqual(1);
  });
});

test('with so many clusters a test finds a difference of the margin four times in five', () => {
  const [margin, alpha, deviation, trials] = [0.01, 0.025, 0.028, 4_000];
  const clusters =
    neededClusters({ standardError: deviation / 6, degreesOfFreedom: 35, clusters: 36, margin, alpha, atLeast: 2 }) ??
    0;
  const random = createRandom([3, 9]);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  const critical = studentQuantile(1 - alpha, clusters - 1);
  let found = 0;
  for (let trial = 0; trial < trials; trial++) {
    let sum = 0;
    let squares = 0;
    for (let g = 0; g < clusters; g++) {
      const value = margin + deviation * normal();
      sum += value;
      squares += value * value;
    }
    const mean = sum / clusters;
    const error = Math.sqrt((squares / clusters - mean * mean) / (clusters - 1));
    if (mean > critical * error) found++;
  }
  expect(found / trials).toBeGreaterThan(0.8 - 4 * Math.sqrt(0.16 / trials));
  expect(found / trials).toBeLessThan(0.83);
});

const question = fc.record({
  standardError: fc.double({ min: 1e-4, max: 0.05, noNaN: true }),
  clusters: fc.integer({ min: 20, max: 400 }),
  margin: fc.double({ min: 1e-3, max: 0.1, noNaN: true }),
  alpha: fc.constantFrom(0.05, 0.025, 0.005),
  atLeast: fc.constantFrom(2, 20),
});

describe('always', () => {
  test('fewer clusters suffice for a wider margin, none fewer than asked for', () => {
    fc.assert(
      fc.property(question, (drawn) => {
        const asked = { ...drawn, degreesOfFreedom: drawn.clusters - 1 };
        const needed = neededClusters(asked) ?? Number.POSITIVE_INFINITY;
        const easier = neededClusters({ ...asked, margin: asked.margin * 1.5 }) ?? Number.POSITIVE_INFINITY;
        expect(easier).toBeLessThanOrEqual(needed);
        expect(needed).toBeGreaterThanOrEqual(asked.atLeast);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test('a stricter level needs more', () => {
    const at = (alpha: number) =>
      neededClusters({ standardError: 0.005, degreesOfFreedom: 30, clusters: 31, margin: 0.01, alpha, atLeast: 20 }) ??
      Number.NaN;
    expect(at(0.005)).toBeGreaterThan(at(0.025));
    expect(at(0.025)).toBeGreaterThan(at(0.1));
  });
});
