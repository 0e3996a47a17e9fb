import { describe, expect, it } from 'vitest';
import { longestCronGap } from '../../lib/project/cron-gap.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('the longest pause of a schedule', () => {
  it.each([
    ['23 5 * * 1', 7 * DAY],
    ['23 5 * * mon', 7 * DAY],
    ['0 0 * * *', DAY],
    ['0 0 * * 0', 7 * DAY],
    ['0 0 * * 7', 7 * DAY],
    ['0 9 * * 1-5', 3 * DAY],
    ['*/15 * * * *', HOUR / 4],
    ['5/20 * * * *', HOUR / 3],
    ['0 6,18 * * *', HOUR * 12],
    ['0 22-23 * * *', 23 * HOUR],
    ['0 0 1 * *', 31 * DAY],
    // Either the date or the weekday: the first of a month is a Thursday (2024-02-01) between two Mondays.
    ['0 0 1 * 1', 7 * DAY],
    ['0 0 1 1 *', undefined],
    ['0 0 1 * tue/0', undefined],
    ['60 * * * *', undefined],
    ['5-1 * * * *', undefined],
    ['@daily', undefined],
    ['* * * *', undefined],
    ['a b c d e', undefined],
  ])('%s: %s', (expression, gap) => {
    expect(longestCronGap(expression)).toBe(gap);
  });
});
