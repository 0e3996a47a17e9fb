import type { IntervalRow } from '../blocks/block.ts';
import { displayWidth } from '../formats/terminal-escape.ts';
import { visibleText } from '../formats/visible-text.ts';
import { type IntervalScale, intervalScale, leaves } from './interval-scale.ts';

/** Characters of the drawing and of the longest label before it; together they fit a phone's comment and a terminal. */
const DRAWING = 33;
const LABEL = 24;

/** A mark that a range lies over stays to be seen. */
const CROSSED = new Map([
  ['│', '┼'],
  ['║', '╫'],
]);

/**
 * The figure in characters: one line a rule, zero in the middle (`│`), `║` where the allowed loss ends, `├──●──┤` the
 * plausible range, `┼` and `╫` where it lies over them, `◄` `►` where it goes on beyond the picture. A range that ends
 * beyond a mark is drawn beyond it, however near it is, so that no picture says something else than the verdict. Every
 * character is in Windows Glyph List 4, which the monospaced fonts of all systems have: one from another font would be
 * of another width.
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
  const foot = [
    ...(rows.some(({ limit }) => limit !== undefined) ? ['║ how much worse is allowed'] : []),
    ...(rows.some((row) => leaves(row, scale)) ? ['◄ ► goes on beyond the picture'] : []),
  ];
  return [head, ...lines, ...foot.map((line) => ' '.repeat(indent) + line)].join('\n');
}

function centred([left, middle, right]: readonly [string, string, string]): string {
  const half = (DRAWING - middle.length) / 2;
  return `${left.padEnd(Math.floor(half))}${middle}${right.padStart(Math.ceil(half))}`;
}

function drawing(row: IntervalRow, { position, beyond }: IntervalScale): string {
  const at = (value: number): number => Math.round(position(value, row.margin) * (DRAWING - 1));
  const out = (value: number): number => beyond(value, row.margin);
  const marks = [0, ...(row.limit === undefined ? [] : [row.limit])];
  /** What is not a mark does not stand on its cell, but on the side of it that it is on. */
  const beside = (value: number): number => {
    const cell = at(value);
    const mark = marks.find((one) => at(one) === cell && one !== value);
    const moved = mark === undefined ? cell : cell + Math.sign(value - mark);
    return Math.max(0, Math.min(DRAWING - 1, moved));
  };
  const cells = Array.from({ length: DRAWING }, () => ' ');
  cells[at(0)] = '│';
  if (row.limit !== undefined) cells[at(row.limit)] = '║';
  const ends = [row.lower, row.upper];
  for (let cell = beside(row.lower); cell <= beside(row.upper); cell++)
    cells[cell] = CROSSED.get(cells[cell] ?? '') ?? '─';
  if (out(row.lower) === 0) cells[beside(row.lower)] = '├';
  if (out(row.upper) === 0) cells[beside(row.upper)] = '┤';
  if (out(row.value) === 0) cells[beside(row.value)] = '●';
  // Alone, where the whole of it lies on one side.
  if (ends.some((end) => out(end) < 0)) cells[0] = '◄';
  if (ends.some((end) => out(end) > 0)) cells[DRAWING - 1] = '►';
  return cells.join('');
}
