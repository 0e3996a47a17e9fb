import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idSketch, SKETCH_SIZE, sharedShare, sketchedIds } from '../../lib/registry/id-sketch.ts';

const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `flight-${from + i}`);

describe('idSketch', () => {
  it('does not depend on order or repeats, and is small', () => {
    const all = ids(0, 3000);
    const sketch = idSketch(all);
    expect(sketch).toHaveLength(SKETCH_SIZE);
    expect(idSketch([...all].reverse().concat(all))).toEqual(sketch);
    expect([...sketch].sort()).toEqual(sketch);
    expect(sketch[0]).toMatch(/^[0-9a-f]{16}$/);
  });

  it('is the smallest hashes: the sketch of a union is the sketch of the sketches', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(2000), fc.nat(2000), (a, b, n) => {
        const left = idSketch(ids(a, a + n));
        const right = idSketch(ids(b, b + 500));
        const union = [...new Set([...left, ...right])].sort().slice(0, SKETCH_SIZE);
        expect(idSketch([...ids(a, a + n), ...ids(b, b + 500)])).toEqual(union);
      }),
      { numRuns: 20 },
    );
  });
});

describe('sharedShare', () => {
  it('is exact for small sets, by the smaller of the two', () => {
    expect(sharedShare(idSketch(ids(0, 100)), idSketch(ids(90, 190)))).toBe(0.1);
    expect(sharedShare(idSketch(ids(0, 20)), idSketch(ids(15, 200)))).toBe(0.25);
    expect(sharedShare(idSketch([]), idSketch(ids(0, 10)))).toBe(0);
  });

  it('estimates the share of large sets within four standard errors', () => {
    for (const share of [0, 0.05, 0.1, 0.5, 1]) {
      const shift = Math.round(5000 * (1 - share));
      const estimate = sharedShare(idSketch(ids(0, 5000)), idSketch(ids(shift, shift + 5000)));
      expect(Math.abs(estimate - share)).toBeLessThanOrEqual(4 * Math.sqrt((share * (1 - share)) / 128));
    }
  });

  it('knows a set again that rows were appended to', () => {
    const old = idSketch(ids(0, 1000));
    for (const size of [1001, 2000, 5000, 20_000])
      expect(sharedShare(old, idSketch(ids(0, size)))).toBeGreaterThan(0.9);
  });

  it('counts together what it cannot tell apart', () => {
    expect(sharedShare(idSketch(ids(0, 100)), idSketch(ids(50_000, 70_000)))).toBe(1);
  });
});

describe('sketchedIds', () => {
  it('names only ids of the set, and all of them while it is no larger than its sketch', () => {
    fc.assert(
      fc.property(fc.nat(400), fc.nat(400), fc.nat(400), (from, size, other) => {
        const sketch = idSketch(ids(from, from + size), 400);
        const asked = ids(other, other + 100);
        expect(sketchedIds(sketch, asked)).toEqual(asked.filter((id) => ids(from, from + size).includes(id)));
      }),
      { numRuns: 30 },
    );
    const large = sketchedIds(idSketch(ids(0, 5_000)), ids(4_000, 9_000));
    expect(large.length).toBeGreaterThan(0);
    for (const id of large) expect(Number(id.split('-')[1])).toBeLessThan(5_000);
  });
});
