import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Block, Blocks } from '../../../lib/report/blocks/block.ts';
import { decisionBlocks } from '../../../lib/report/blocks/decision-blocks.ts';
import { code, mark, strong, toned } from '../../../lib/report/blocks/span.ts';
import { toTerminal } from '../../../lib/report/formats/terminal.ts';
import { displayWidth } from '../../../lib/report/formats/terminal-escape.ts';
import { betterDecision, worseDecision } from '../fixtures/decisions.ts';

const paragraph = (...text: Extract<Block, { kind: 'paragraph' }>['text']): Blocks => [{ kind: 'paragraph', text }];

describe('toTerminal', () => {
  test.each([40, 60, 80, 120])('paragraphs keep within %d columns', (width) => {
    const blocks = decisionBlocks(worseDecision()).filter(({ kind }) => kind !== 'table' && kind !== 'intervals');
    for (const line of toTerminal(blocks, { width, colour: false, details: false }).split('\n')) {
      expect(displayWidth(line)).toBeLessThanOrEqual(width);
    }
  });

  test('a table that does not fit becomes a card a row', () => {
    const blocks = decisionBlocks(worseDecision()).filter(({ kind }) => kind === 'table');
    expect(toTerminal(blocks, { width: 100, colour: false }).split('\n')[0]).toMatch(/^metric +candidate +1\.2\.0 /);
    expect(toTerminal(blocks, { width: 50, colour: false })).toMatch(/^ROC AUC\n {2}candidate +0\.758\n/);
  });

  test('colours change nothing but the colours', () => {
    for (const decision of [betterDecision(), worseDecision()]) {
      const options = { width: 100, details: true };
      const bare = toTerminal(decisionBlocks(decision), { ...options, colour: false });
      const coloured = toTerminal(decisionBlocks(decision), { ...options, colour: true });
      expect(bare).not.toContain('\u001b');
      expect(coloured.includes('\u001b[31m') || coloured.includes('\u001b[32m')).toBe(true);
      expect(stripVTControlCharacters(coloured)).toBe(bare);
    }
  });

  test('words and what is glued to them stay together', () => {
    const blocks = paragraph('a (', code('b c'), '), ', strong('d'), toned('good', 'e'), ' ', mark('fail', 'f'), '.');
    expect(toTerminal(blocks, { width: 80, colour: false })).toBe('a (b c), de ✗ f.');
  });

  test('no control sequence of the text gets through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = toTerminal([...paragraph(text, code(text)), { kind: 'command', text }], {
          width: 80,
          colour: false,
        });
        expect(shown.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
