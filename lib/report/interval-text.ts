import type { IntervalRow } from './block.ts';
import { type IntervalScale, intervalScale } from './interval-scale.ts';
import { displayWidth } from './terminal-escape.ts';
import { visibleText } from './visible-text.ts';

/** Characters of the drawing and of the longest label before it; together they fit a phone's comment and a terminal. */
const DRAWING = 41;
const LABEL = 24;

/**
 * The figure in characters: one line a rule, zero in the middle, `║` where the allowed loss ends, `├──●──┤` the plausible
 * range, `◄` `►` where it leaves the picture. Every character is in Windows Glyph List 4, which the monospaced fonts of
 * all systems have: one from another font would be of another width.
 */
export function intervalText(rows: readonly IntervalRow[]): string {
  const scale = intervalScale(rows);
  const labels = rows.map(({ label }) => visibleText(label, LABEL));
  const indent = Math.max(...labels.map(displayWidth)) + 2;
  const head = `${' '.repeat(indent)}${centred(['◄ worse', 'same', 'better ►'])}`;
  const lines = rows.map((row, index) => {
    const label = labels[index] ?? '';
    return `${label}${' '.repeat(indent - displayWidth(label))}${drawing(row, scale)}`.trimEnd();
  });
  const foot = rows.some(({ limit }) => limit !== undefined)
    ? [`${' '.repeat(indent)}║ how much worse is allowed`]
    : [];
  return [head, ...lines, ...foot].join('\n');
}

function centred([left, middle, right]: readonly [string, string, string]): string {
  const half = (DRAWING - middle.length) / 2;
  return `${left.padEnd(Math.floor(half))}${middle}${right.padStart(Math.ceil(half))}`;
}

function drawing(row: IntervalRow, { position }: IntervalScale): string {
  const at = (value: number): number => Math.round(position(value, row.margin) * (DRAWING - 1));
  const cells = Array.from({ length: DRAWING }, () => ' ');
  cells[at(0)] = '│';
  if (row.limit !== undefined) cells[at(row.limit)] = '║';
  const from = at(row.lower);
  const to = at(row.upper);
  for (let cell = from; cell <= to; cell++) cells[cell] = '─';
  cells[from] = from === 0 && position(row.lower, row.margin) === 0 ? '◄' : '├';
  cells[to] = to === DRAWING - 1 && position(row.upper, row.margin) === 1 ? '►' : '┤';
  cells[at(row.value)] = '●';
  return cells.join('');
}
