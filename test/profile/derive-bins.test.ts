import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ColumnBins, cellCount } from '../../lib/profile/bins.ts';
import { deriveBins } from '../../lib/profile/derive-bins.ts';
import { createProfiler } from '../../lib/profile/profiler.ts';
import { createRandom } from '../../lib/stats/resampling/random.ts';
import { columnsOf, frameOf, type TestTable } from './frames.ts';

function binsAndCounts(table: TestTable): { bins: ColumnBins; totals: number[] } {
  const timed: TestTable = {
    ...table,
    t: { type: 'timestamp', values: (Object.values(table)[0]?.values ?? []).map(() => 0) },
  };
  const profiler = createProfiler(columnsOf(table));
  profiler.add(frameOf(table));
  const bins = deriveBins(profiler.finish());
  const days = createProfiler(columnsOf(timed), { time: 't', bins });
  days.add(frameOf(timed));
  const cells = days.finish().days?.counts[0]?.[0] ?? [];
  const own = bins[0] as ColumnBins;
  return { bins: own, totals: Array.from({ length: cellCount(own) - 2 }, (_none, bin) => cells[bin + 2] ?? 0) };
}

describe('deriveBins', () => {
  it('cuts a continuous column into bins of about a 24th of the rows', () => {
    const random = createRandom([1, 2]);
    const values = Array.from({ length: 20_000 }, () => (random.uniform() + random.uniform() - 1) * 100);
    const { totals } = binsAndCounts({ x: { type: 'float', values } });
    // Nothing lies outside the range of the reference itself.
    expect([totals[0], totals.at(-1)]).toEqual([0, 0]);
    const filled = totals.filter((count) => count > 0);
    expect(filled.length).toBeGreaterThanOrEqual(20);
    expect(Math.max(...filled) / values.length).toBeLessThan(1.5 / 24);
  });

  it('has rising edges, few bins, and counts every value', () => {
    const sample = fc.array(fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: 0, max: 5 }).map(Number)), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(sample, (values) => {
        const { bins, totals } = binsAndCounts({ x: { type: 'float', values } });
        if (bins.kind !== 'numeric') throw new Error('not numeric');
        expect(bins.edges.every((edge, i) => i === 0 || edge > (bins.edges[i - 1] as number))).toBe(true);
        expect(bins.edges.length).toBeLessThanOrEqual(2 * 24 + 2);
        expect(totals.reduce((sum, count) => sum + count, 0)).toBe(values.length);
      }),
    );
  });

  it('gives a value that is tied often a bin of its own', () => {
    const values = [...Array.from({ length: 500 }, () => 0), ...Array.from({ length: 500 }, (_none, i) => i / 7 + 1)];
    const { totals } = binsAndCounts({ x: { type: 'float', values } });
    expect(totals).toContain(500);
  });

  it('puts the most frequent values first and the rest together', () => {
    const values = Array.from({ length: 50 }, (_none, i) => Array.from({ length: 50 - i }, () => `v${i}`)).flat();
    const { bins, totals } = binsAndCounts({ s: { type: 'string', values } });
    if (bins.kind !== 'categorical') throw new Error('not categorical');
    expect(bins.values.slice(0, 3)).toEqual(['v0', 'v1', 'v2']);
    expect(bins.values).toHaveLength(50);
    expect(totals).toHaveLength(31);
    expect(totals[30]).toBe((20 * 21) / 2);
  });

  it('spreads a column of ids over hashed bins', () => {
    const values = Array.from({ length: 3200 }, (_none, i) => `id-${i}`);
    const { bins, totals } = binsAndCounts({ id: { type: 'string', values } });
    expect(bins).toEqual({ column: 'id', kind: 'hashed', cells: 32 });
    expect(Math.min(...totals)).toBeGreaterThan(50);
    expect(totals.reduce((sum, count) => sum + count)).toBe(3200);
  });
});
