import { describe, expect, test } from 'vitest';
import { studentInference } from '../../lib/stats/inference.ts';
import { growthOfLargest } from '../../lib/stats/multiplicity/growth-of-largest.ts';
import { createRandom } from '../../lib/stats/resampling/random.ts';

const ALPHA = 0.025;
const DEGREES = 30;
/** Every estimate has this error, independent of the others. */
const ERROR = 0.02;
const inference = studentInference('cluster-jackknife-t', ERROR * Math.SQRT2, DEGREES);
const exact = studentInference('cluster-jackknife-t', 0, DEGREES);
const known = (now: readonly number[], before: readonly number[]) => ({
  now,
  before,
  fall: () => inference,
  within: { now: () => inference, before: () => inference },
});
const half = inference.critical(1 - 2 * ALPHA) * inference.standardError;

describe('how far the largest of several fell', () => {
  test('is the plain interval of one number', () => {
    const found = growthOfLargest(known([0.3], [0.5]), ALPHA);
    expect(found?.lower).toBeCloseTo(0.2 - half, 12);
    expect(found?.upper).toBeCloseTo(0.2 + half, 12);
  });

  test('is that of the largest where it is clearly so on both sides', () => {
    const found = growthOfLargest(known([0.1, 0.6, 0], [0.1, 0.5, 0.2]), ALPHA);
    expect(found?.lower).toBeCloseTo(-0.1 - half, 12);
    expect(found?.upper).toBeCloseTo(-0.1 + half, 12);
  });

  test('is not more certain for the better of two that tie: each has to hold', () => {
    const found = growthOfLargest(known([0.5, 0.51], [0.5, 0.5]), ALPHA);
    expect(found?.lower).toBeCloseTo(-0.01 - half, 12);
  });

  test('does not blame a number that was far from the largest for having grown up to it', () => {
    const found = growthOfLargest(known([0.1, 0.5], [0.5, 0.1]), ALPHA);
    expect(found?.lower).toBeCloseTo(-half, 12);
    expect(found?.upper).toBeCloseTo(half, 12);
  });

  test('is held against a limit', () => {
    const found = growthOfLargest(known([0.2, 0.1, 0.19], [0.25]), ALPHA);
    expect(found?.lower).toBeCloseTo(0.05 - half, 12);
    // Any of the three can be the largest: a third of the level each.
    const third = inference.critical(1 - (2 * ALPHA) / 3) * inference.standardError;
    expect(found?.upper).toBeGreaterThan(0.05 + half);
    expect(found?.upper).toBeLessThanOrEqual(0.05 + third + 1e-12);
  });

  test('is nothing where an error is not known, and a point where nothing varies', () => {
    expect(growthOfLargest({ ...known([0.3], [0.5]), fall: () => undefined }, ALPHA)).toBeUndefined();
    const still = { fall: () => exact, within: { now: () => exact, before: () => exact } };
    expect(growthOfLargest({ now: [0.3, 0.4], before: [0.4, 0.3], ...still }, ALPHA)).toMatchObject({
      lower: 0,
      upper: 0,
    });
  });

  test.each([
    [
      'eight tie before, one grew',
      Array.from({ length: 8 }, () => 0.5),
      [0.6, ...Array.from({ length: 7 }, () => 0.5)],
    ],
    ['eight tie before and now', Array.from({ length: 8 }, () => 0.5), Array.from({ length: 8 }, () => 0.6)],
    ['two tie before, another grew past them', [0.5, 0.5, 0.2], [0.3, 0.3, 0.6]],
    ['the largest grew', [0.5, 0.4, 0.3], [0.6, 0.4, 0.3]],
  ])('is exceeded in at most 2.5 %% of samples: %s', (_name, before, now) => {
    const random = createRandom([8, before.length]);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
    const draws = 4_000;
    let above = 0;
    let below = 0;
    for (let draw = 0; draw < draws; draw++) {
      const noisy = (truth: number) => truth + ERROR * normal();
      const found = growthOfLargest(known(now.map(noisy), before.map(noisy)), ALPHA);
      if ((found?.lower ?? 0) > -0.1) above++;
      if ((found?.upper ?? 0) < -0.1) below++;
    }
    const most = ALPHA + 4 * Math.sqrt((ALPHA * (1 - ALPHA)) / draws);
    expect(above / draws).toBeLessThan(most);
    expect(below / draws).toBeLessThan(most);
  });
});
