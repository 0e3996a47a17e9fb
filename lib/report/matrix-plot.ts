import type { Matrix } from './chart.ts';
import { htmlText } from './html-escape.ts';
import { cellWords } from './tick-words.ts';

/** The drawing's own units; it is scaled to the width that the page has. */
const WIDTH = 360;
const LEFT = 92;
const RIGHT = 4;
/** A cell is at most this high: two classes need no square. */
const MOST_HEIGHT = 56;

/** Room above the cells: slanted names reach higher than level ones. */
const TOP = { level: 42, slanted: 86 } as const;

/** More columns than this have slanted names; more than the second have cells too small for a number. */
const LEVEL_NAMES = 4;
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
  const width = (WIDTH - LEFT - RIGHT) / Math.max(1, size);
  const height = Math.min(width, MOST_HEIGHT);
  const slanted = size > LEVEL_NAMES;
  const top = slanted ? TOP.slanted : TOP.level;
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
    parts.push(slanted ? slantedText(x, top - 5, name, font) : text('name', x, top - 8, 'middle', name, font));
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

function slantedText(x: number, y: number, words: string, font: number): string {
  const at = `${short(x)} ${short(y)}`;
  return `<text class="name" x="${short(x)}" y="${short(y)}" transform="rotate(-60 ${at})" font-size="${short(font)}">${htmlText(words, NAME)}</text>`;
}

function short(value: number): number {
  return Number(value.toFixed(2));
}
