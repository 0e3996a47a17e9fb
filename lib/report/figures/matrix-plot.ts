import { htmlText } from '../formats/html-escape.ts';
import { cellWords } from '../words/tick-words.ts';
import type { Matrix } from './chart.ts';

/** The drawing's own units; it is scaled to the width that the page has. */
const WIDTH = 360;
const LEFT = 92;
/** A cell is at most this high: two classes need no square. And at least so that a name can be read beside it. */
const MOST_HEIGHT = 56;
const LEAST_HEIGHT = 13;

/** How the names of columns stand: level, slanted, or upright where columns are narrow. */
type Stand = 'level' | 'slanted' | 'upright';

/** Room above the cells and right of them: slanted names reach beyond the last column. */
const TOP: Readonly<Record<Stand, number>> = { level: 42, slanted: 86, upright: 92 };
const RIGHT: Readonly<Record<Stand, number>> = { level: 4, slanted: 34, upright: 4 };

/** More columns than this have slanted names, more than the second upright ones, and cells too small for a number. */
const LEVEL_NAMES = 4;
const SLANTED_NAMES = 12;
const NUMBERED = 7;

/** Characters of a class's name, and of one in small print. */
const NAME = 13;

/** The full tone of a cell; text stands on it and has to be read. */
const FULL = 0.5;

/**
 * One side's confusion matrix as one SVG: true classes down, called classes across, each row shaded by its shares, the
 * right calls framed. Its words are read out.
 */
export function matrixPlot({ side, title, words, classes, cells }: Matrix): string {
  const size = classes.length;
  const stand = size > SLANTED_NAMES ? 'upright' : size > LEVEL_NAMES ? 'slanted' : 'level';
  const width = (WIDTH - LEFT - RIGHT[stand]) / Math.max(1, size);
  const height = Math.max(LEAST_HEIGHT, Math.min(width, MOST_HEIGHT));
  const top = TOP[stand];
  const font = Math.min(12, height * 0.85);
  const parts: string[] = [];
  for (const [row, name] of classes.entries()) {
    const y = top + row * height;
    parts.push(text('name', LEFT - 6, y + height / 2 + font / 3, 'end', name, font));
    const all = cells.slice(row * size, (row + 1) * size).reduce((sum, count) => sum + count, 0);
    for (let column = 0; column < size; column++) {
      const count = cells[row * size + column] ?? 0;
      const x = LEFT + column * width;
      const shade = short(all > 0 ? (FULL * count) / all : 0);
      const frame = row === column ? ' right' : '';
      parts.push(
        `<rect class="cell ${side}${frame}" x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" fill-opacity="${shade}"/>`,
      );
      if (size <= NUMBERED)
        parts.push(text('count', x + width / 2, y + height / 2 + 4, 'middle', cellWords(count), 12));
    }
  }
  for (const [column, name] of classes.entries()) {
    const x = LEFT + (column + 0.5) * width;
    parts.push(columnName(stand, x, top, name, Math.min(12, width * 0.9)));
  }
  const bottom = short(top + size * height + 4);
  return [
    `<svg class="chart matrix" role="img" viewBox="0 0 ${WIDTH} ${bottom}">`,
    `<title>${htmlText(title)}</title><desc>${htmlText(words)}</desc>`,
    `<text class="axis" x="2" y="${top - 8}" font-size="11">true ↓ called →</text>`,
    ...parts,
    '</svg>',
  ].join('');
}

function text(kind: string, x: number, y: number, anchor: string, words: string, font: number): string {
  return `<text class="${kind}" x="${short(x)}" y="${short(y)}" text-anchor="${anchor}" font-size="${short(font)}">${htmlText(words, NAME)}</text>`;
}

function columnName(stand: Stand, x: number, top: number, words: string, font: number): string {
  if (stand === 'level') return text('name', x, top - 8, 'middle', words, font);
  // An upright name stands on its own middle, a slanted one begins above its column.
  const left = stand === 'upright' ? x + font / 3 : x;
  const at = `${short(left)} ${short(top - 5)}`;
  return `<text class="name" x="${short(left)}" y="${short(top - 5)}" transform="rotate(${stand === 'upright' ? -90 : -60} ${at})" font-size="${short(font)}">${htmlText(words, NAME)}</text>`;
}

function short(value: number): number {
  return Number(value.toFixed(2));
}
