import { expect, test } from 'vitest';
import { type ProgressStep, progressLine } from '../../../lib/report/formats/progress-line.ts';

const line = (step: Partial<ProgressStep>, columns?: number) =>
  progressLine({ title: 'pushing', done: 1e8, total: 3e8, unit: 'bytes', seconds: 1, ...step }, columns);

test.each<[string, Partial<ProgressStep>, string]>([
  ['bytes', {}, 'pushing ██████░░░░░░░░░░░░░░ 33 %, 100.0 MB/s, 2 s left'],
  ['few bytes', { done: 5000, total: 10_000 }, 'pushing ██████████░░░░░░░░░░ 50 %, 5.0 kB/s, 1 s left'],
  ['bytes one by one', { done: 100, total: 1000 }, 'pushing ██░░░░░░░░░░░░░░░░░░ 10 %, 100 B/s, 9 s left'],
  ['files', { done: 50, total: 100, unit: 'files' }, 'pushing ██████████░░░░░░░░░░ 50 %, 50 files/s, 1 s left'],
  ['minutes', { done: 1e8, total: 1e10, seconds: 60 }, 'pushing ░░░░░░░░░░░░░░░░░░░░ 1 %, 1.7 MB/s, 1 h 39 min left'],
  ['the first moment', { seconds: 0.1 }, 'pushing ██████░░░░░░░░░░░░░░ 33 %'],
  ['an end', { done: 3e8 }, 'pushing ████████████████████ 100 %, 300.0 MB/s'],
  ['more than was said', { done: 4e8 }, 'pushing ████████████████████ 100 %, 400.0 MB/s'],
  ['no end', { total: undefined, unit: undefined }, 'pushing 100000000'],
])('tells of %s', (_what, step, expected) => expect(line(step)).toBe(expected));

test('small files that come first say nothing of when large ones will have come', () => {
  expect(line({ done: 5000, total: 4e8, seconds: 0.6 })).toBe('pushing ░░░░░░░░░░░░░░░░░░░░ 0 %, 8.3 kB/s');
});

test('a terminal that says it has no columns is taken for a usual one', () => expect(line({}, 0)).toBe(line({}, 80)));

test.each([20, 40, 59, 60, 80, 200])('leaves the last of %i columns free, and names what it can', (columns) => {
  const told = line({ title: `adding ${'data/'.repeat(60)}` }, columns);
  expect(told.length).toBeLessThan(columns);
  expect(told.includes('█')).toBe(columns >= 60);
});
