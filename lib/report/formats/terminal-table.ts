import type { Block } from '../blocks/block.ts';
import type { Text } from '../blocks/span.ts';
import type { Painted } from './terminal.ts';
import { displayWidth, terminalText } from './terminal-escape.ts';

/** Columns between two columns of a table. */
const GAP = 2;

/**
 * A table for a terminal: aligned columns where they fit, else every row as lines of `title: value`. `paint` makes a
 * cell's text, which may hold colours, and tells its width without them.
 */
export function terminalTable(
  { columns, rows }: Extract<Block, { kind: 'table' }>,
  width: number,
  paint: (text: Text) => Painted,
): string {
  const titles = columns.map(({ title }) => terminalText(title));
  const cells = rows.map((row) => row.map(paint));
  // A table may have more rows than a call takes arguments.
  const widths = titles.map((title, index) =>
    cells.reduce((widest, row) => Math.max(widest, row[index]?.width ?? 0), displayWidth(title)),
  );
  const total = widths.reduce((sum, one) => sum + one, 0) + GAP * (widths.length - 1);
  if (total > width) return cards(titles, cells);
  const line = (row: readonly Painted[]): string =>
    row
      .map((cell, index) => {
        const space = ' '.repeat(Math.max(0, (widths[index] ?? 0) - cell.width));
        return columns[index]?.align === 'right' ? space + cell.text : cell.text + space;
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  const head = line(titles.map((text) => ({ text, width: displayWidth(text) })));
  return [head, widths.map((one) => '─'.repeat(one)).join(' '.repeat(GAP)), ...cells.map(line)].join('\n');
}

/** The first cell heads a row's card; a cell that says nothing is left out. */
function cards(titles: readonly string[], rows: readonly (readonly Painted[])[]): string {
  const indent = Math.max(...titles.slice(1).map(displayWidth)) + GAP;
  return rows
    .map(([first, ...rest]) =>
      [
        first?.text ?? '',
        ...rest.map((cell, index) => {
          const title = titles[index + 1] ?? '';
          return `  ${title}${' '.repeat(Math.max(1, indent - displayWidth(title)))}${cell.text}`;
        }),
      ].join('\n'),
    )
    .join('\n');
}
