import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { IntervalRow } from '../../../lib/report/blocks/block.ts';
import { intervalPlot } from '../../../lib/report/figures/interval-plot.ts';
import { intervalText } from '../../../lib/report/figures/interval-text.ts';

/** Characters of the drawing, and the column of zero in it. */
const WIDTH = 33;
const ZERO = 16;

function row(over: Partial<IntervalRow>): IntervalRow {
  return {
    ...{ label: 'm', lower: -0.5, upper: 0.5, value: 0, margin: 1, limit: -1, verdict: 'pass', words: 'in words' },
    ...over,
  };
}

/** The drawing of the first row, as long as it is. */
function drawn(...rows: readonly IntervalRow[]): string {
  return (intervalText(rows).split('\n')[1] ?? '').slice(3).padEnd(WIDTH);
}

describe('intervalText', () => {
  test.each<[string, Partial<IntervalRow>, string]>([
    ['a range around zero', {}, '        ║   ├───●───┤            '],
    ['of no width', { lower: 0, upper: 0 }, '        ║       ●                '],
    ['that begins a little above zero', { lower: 1e-9, upper: 1, value: 0.5 }, '        ║       │├──●───┤        '],
    [
      'that ends a little below the limit',
      { lower: -1.8, upper: -1.001, value: -1.4 },
      '  ├──●─┤║       │                ',
    ],
    [
      'that ends a little above the limit',
      { lower: -0.999, upper: 0.5, value: -0.2 },
      '        ║├────●─┼───┤            ',
    ],
  ])('%s', (_name, over, expected) => {
    expect(drawn(row(over))).toBe(expected);
  });

  test.each<[string, Partial<IntervalRow>, string, string]>([
    ['wholly above', { lower: 30, upper: 60, value: 40 }, ' ', '►'],
    ['wholly below', { lower: -60, upper: -30, value: -40 }, '◄', ' '],
    ['wider on both sides', { lower: -60, upper: 60, value: 1 }, '◄', '►'],
    ['without an end', { lower: -1, upper: Number.POSITIVE_INFINITY, value: 1 }, ' ', '►'],
    ['without a beginning', { lower: Number.NEGATIVE_INFINITY, upper: 1, value: 0 }, '◄', ' '],
    [
      'of tiny numbers in tinier steps',
      { lower: 1e-300, upper: 2e-300, value: 1.5e-300, margin: 1e-310, limit: -1e-310 },
      ' ',
      '►',
    ],
  ])('an arrow where it goes on beyond the picture: %s', (_name, over, left, right) => {
    const line = drawn(row(over));
    expect(line).toHaveLength(WIDTH);
    expect(line[0]).toBe(left);
    expect(line[WIDTH - 1]).toBe(right);
    expect(intervalText([row(over)])).toContain('◄ ► goes on beyond the picture');
    const page = intervalPlot([row(over)]);
    expect(page.split('class="over"').length - 1).toBe([left, right].filter((sign) => sign !== ' ').length);
    expect(page).toContain('Arrow: it goes on beyond the picture.');
    expect(page).not.toMatch(/NaN|Infinity/);
  });

  const size = fc.double({ min: -1e3, max: 1e3, noNaN: true });
  test('stands to zero and to the limit as the numbers do, within its width', () => {
    fc.assert(
      fc.property(size, size, size, fc.double({ min: 1e-6, max: 100, noNaN: true }), (a, b, c, margin) => {
        const [lower = 0, value = 0, upper = 0] = [a, b, c].sort((x, y) => x - y);
        const line = drawn(row({ lower, value, upper, margin, limit: -margin }));
        expect(line).toHaveLength(WIDTH);
        const from = line.search(/[├◄]/);
        const dot = line.indexOf('●');
        const to = line.search(/[┤►]/);
        if (line[from] === '├') {
          expect(Math.sign(from - ZERO)).toBe(Math.sign(lower) + 0);
          const limit = intervalLimitColumn(line);
          if (limit >= 0) expect(from > limit).toBe(lower > -margin);
          expect(line[limit] === '╫').toBe(lower < -margin && upper > -margin && dot !== limit);
        }
        if (to >= 0 && line[to] === '┤') expect(Math.sign(to - ZERO)).toBe(Math.sign(upper) + 0);
        if (dot >= 0) expect(Math.sign(dot - ZERO)).toBe(Math.sign(value) + 0);
      }),
    );
  });
});

/** Where the limit is drawn; −1 where the dot stands on it. */
function intervalLimitColumn(line: string): number {
  return line.search(/[║╫]/);
}
