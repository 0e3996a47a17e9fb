import { htmlText } from '../formats/html-escape.ts';
import { tickWords } from '../words/tick-words.ts';
import { axisTicks, type Chart, type ChartAxis, type ChartSeries } from './chart.ts';

/** The drawing's own units; it is scaled to the width that the page has. */
const WIDTH = 360;
const HEIGHT = 290;
const PLOT = { left: 52, right: 346, top: 34, bottom: 240 } as const;

/** Characters of a legend's name; two of them fit side by side. */
const NAME = 20;

/** Half of a whisker's end and the radius of a point. */
const MARK = 4;

/** A place on the drawing for every number within the axes; what lies outside is drawn at the edge. */
interface Place {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** A chart as one SVG: its title and words are read out, its lines differ by dash and not by colour alone. */
export function chartPlot(chart: Chart): string {
  const place: Place = {
    x: (value) => scaled(value, chart.x, PLOT.left, PLOT.right),
    y: (value) => scaled(value, chart.y, PLOT.bottom, PLOT.top),
  };
  // Bars are drawn first, for they hide what is behind; of lines the candidate's last, for it is what one looks for.
  const layer = ({ shape, side }: ChartSeries): number => ((shape === 'bars') === (side === 'baseline') ? 1 : 0);
  const series = chart.series.toSorted((a, b) => (a.shape === 'bars' ? layer(a) - layer(b) : layer(b) - layer(a)));
  return [
    `<svg class="chart" role="img" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-size="12">`,
    `<title>${htmlText(chart.title)}</title><desc>${htmlText(chart.words)}</desc>`,
    legend(chart.series),
    grid(chart, place),
    guide(chart, place),
    ...series.map((one) => drawn(one, place)),
    '</svg>',
  ].join('');
}

function scaled(value: number, { from, to }: ChartAxis, start: number, end: number): number {
  const share = to > from ? (value - from) / (to - from) : 0.5;
  const kept = Math.max(0, Math.min(1, Number.isFinite(share) ? share : 0));
  return Number((start + kept * (end - start)).toFixed(1));
}

function legend(series: readonly ChartSeries[]): string {
  return series
    .map(({ side, name, shape }, index) => {
      const x = PLOT.left + index * ((PLOT.right - PLOT.left) / 2);
      const sample =
        shape === 'bars' && side === 'candidate'
          ? `<rect class="bar candidate" x="${x}" y="9" width="20" height="10"/>`
          : `<line class="line ${side}" x1="${x}" x2="${x + 20}" y1="14" y2="14"/>`;
      return `${sample}<text class="name" x="${x + 26}" y="18">${htmlText(name, NAME)}</text>`;
    })
    .join('');
}

function grid({ x, y }: Chart, place: Place): string {
  const across = axisTicks(x);
  const up = axisTicks(y);
  const acrossWords = tickWords(across);
  const upWords = tickWords(up);
  const middle = (PLOT.top + PLOT.bottom) / 2;
  return [
    ...up.map(
      (tick, index) =>
        `<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${place.y(tick)}" y2="${place.y(tick)}"/>` +
        `<text class="tick" x="${PLOT.left - 6}" y="${place.y(tick) + 4}" text-anchor="end">${upWords[index]}</text>`,
    ),
    ...across.map(
      (tick, index) =>
        `<text class="tick" x="${place.x(tick)}" y="${PLOT.bottom + 17}" text-anchor="middle">${acrossWords[index]}</text>`,
    ),
    `<line class="zero" x1="${PLOT.left}" x2="${PLOT.right}" y1="${PLOT.bottom}" y2="${PLOT.bottom}"/>`,
    `<text class="axis" x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 10}" text-anchor="middle">${htmlText(x.title, 60)}</text>`,
    `<text class="axis" x="12" y="${middle}" text-anchor="middle" transform="rotate(-90 12 ${middle})">${htmlText(y.title, 40)}</text>`,
  ].join('');
}

function guide({ guide: kind, x, y }: Chart, place: Place): string {
  if (kind === 'zero') {
    if (x.from > 0 || x.to < 0) return '';
    return `<line class="guide" x1="${place.x(0)}" x2="${place.x(0)}" y1="${PLOT.top}" y2="${PLOT.bottom}"/>`;
  }
  if (kind !== 'diagonal') return '';
  const from = Math.max(x.from, y.from);
  const to = Math.min(x.to, y.to);
  return `<line class="guide" x1="${place.x(from)}" y1="${place.y(from)}" x2="${place.x(to)}" y2="${place.y(to)}"/>`;
}

function drawn(series: ChartSeries, place: Place): string {
  if (series.x.length === 0) return '';
  switch (series.shape) {
    case 'line':
      return `<polyline class="line ${series.side}" points="${pairs(series, place)}"/>`;
    case 'points':
      return `<polyline class="line thin ${series.side}" points="${pairs(series, place)}"/>${points(series, place)}`;
    case 'bars':
      return series.side === 'candidate' ? bars(series, place) : steps(series, place);
  }
}

function pairs({ x, y }: ChartSeries, place: Place): string {
  return x.map((value, index) => `${place.x(value)},${place.y(y[index] ?? 0)}`).join(' ');
}

/** Points with their whiskers; a baseline's are hollow. */
function points({ side, x, y, lower, upper }: ChartSeries, place: Place): string {
  return x
    .map((value, index) => {
      const at = place.x(value);
      const [low, high] = [lower?.[index], upper?.[index]];
      const whisker =
        low === undefined || high === undefined
          ? ''
          : `<line class="whisker ${side}" x1="${at}" x2="${at}" y1="${place.y(low)}" y2="${place.y(high)}"/>`;
      return `${whisker}<circle class="point ${side}" cx="${at}" cy="${place.y(y[index] ?? 0)}" r="${MARK}"/>`;
    })
    .join('');
}

function bars({ x, y }: ChartSeries, place: Place): string {
  return y
    .map((count, index) => {
      const left = place.x(x[index] ?? 0);
      const right = place.x(x[index + 1] ?? 0);
      const top = place.y(count);
      const [width, height] = [right - left, PLOT.bottom - top].map((size) => Number(size.toFixed(1)));
      return `<rect class="bar candidate" x="${left}" y="${top}" width="${width}" height="${height}"/>`;
    })
    .join('');
}

/** The outline of bars: what lies behind stays visible. */
function steps({ side, x, y }: ChartSeries, place: Place): string {
  const corners = y.flatMap((count, index) => {
    const top = place.y(count);
    return [`${place.x(x[index] ?? 0)},${top}`, `${place.x(x[index + 1] ?? 0)},${top}`];
  });
  return `<polyline class="line ${side}" points="${corners.join(' ')}"/>`;
}
