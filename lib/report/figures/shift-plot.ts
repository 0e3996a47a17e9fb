import type { ShiftRow } from '../blocks/block.ts';
import { encodeHtml } from '../formats/html-encode.ts';
import { htmlText } from '../formats/html-escape.ts';
import { VERDICT_WORDS } from '../words/verdict-words.ts';
import { shiftScale } from './shift-figure.ts';

/** Height of one row's drawing, in CSS pixels. */
const HEIGHT = 20;

/** Drift as a figure: how far each quantity moved, the part that is sure in full colour, in steps of its warning line. */
export function shiftPlot(rows: readonly ShiftRow[]): string {
  const scale = shiftScale(rows);
  return [
    '<figure class="intervals shifts">',
    ...rows.map((row) => plotRow(row, scale)),
    `<figcaption>${encodeHtml('Bar: how far it moved for sure. Thin line: what was seen. Dashed: from here it matters, and from here it alarms.')}</figcaption>`,
    '</figure>',
  ].join('\n');
}

function plotRow(row: ShiftRow, scale: ReturnType<typeof shiftScale>): string {
  const x = (value: number): string => `${Number((scale(value, row.warnAt) * 98).toFixed(2))}%`;
  const line = (value: number, kind: string): string =>
    `<line class="${kind}" x1="${x(value)}" x2="${x(value)}" y1="0" y2="${HEIGHT}"/>`;
  const shapes = [
    `<rect class="track" x="0" y="7" width="98%" height="6" rx="3"/>`,
    `<line class="range" x1="0" x2="${x(row.value)}" y1="10" y2="10"/>`,
    `<rect class="bar" x="0" y="4" width="${x(row.lower)}" height="12" rx="2"/>`,
    line(row.warnAt, 'limit soft'),
    line(row.failAt, 'limit'),
  ];
  return [
    `<div class="plot ${VERDICT_WORDS[row.verdict].tone}">`,
    `<span class="label">${htmlText(row.label, 60)}</span>`,
    `<svg role="img" aria-label="${htmlText(`${row.label}: ${row.words}`)}" width="100%" height="${HEIGHT}">${shapes.join('')}</svg>`,
    '</div>',
  ].join('');
}
