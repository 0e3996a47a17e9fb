import type { Block, Blocks } from '../blocks/block.ts';
import { plainText, type Span, type Text } from '../blocks/span.ts';
import { figuresPlot } from '../figures/figures-plot.ts';
import { intervalPlot } from '../figures/interval-plot.ts';
import { shiftPlot } from '../figures/shift-plot.ts';
import { VERDICT_WORDS } from '../words/verdict-words.ts';
import { encodeHtml } from './html-encode.ts';
import { htmlPart, htmlText, htmlUrl } from './html-escape.ts';
import { NAME_LIMIT, visibleLines } from './visible-text.ts';

/** Characters of a preformatted block. */
const COMMAND_LIMIT = 20_000;

/** Blocks as HTML; all text in them is escaped here. */
export function toHtml(blocks: Blocks): string {
  return blocks.map(blockHtml).join('\n');
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'verdict':
      return verdict(block);
    case 'next':
      return `<p class="next"><b>Next:</b> ${inlineHtml(block.text)}</p>`;
    case 'heading':
      return `<h3>${inlineHtml(block.text)}</h3>`;
    case 'paragraph':
      return `<p${block.tone === undefined ? '' : ` class="${block.tone}"`}>${inlineHtml(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${inlineHtml(item)}</li>`).join('')}</ul>`;
    case 'facts':
      return `<dl>${block.entries.map(([name, text]) => `<div><dt>${htmlText(name)}</dt><dd>${inlineHtml(text)}</dd></div>`).join('')}</dl>`;
    case 'table':
      return table(block);
    case 'intervals':
      return intervalPlot(block.rows);
    case 'shifts':
      return shiftPlot(block.rows);
    case 'figures':
      return figuresPlot(block.figures);
    case 'command':
      return `<pre tabindex="0"><code>${encodeHtml(visibleLines(block.text, COMMAND_LIMIT))}</code></pre>`;
    case 'fold':
      return `<details${block.open === true ? ' open' : ''}><summary>${inlineHtml(block.title)}</summary>\n${toHtml(block.blocks)}\n</details>`;
  }
}

function verdict({ verdict, subject, lead, text }: Extract<Block, { kind: 'verdict' }>): string {
  const { tone, word } = VERDICT_WORDS[verdict];
  return [
    `<section class="verdict ${tone}">`,
    `<p class="kicker"><span class="badge">${encodeHtml(word)}</span>${subject === undefined ? '' : ` <code>${htmlText(subject, NAME_LIMIT)}</code>`}</p>`,
    `<h2>${htmlText(lead)}</h2>`,
    `<p>${inlineHtml(capitalised(text))}</p>`,
    '</section>',
  ].join('\n');
}

/** A sentence that went on after a colon elsewhere begins one here. Names keep their letters. */
function capitalised([first, ...rest]: Text): Text {
  if (typeof first !== 'string') return first === undefined ? rest : [first, ...rest];
  return [first.charAt(0).toUpperCase() + first.slice(1), ...rest];
}

/** Roles are said outright, for a narrow page lays rows out as cards, and browsers then forget that it is a table. */
function table({ columns, rows }: Extract<Block, { kind: 'table' }>): string {
  const align = (index: number): string => (columns[index]?.align === 'right' ? ' class="right"' : '');
  const head = columns.map(
    ({ title }, index) => `<th role="columnheader" scope="col"${align(index)}>${htmlText(title)}</th>`,
  );
  const body = rows.map((row) => {
    const cells = row.map(
      (cell, index) =>
        `<td role="cell" data-label="${htmlText(columns[index]?.title ?? '')}"${align(index)}><span>${inlineHtml(cell)}</span></td>`,
    );
    return `<tr role="row">${cells.join('')}</tr>`;
  });
  return [
    '<div class="scroll"><table role="table">',
    `<thead role="rowgroup"><tr role="row">${head.join('')}</tr></thead>`,
    `<tbody role="rowgroup">${body.join('\n')}</tbody>`,
    '</table></div>',
  ].join('\n');
}

/** A line of text as HTML. */
export function inlineHtml(text: Text): string {
  return text.map(spanHtml).join('').trim();
}

function spanHtml(span: Span): string {
  if (typeof span === 'string') return htmlPart(span);
  switch (span.kind) {
    case 'code':
      return `<code>${htmlText(span.text, NAME_LIMIT) || '(empty)'}</code>`;
    case 'strong':
      return `<b>${inlineHtml(span.text)}</b>`;
    case 'tone':
      return `<span class="${span.tone}">${htmlPart(span.text)}</span>`;
    case 'mark':
      return `<span class="mark ${VERDICT_WORDS[span.verdict].tone}">${htmlText(span.text)}</span>`;
    case 'link': {
      const url = htmlUrl(span.url);
      const text = span.code === true ? `<code>${htmlText(span.text, NAME_LIMIT)}</code>` : htmlPart(span.text);
      return url === undefined ? text : `<a href="${url}" rel="noreferrer">${text}</a>`;
    }
  }
}

/** The page's title: bare words. */
export function titleHtml(text: Text): string {
  return htmlText(plainText(text), 120);
}
