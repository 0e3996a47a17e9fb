import { describe, expect, it } from 'vitest';
import type { Decision } from '../../lib/gate/decision.ts';
import { plainText } from '../../lib/report/blocks/span.ts';
import { outcomeBlocks } from '../../lib/report/promotion.ts';
import { nextWords } from '../../lib/report/words/next-words.ts';
import { betterDecision, unclearDecision, worseDecision } from './fixtures/decisions.ts';
import { registered } from './fixtures/events.ts';

function nextAfter(advice: Decision | undefined): string {
  const blocks = outcomeBlocks({ event: registered, ...(advice === undefined ? {} : { advice }) });
  return blocks.flatMap((block) => (block.kind === 'next' ? [plainText(block.text)] : [])).join(' | ');
}

describe('what comes after a registration', () => {
  it.each([
    ['no decision', undefined, /^promote \S+@1\.3\.0 to a stage when it is wanted there\.$/],
    ['a pass', betterDecision(), /^promote \S+@1\.3\.0 to production; the sealed half decides\.$/],
    [
      'a fail',
      worseDecision(),
      /^look at the changed predictions; production would most likely not be reached with it\.$/,
    ],
    [
      'no answer yet',
      { ...unclearDecision(), next: { kind: 'wait', clusters: 65, date: '2013-09-05' } } satisfies Decision,
      /^wait; checked again on 5 September; a promotion to production could not tell either\.$/,
    ],
  ])('%s', (_what, advice, words) => {
    expect(nextAfter(advice)).toMatch(words);
  });
});

describe('a day to wait for', () => {
  const waitUntil = (date: string) => ({ ...unclearDecision(), next: { kind: 'wait', clusters: 912, date } as const });
  it.each([
    ['2014-08-30', 'wait; checked again on 30 August 2014.'],
    ['2014-09-03', 'wait: it takes more than a year until there are about 912 days.'],
    ['2031-01-01', 'wait: it takes more than a year until there are about 912 days.'],
  ])('%s', (date, words) => {
    const decision = waitUntil(date);
    const newest = '2013-09-01T00:00:00.000Z';
    expect(plainText(nextWords({ ...decision, holdout: { ...decision.holdout, to: newest } }))).toBe(words);
  });
});
