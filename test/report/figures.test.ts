import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { axisTicks, type Chart, type ChartSeries, type Matrix } from '../../lib/report/figures/chart.ts';
import { chartPlot } from '../../lib/report/figures/chart-plot.ts';
import { evidenceFigures } from '../../lib/report/figures/evidence-charts.ts';
import { matrixPlot } from '../../lib/report/figures/matrix-plot.ts';
import { evaluationHtml } from '../../lib/report/formats/html-report.ts';
import { cellWords, tickWords } from '../../lib/report/words/tick-words.ts';
import { multiclassTold, TOLD, toldEvaluation } from './fixtures/evidence.ts';

const names = { candidate: 'candidate', baseline: '1.2.0' };

/** What is wrong with an SVG as XML: tags that do not nest, attributes without quotes, bare ampersands. */
function xmlFaults(svg: string): string[] {
  const faults: string[] = [];
  const open: string[] = [];
  const tag = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/y;
  const text = /[^<]+/y;
  for (let at = 0; at < svg.length; ) {
    tag.lastIndex = at;
    text.lastIndex = at;
    const found = tag.exec(svg);
    const words = found === null ? text.exec(svg) : null;
    if (found === null && words === null) return [...faults, `no XML: ${svg.slice(at, at + 40)}`];
    if (found !== null) {
      const [, slash, name = '', , end] = found;
      if (slash === '/' && open.pop() !== name) faults.push(`</${name}>`);
      if (slash !== '/' && end !== '/') open.push(name);
    }
    at += (found ?? words)?.[0].length ?? svg.length;
  }
  const bare = /&(?!(?:amp|lt|gt|quot|#\d+);)/.exec(svg);
  return [...faults, ...open, ...(bare === null ? [] : ['a bare ampersand'])];
}

/** Every coordinate of shapes in an SVG, with the limits of its view box. */
function outside(svg: string): string[] {
  const [, width = 0, height = 0] = (/viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? []).map(Number);
  const wrong: string[] = [];
  const check = (value: number, limit: number, what: string): void => {
    if (!(value >= 0 && value <= limit + 0.05)) wrong.push(`${what}=${value}`);
  };
  for (const [, name = '', value = ''] of svg.matchAll(/\s(x1?|x2|cx|y1?|y2|cy)="([^"]*)"/g)) {
    check(Number(value), name.includes('x') ? width : height, name);
  }
  for (const [, x = '', y = '', w = '', h = ''] of svg.matchAll(
    /<rect [^>]*x="([^"]*)" y="([^"]*)" width="([^"]*)" height="([^"]*)"/g,
  )) {
    check(Number(x) + Number(w), width, 'right');
    check(Number(y) + Number(h), height, 'bottom');
    if (Number(w) < 0 || Number(h) < 0) wrong.push('a negative size');
  }
  for (const [, points = ''] of svg.matchAll(/points="([^"]*)"/g)) {
    for (const pair of points.split(' ')) {
      const [x, y] = pair.split(',').map(Number);
      check(x ?? Number.NaN, width, 'point x');
      check(y ?? Number.NaN, height, 'point y');
    }
  }
  return wrong;
}

describe.each(Object.entries(TOLD))('the figures of a %s decision', (_task, tell) => {
  const { evidence } = tell();
  const figures = evidenceFigures(evidence.findings, names);

  test('are there, well-formed, within their bounds and said in words', () => {
    expect(figures.length).toBeGreaterThan(0);
    for (const figure of figures) {
      const svg = figure.kind === 'chart' ? chartPlot(figure) : matrixPlot(figure);
      expect(xmlFaults(svg)).toEqual([]);
      expect(outside(svg)).toEqual([]);
      expect(svg).toMatch(/^<svg [^>]*role="img"[^>]*><title>[^<]{4,}<\/title><desc>[^<]{20,}<\/desc>/);
      expect(figure.words).not.toMatch(/NaN|undefined|Infinity|not a number/);
    }
  });

  test('name every series, and tell sides apart without colour', () => {
    for (const figure of figures) {
      if (figure.kind === 'matrix') continue;
      const svg = chartPlot(figure);
      const labels = [...svg.matchAll(/class="name"[^>]*>([^<]*)</g)].map(([, label]) => label);
      expect(labels).toEqual(figure.series.map(({ name }) => name));
      for (const { side, shape } of figure.series) {
        expect(svg).toContain(shape === 'bars' && side === 'candidate' ? 'bar candidate' : `${side}"`);
      }
    }
  });

  test('stand in the report, with every number of it readable', () => {
    const page = evaluationHtml(toldEvaluation(tell()));
    expect(page.split('<svg class="chart').length - 1).toBe(figures.length);
    expect(page).toContain('<details open><summary>Predictions: ');
    expect(page).not.toMatch(/NaN|undefined|\bnot a number\b/);
  });
});

