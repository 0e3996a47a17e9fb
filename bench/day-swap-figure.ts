import type { FalsePasses } from './day-swap-experiment.ts';

/** One line of the table: a method's false passes in one contest, as a rate with its Monte-Carlo interval. */
export interface FalsePassRate extends FalsePasses {
  readonly pair: string;
  readonly days: number;
  readonly rows: number;
  /** Shares, 0 … 1; `lower` and `upper` are the 95 % Wilson interval. */
  readonly rate: number;
  readonly lower: number;
  readonly upper: number;
}

/** All in SVG units. */
const WIDTH = 760;
const LABEL = 270;
const RIGHT = 70;
const TOP = 56;
const LINE = 26;
const GROUP_GAP = 14;
const STEP = 0.1;

const STYLE = `
  text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #24292f }
  .small { font-size: 12px; fill: #57606a } .title { font-weight: 600; font-size: 15px }
  .grid { stroke: #d0d7de } .level { stroke: #57606a; stroke-dasharray: 4 3 }
  .rows { stroke: #bc4c00; fill: #bc4c00 } .gate { stroke: #0969da; fill: #0969da }
  line.rows, line.gate { stroke-width: 2.5; stroke-linecap: round } text.value { stroke: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .small { fill: #9198a1 } .grid { stroke: #3d444d } .level { stroke: #9198a1 }
    .rows { stroke: #f0883e; fill: #f0883e } .gate { stroke: #4493f8; fill: #4493f8 }
  }`;

/** The rates of the AUC as dots with intervals on one axis, a dashed line at the level that is aimed at. */
export function daySwapFigure(rates: readonly FalsePassRate[], level: number): string {
  const shown = rates.filter(({ metric }) => metric === 'roc_auc');
  const most = Math.ceil(Math.max(level, ...shown.map(({ upper }) => upper)) / STEP) * STEP;
  const x = (share: number): string => (LABEL + (share / most) * (WIDTH - LABEL - RIGHT)).toFixed(1);
  let y = TOP;
  const lines: string[] = [];
  let group = '';
  for (const rate of shown) {
    const name = `${rate.pair}, ${rate.days} days`;
    if (name !== group) {
      group = name;
      y += GROUP_GAP;
      lines.push(`<text x="0" y="${y + 4}">${escapeXml(name)}</text>`);
      y += LINE - 4;
    }
    lines.push(...drawn(rate, y, x));
    y += LINE;
  }
  const bottom = y - LINE / 2;
  const height = bottom + 44;
  const ticks = Array.from({ length: Math.round(most / STEP) + 1 }, (_none, step) => step * STEP);
  const grid = ticks.flatMap((share) => [
    `<line class="grid" x1="${x(share)}" x2="${x(share)}" y1="${TOP}" y2="${bottom}"/>`,
    `<text class="small" text-anchor="middle" x="${x(share)}" y="${bottom + 16}">${percent(share, 0)}</text>`,
  ]);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="t d">`,
    '<title id="t">How often “better” is said when nothing can be better</title>',
    `<desc id="d">${escapeXml(shown.map(described).join('; '))}</desc>`,
    `<style>${STYLE}\n</style>`,
    '<text class="title" x="0" y="16">How often “better” is said when nothing can be better</text>',
    '<text class="small" x="0" y="36">Two models’ predictions of real flights, swapped by whole days at random; ROC AUC</text>',
    ...grid,
    `<line class="level" x1="${x(level)}" x2="${x(level)}" y1="${TOP - 4}" y2="${bottom}"/>`,
    `<text class="small" x="${x(level)}" y="${bottom + 34}" text-anchor="middle">aimed at: ${percent(level, 1)} at most</text>`,
    ...lines,
    '</svg>',
  ].join('\n')}\n`;
}

const METHOD: Readonly<Record<string, string>> = {
  DeLong: 'DeLong, rows independent',
  'cluster-jackknife-t': 'Assay: days, jackknife',
};

function drawn(rate: FalsePassRate, y: number, x: (share: number) => string): string[] {
  const { method, interval, lower, upper } = rate;
  return [
    `<text class="small" x="14" y="${y + 4}">${METHOD[interval] ?? escapeXml(interval)}</text>`,
    `<line class="${method}" x1="${x(lower)}" x2="${x(upper)}" y1="${y}" y2="${y}"/>`,
    `<circle class="${method}" cx="${x(rate.rate)}" cy="${y}" r="4.5"/>`,
    `<text class="${method} value" x="${Number(x(upper)) + 10}" y="${y + 4}">${percent(rate.rate, 1)}</text>`,
  ];
}

function described({ pair, days, interval, rate }: FalsePassRate): string {
  return `${pair}, ${days} days, ${METHOD[interval] ?? interval}: ${percent(rate, 1)}`;
}

function percent(share: number, digits: number): string {
  return `${(100 * share).toFixed(digits)} %`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
