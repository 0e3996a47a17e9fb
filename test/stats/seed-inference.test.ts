import { describe, expect, test } from 'vitest';
import { clusteredInference } from '../../lib/stats/inference.ts';
import { createRandom } from '../../lib/stats/resampling/random.ts';
import { seededInference } from '../../lib/stats/seed-inference.ts';

const CLUSTERS = 40;

/** Leave-one-out values of a mean of 40 clusters around `value`. */
function without(value: number, spread: number): Float64Array {
  const random = createRandom([5, 1]);
  const terms = Array.from({ length: CLUSTERS }, () => spread * (random.uniform() - 0.5));
  const mean = terms.reduce((sum, term) => sum + term, 0) / CLUSTERS;
  return Float64Array.from(terms, (term) => value - (term - mean) / (CLUSTERS - 1));
}

describe('inference for a mean over seeds', () => {
  const bySeed = [0.01, 0.014, 0.006, 0.012];
  const mean = 0.0105;

  test("adds the seeds' variance over their number to the examples', degrees of freedom by Satterthwaite", () => {
    const examples = clusteredInference(mean, without(mean, 0.08));
    const found = seededInference(bySeed, without(mean, 0.08));
    // numpy: std([...], ddof=1) = 0.0034156502553198665.
    const ofSeeds = 0.0034156502553198665 ** 2 / 4;
    const ofExamples = (examples?.standardError ?? 0) ** 2;
    expect(found?.seedDeviation).toBeCloseTo(0.0034156502553198665, 15);
    expect(found?.standardError).toBeCloseTo(Math.sqrt(ofExamples + ofSeeds), 15);
    const welch =
      (ofExamples + ofSeeds) ** 2 / (ofExamples ** 2 / (examples?.degreesOfFreedom ?? 0) + ofSeeds ** 2 / 3);
    expect(found?.degreesOfFreedom).toBeCloseTo(welch, 9);
    expect(found?.method).toBe('seed-and-cluster-jackknife-t');
  });

  test('of seeds that agree is that of the examples', () => {
    const one = clusteredInference(mean, without(mean, 0.08));
    const found = seededInference([mean, mean, mean], without(mean, 0.08));
    expect(found?.standardError).toBeCloseTo(one?.standardError ?? 0, 15);
    expect(found?.degreesOfFreedom).toBeCloseTo(one?.degreesOfFreedom ?? 0, 9);
  });

  test('of examples that agree is that of the seeds: two of them have one degree of freedom', () => {
    const found = seededInference([1, 3], without(2, 0));
    expect(found).toMatchObject({ standardError: 1, degreesOfFreedom: 1 });
    // Student's t with 1 degree of freedom (Cauchy): tan(0.475 pi).
    expect(found?.critical(0.95)).toBeCloseTo(12.706204736174694, 9);
  });

  test('of too few clusters there is none; of one seed it is a mistake to ask', () => {
    expect(seededInference(bySeed, without(mean, 0.08).subarray(0, 19))).toBeUndefined();
    expect(() => seededInference([0.01], without(mean, 0.08))).toThrow(RangeError);
  });
});
