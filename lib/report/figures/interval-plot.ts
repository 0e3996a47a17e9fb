import type { IntervalRow } from '../blocks/block.ts';
import { encodeHtml } from '../formats/html-encode.ts';
import { htmlText } from '../formats/html-escape.ts';
import { VERDICT_WORDS } from '../words/verdict-words.ts';
import { type IntervalScale, intervalScale, leaves } from './interval-scale.ts';

/** The axis stays this far (in per cent of the width) from both edges, so that marks at its ends are whole. */
const INSET = 2;

/** Height of one row's drawing, in CSS pixels. */
const HEIGHT = 28;

/**
 * The intervals as a figure: one SVG a row on one common axis, in steps of what is allowed. Positions are per cent, so
 * the drawing takes any width without being stretched. Each SVG says its numbers in words to a screen reader.
 */
export function intervalPlot(rows: readonly IntervalRow[]): string {
  const scale = intervalScale(rows);
  const limited = rows.some(({ limit }) => limit !== undefined);
  const caption =
    'Dot: what was seen. Bar: plausible range.' +
    (limited ? ' Shaded, beyond the dashed line: worse than is allowed.' : '') +
    (rows.some((row) => leaves(row, scale)) ? ' Arrow: it goes on beyond the picture.' : '');
  return [
    '<figure class="intervals">',
    '<div class="plot axis" aria-hidden="true"><span class="label"></span><div><span>◄ worse</span><span>same</span><span>better ►</span></div></div>',
    ...rows.map((row) => plotRow(row, scale)),
    `<figcaption>${encodeHtml(caption)}</figcaption>`,
    '</figure>',
  ].join('\n');
}

function plotRow(row: IntervalRow, scale: IntervalScale): string {
  const { position } = scale;
  const x = (value: number): string => percent(INSET + position(value, row.margin) * (100 - 2 * INSET));
  const beyond = (value: number): number => scale.beyond(value, row.margin);
  const middle = HEIGHT / 2;
  const forbidden =
    row.limit === undefined
      ? ''
      : `<rect class="forbidden" x="0" y="0" width="${x(row.limit)}" height="${HEIGHT}"/>` +
        `<line class="limit" x1="${x(row.limit)}" x2="${x(row.limit)}" y1="0" y2="${HEIGHT}"/>`;
  const shapes = [
    forbidden,
    `<line class="zero" x1="${x(0)}" x2="${x(0)}" y1="0" y2="${HEIGHT}"/>`,
    `<line class="range" x1="${x(row.lower)}" x2="${x(row.upper)}" y1="${middle}" y2="${middle}"/>`,
    ...[row.lower, row.upper].filter((end) => beyond(end) === 0).map((end) => cap(x(end), middle)),
    ...([row.lower, row.upper].some((end) => beyond(end) < 0) ? [arrow('◄', middle)] : []),
    ...([row.lower, row.upper].some((end) => beyond(end) > 0) ? [arrow('►', middle)] : []),
    ...(beyond(row.value) === 0 ? [`<circle class="dot" cx="${x(row.value)}" cy="${middle}" r="5"/>`] : []),
  ];
  const label = htmlText(`${row.label}: ${row.words}`);
  return [
    `<div class="plot ${VERDICT_WORDS[row.verdict].tone}">`,
    `<span class="label">${htmlText(row.label, 60)}</span>`,
    `<svg role="img" aria-label="${label}" width="100%" height="${HEIGHT}">${shapes.join('')}</svg>`,
    '</div>',
  ].join('');
}

/** Where a range leaves the picture. */
function arrow(sign: '◄' | '►', middle: number): string {
  const [x, anchor] = sign === '►' ? [100, 'end'] : [0, 'start'];
  return `<text class="over" x="${x}%" y="${middle + 4}" text-anchor="${anchor}">${sign}</text>`;
}

function cap(x: string, middle: number): string {
  return `<line class="range" x1="${x}" x2="${x}" y1="${middle - 5}" y2="${middle + 5}"/>`;
}

function percent(value: number): string {
  return `${Number(value.toFixed(2))}%`;
}