describe('chartPlot', () => {
  const chart = (series: readonly ChartSeries[], over: Partial<Chart> = {}): Chart => ({
    kind: 'chart',
    title: 'A chart',
    words: 'What is to be seen, in words.',
    reading: 'How to read it.',
    x: { title: 'across', from: 0, to: 10 },
    y: { title: 'up', from: 0, to: 1 },
    series,
    ...over,
  });

  test('draws points where they are', () => {
    const svg = chartPlot(chart([{ side: 'candidate', name: 'one', shape: 'line', x: [0, 5, 10], y: [0, 0.5, 1] }]));
    // The plot reaches from 52 to 346 across and from 240 up to 34.
    expect(svg).toContain('points="52,240 199,137 346,34"');
  });

  test('keeps inside whatever the numbers are', () => {
    const numbers = fc.array(fc.double({ noNaN: true }), { maxLength: 8 });
    const hostile = fc.oneof(fc.constantFrom('</svg><script>', '"', '&', ']]>', '<!--'), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(numbers, numbers, hostile, fc.double({ noNaN: true }), (x, y, name, to) => {
        const length = Math.min(x.length, y.length);
        const cut = { x: x.slice(0, length), y: y.slice(0, length) };
        const svg = chartPlot(
          chart(
            [
              { side: 'candidate', name, shape: 'points', ...cut, lower: cut.y, upper: cut.x },
              { side: 'baseline', name, shape: 'line', ...cut },
            ],
            { title: name, words: name, x: { title: name, from: 0, to }, guide: 'diagonal' },
          ),
        );
        expect(xmlFaults(svg)).toEqual([]);
        expect(outside(svg)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('matrixPlot', () => {
  const matrix = (classes: readonly string[], cells: readonly number[]): Matrix => ({
    kind: 'matrix',
    side: 'candidate',
    title: 'Calls',
    words: 'So many of them are right.',
    reading: 'Darker is more.',
    classes,
    cells,
  });

  test('shades by the share of the true class and frames what is right', () => {
    const svg = matrixPlot(matrix(['a', 'b'], [3, 1, 0, 0]));
    const cells = [...svg.matchAll(/class="cell candidate( right)?"[^>]*fill-opacity="([^"]*)"/g)];
    // Full tone is one half, so that the numbers on it can be read; a class without rows is empty.
    expect(cells.map(([, right, shade]) => [right !== undefined, Number(shade)])).toEqual([
      [true, 0.38],
      [false, 0.13],
      [false, 0],
      [true, 0],
    ]);
    expect([...svg.matchAll(/class="count"[^>]*>([^<]*)</g)].map(([, count]) => count)).toEqual(['3', '1', '0', '0']);
  });

  test('of two hundred classes shows the frequent ones and merges the others', () => {
    const { evidence } = multiclassTold(200, 2_000);
    const [first] = evidenceFigures(evidence.findings, names);
    if (first?.kind !== 'matrix') throw new Error('the first figure is the matrix');
    const svg = matrixPlot(first);
    expect(first.classes).toHaveLength(21);
    expect(first.classes.at(-1)).toBe('180 others');
    expect(svg.split('class="cell').length - 1).toBe(21 ** 2);
    expect(outside(svg)).toEqual([]);
  });
});

describe('axis numbers', () => {
  test.each([
    [0, 1, ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']],
    [-55, 55, ['−40', '−20', '0', '20', '40']],
    [0, 148, ['0', '50', '100']],
    [0, 2_400_000, ['0', '500k', '1,000k', '1,500k', '2,000k']],
    [3, 3, ['3']],
  ])('from %d to %d', (from, to, words) => {
    const ticks = axisTicks({ title: '', from, to });
    expect(tickWords(ticks)).toEqual(words);
  });

  test.each([
    [0, '0'],
    [812, '812'],
    [9_999, '9,999'],
    [12_345, '12k'],
    [1_234_567, '1.2M'],
  ])('%d in a cell', (count, words) => {
    expect(cellWords(count)).toBe(words);
  });

  test('ticks lie on the axis, whatever it spans', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e3, max: 1e3, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
        (offset, span) => {
          const from = offset * span;
          const to = from + span;
          const ticks = axisTicks({ title: '', from, to });
          expect(ticks.length).toBeLessThan(14);
          for (const tick of ticks) {
            expect(tick).toBeGreaterThanOrEqual(from - span * 1e-6);
            expect(tick).toBeLessThanOrEqual(to + span * 1e-6);
          }
        },
      ),
    );
  });
});
