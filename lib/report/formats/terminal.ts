import { styleText } from 'node:util';
import type { Block, Blocks } from '../blocks/block.ts';
import type { Span, Text, Tone } from '../blocks/span.ts';
import { intervalText } from '../figures/interval-text.ts';
import { VERDICT_WORDS } from '../words/verdict-words.ts';
import { displayWidth, terminalText } from './terminal-escape.ts';
import { terminalTable } from './terminal-table.ts';
import { NAME_LIMIT, visibleLines } from './visible-text.ts';

export interface TerminalOptions {
  /** Columns; text is wrapped and tables are laid out within it. */
  readonly width: number;
  /** Colours and weights; whoever calls knows the terminal and NO_COLOR. */
  readonly colour: boolean;
  /** Folded parts in full; only their titles otherwise. */
  readonly details?: boolean;
}

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'cyan';

const TONE_STYLE: Readonly<Record<Tone, Style>> = {
  good: 'green',
  bad: 'red',
  warn: 'yellow',
  unsure: 'blue',
  muted: 'dim',
};

/** Narrower than this nothing is laid out. */
const LEAST_WIDTH = 40;

/** Characters of a preformatted block. */
const COMMAND_LIMIT = 20_000;

/** Blocks for a terminal: plain lines, wrapped; every control character of the text is shown by name. */
export function toTerminal(blocks: Blocks, options: TerminalOptions): string {
  const width = Math.max(LEAST_WIDTH, options.width);
  return blocks
    .map((block) => blockLines(block, { ...options, width }))
    .filter((text) => text !== '')
    .join('\n\n');
}

/** A heading of a longer story: a rule with its words in it. */
export function storyHeading(text: string, { width, colour }: TerminalOptions): string {
  const head = `── ${terminalText(text)} `;
  const rule = '─'.repeat(Math.max(3, Math.min(100, width) - displayWidth(head)));
  return style(`${head}${rule}`, 'bold', colour);
}

/** A command as it would be typed. */
export function storyCommand(command: string, { colour }: TerminalOptions): string {
  return style(`$ ${terminalText(command)}`, 'cyan', colour);
}

function blockLines(block: Block, options: TerminalOptions): string {
  const { width, colour } = options;
  switch (block.kind) {
    case 'verdict': {
      const { mark, tone } = VERDICT_WORDS[block.verdict];
      const subject = block.subject === undefined ? '' : `${terminalText(block.subject, NAME_LIMIT)}: `;
      const head: Word[] = [
        { text: `${mark} ${subject}${terminalText(block.lead)}:`, styles: ['bold', TONE_STYLE[tone]] },
      ];
      return wrap([...head, ...words(block.text)], width, colour);
    }
    case 'next':
      return wrap([{ text: 'Next:', styles: ['bold'] }, ...words(block.text)], width, colour);
    case 'heading':
      return wrap(words(block.text, ['bold']), width, colour);
    case 'paragraph':
      return wrap(words(block.text, block.tone === undefined ? [] : [TONE_STYLE[block.tone]]), width, colour);
    case 'list':
      return block.items.map((item) => wrap([{ text: '·', styles: [] }, ...words(item)], width, colour, 2)).join('\n');
    case 'facts':
      return block.entries
        .map(([name, text]) =>
          wrap([{ text: `${terminalText(name)}:`, styles: ['dim'] }, ...words(text)], width, colour, 2),
        )
        .join('\n');
    case 'table':
      return terminalTable(block, width, (text) => inlineTerminal(text, colour));
    case 'intervals':
      return intervalText(block.rows);
    case 'shifts':
      // The table beside it has the same numbers; a terminal needs them once.
      return '';
    case 'figures':
      return block.figures
        .map(({ title, words: said }) =>
          wrap([{ text: `${terminalText(title)}:`, styles: ['dim'] }, ...words([said])], width, colour, 2),
        )
        .join('\n');
    case 'command':
      return visibleLines(block.text, COMMAND_LIMIT)
        .split('\n')
        .map((line) => `  ${line}`)
        .join('\n');
    case 'fold': {
      if (options.details !== true) return wrap(words(['▸ ', ...block.title], ['dim']), width, colour, 2);
      return `${wrap(words(block.title, ['bold']), width, colour)}\n${toTerminal(block.blocks, options)}`;
    }
  }
}

