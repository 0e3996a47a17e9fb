import { describe, expect, it } from 'vitest';
import { OUTPUT_CHARACTERS, resultOutput, summaryText } from '../../actions/within-limits.ts';
import type { Blocks } from '../../lib/report/blocks/block.ts';
import { SUMMARY_CHARACTERS } from '../../lib/report/pages/job-summary.ts';

describe('the result output', () => {
  it('is the document, up to the limit', () => {
    expect(resultOutput({ a: [1, null] })).toBe('{"a":[1,null]}');
    const fits = 'x'.repeat(OUTPUT_CHARACTERS - 2);
    expect(resultOutput(fits)).toHaveLength(OUTPUT_CHARACTERS);
    expect(resultOutput(`${fits}x`)).toBe('');
  });
});

describe('the job summary', () => {
  const paragraphs = (count: number): Blocks =>
    Array.from({ length: count }, (_, index) => ({
      kind: 'paragraph',
      text: [`${index} ${'x'.repeat(2_000)}`],
    }));

  it('is everything, where that fits', () => {
    const text = summaryText(paragraphs(3));
    expect(text).toContain('\n2 xxx');
    expect(text).not.toContain('too long');
    expect(summaryText([])).toBe('');
  });

  it('keeps the beginning and says that there is more, where it does not', () => {
    const all = paragraphs(300);
    const text = summaryText(all);
    expect(text.length).toBeLessThanOrEqual(SUMMARY_CHARACTERS);
    const numbers = [...text.matchAll(/^(\d+) xxx/gm)].map(([, number]) => Number(number));
    expect(numbers.length).toBeGreaterThan(20);
    expect(numbers.length).toBeLessThan(all.length);
    expect(numbers).toEqual([...numbers.keys()]);
    expect(text.slice(-120)).toContain('too long for a job summary; the report has it.');
  });
});
