import type { Block, Blocks } from '../blocks/block.ts';
import type { Span, Text } from '../blocks/span.ts';
import { intervalText } from '../figures/interval-text.ts';
import { VERDICT_WORDS } from '../words/verdict-words.ts';
import { encodeHtml } from './html-encode.ts';
import {
  markdownBlock,
  markdownCode,
  markdownHtml,
  markdownLink,
  markdownPart,
  markdownText,
} from './markdown-escape.ts';
import { NAME_LIMIT, visibleText, withEnds } from './visible-text.ts';

/** Blocks as GitHub-flavoured Markdown; all text in them is escaped here. Ends without a line end. */
export function toMarkdown(blocks: Blocks): string {
  return blocks
    .map(blockMarkdown)
    .filter((text) => text !== '')
    .join('\n\n');
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case 'verdict': {
      const subject = block.subject === undefined ? '' : `${markdownCode(block.subject)} · `;
      const lead = `**${VERDICT_WORDS[block.verdict].icon} ${subject}${markdownText(block.lead)}:**`;
      return `${lead} ${inline(block.text)}`;
    }
    case 'next':
      return `**Next:** ${inline(block.text)}`;
    case 'heading':
      return `### ${inline(block.text)}`;
    case 'paragraph':
      return paragraph(block);
    case 'list':
      return block.items.map((item) => `- ${inline(item)}`).join('\n');
    case 'facts':
      return block.entries.map(([name, text]) => `- ${markdownText(name)}: ${inline(text)}`).join('\n');
    case 'table':
      return table(block);
    case 'intervals':
      return markdownBlock(intervalText(block.rows));
    case 'shifts':
      // The table beside it has the same numbers, and a forge shows no drawings.
      return '';
    case 'figures':
      return block.figures.map(({ title, words }) => `- ${markdownText(title)}: ${markdownText(words)}`).join('\n');
    case 'command':
      return markdownBlock(block.text, 'sh');
    case 'fold':
      return `<details>\n<summary>${summary(block.title)}</summary>\n\n${toMarkdown(block.blocks)}\n\n</details>`;
  }
}

function paragraph({ text, tone }: Extract<Block, { kind: 'paragraph' }>): string {
  if (tone === 'muted') return `<sub>${inline(text)}</sub>`;
  return tone === 'warn' ? `${VERDICT_WORDS.warn.icon} ${inline(text)}` : inline(text);
}

function table({ columns, rows }: Extract<Block, { kind: 'table' }>): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ title }) => markdownText(title))),
    line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
    ...rows.map((row) => line(row.map((cell) => inline(cell) || ' '))),
  ].join('\n');
}

/** A fold's title: it stands in an HTML block, where back-ticks and backslashes would be shown as they are. */
function summary(text: Text): string {
  return text
    .map((span) => {
      if (typeof span === 'string') return withEnds(span, markdownHtml(span));
      if (span.kind === 'strong') return summary(span.text);
      if (span.kind !== 'code') return withEnds(span.text, markdownHtml(span.text));
      return `<code>${encodeHtml(visibleText(span.text, NAME_LIMIT))}</code>`;
    })
    .join('')
    .trim();
}

/** A line of text as Markdown. */
export function inline(text: Text): string {
  return text.map(spanMarkdown).join('').trim();
}

function spanMarkdown(span: Span): string {
  if (typeof span === 'string') return markdownPart(span);
  switch (span.kind) {
    case 'code':
      return markdownCode(span.text);
    case 'strong':
      return `**${inline(span.text)}**`;
    case 'tone':
      return markdownPart(span.text);
    case 'mark':
      return `${VERDICT_WORDS[span.verdict].icon} ${markdownText(span.text)}`;
    case 'link':
      return markdownLink(span.text, span.url, span.code);
  }
}