/** A line with its colours, and how many columns it takes. */
export interface Painted {
  readonly text: string;
  readonly width: number;
}

function inlineTerminal(text: Text, colour: boolean): Painted {
  const plain = text.map(bareText).join('').trim();
  if (!colour) return { text: plain, width: displayWidth(plain) };
  // Trimming is for the plain text; a cell begins and ends with a span of its own in any table we make.
  const painted = text
    .map((span) => paint(bareText(span), stylesOf(span), true))
    .join('')
    .trim();
  return { text: painted, width: displayWidth(plain) };
}

interface Word {
  readonly text: string;
  readonly styles: readonly Style[];
}

/** The words of a line; a word made of several spans (a name and its full stop) stays together. */
function words(text: Text, base: readonly Style[] = []): Word[] {
  const found: Word[] = [];
  let glued = false;
  for (const span of text) {
    const bare = bareText(span);
    const styles = [...base, ...stylesOf(span)];
    const parts = bare.split(' ');
    parts.forEach((part, index) => {
      const last = found.at(-1);
      if (index === 0 && glued && last !== undefined && part !== '')
        found[found.length - 1] = { ...last, text: last.text + part };
      else if (part !== '') found.push({ text: part, styles });
    });
    glued = bare === '' ? glued : !bare.endsWith(' ');
  }
  return found;
}

function bareText(span: Span): string {
  if (typeof span === 'string') return terminalText(span);
  if (span.kind === 'strong') return span.text.map(bareText).join('');
  if (span.kind === 'mark') return `${VERDICT_WORDS[span.verdict].mark} ${terminalText(span.text)}`;
  return terminalText(span.text, span.kind === 'code' ? NAME_LIMIT : undefined);
}

function stylesOf(span: Span): Style[] {
  if (typeof span === 'string') return [];
  switch (span.kind) {
    case 'code':
      return [];
    case 'strong':
      return ['bold'];
    case 'tone':
      return [TONE_STYLE[span.tone]];
    case 'mark':
      return [TONE_STYLE[VERDICT_WORDS[span.verdict].tone]];
    case 'link':
      return ['blue'];
  }
}

function wrap(all: readonly Word[], width: number, colour: boolean, indent = 0): string {
  const lines: Word[][] = [[]];
  let used = 0;
  for (const word of all) {
    const columns = displayWidth(word.text);
    if (used > 0 && used + 1 + columns > width) {
      lines.push([]);
      used = indent;
    } else if (used > 0) used += 1;
    lines.at(-1)?.push(word);
    used += columns;
  }
  return lines.map((line, index) => (index === 0 ? '' : ' '.repeat(indent)) + paintLine(line, colour)).join('\n');
}

/** Neighbours of one style are painted together: a log full of escape sequences is hard to read where they are shown. */
function paintLine(line: readonly Word[], colour: boolean): string {
  const runs: Word[] = [];
  for (const word of line) {
    const last = runs.at(-1);
    if (last !== undefined && last.styles.join() === word.styles.join()) {
      runs[runs.length - 1] = { text: `${last.text} ${word.text}`, styles: word.styles };
    } else runs.push(word);
  }
  return runs.map(({ text, styles }) => paint(text, styles, colour)).join(' ');
}

function paint(text: string, styles: readonly Style[], colour: boolean): string {
  return !colour || styles.length === 0 || text === '' ? text : styleText([...styles], text, { validateStream: false });
}

function style(text: string, one: Style, colour: boolean): string {
  return paint(text, [one], colour);
}
