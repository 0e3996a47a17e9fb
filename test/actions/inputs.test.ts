import { afterEach, expect, it, vi } from 'vitest';
import { dataRequest } from '../../actions/data-request.ts';
import { flag, list, numbers } from '../../actions/io.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it.each([
  ['one line, at its commas', 'a, b,,c ', ['a', 'b', 'c']],
  ['several lines, at the lines alone: a name may have a comma', 'a,b.csv\n  c\r\n\nd, e\n', ['a,b.csv', 'c', 'd, e']],
  ['one line of a block, at its commas', '  a,b\n', ['a', 'b']],
  ['nothing', ' \n', []],
])('a list is split: %s', (_what, text, items) => {
  vi.stubEnv('INPUT_TARGETS', text);
  expect(list('targets')).toEqual(items);
});

it.each([
  ['', false, true],
  ['false', false, false],
  ['true', true, true],
])('a flag of %j is what it is when left out, where it says nothing', (text, no, yes) => {
  vi.stubEnv('INPUT_CACHE', text);
  expect([flag('cache'), flag('cache', true)]).toEqual([no, yes]);
});

it('numbers are split in the same way', () => {
  vi.stubEnv('INPUT_MARGINS', 'roc_auc=0.01, f1=0.02');
  const expected = { roc_auc: 0.01, f1: 0.02 };
  expect(numbers('margins')).toEqual(expected);
  vi.stubEnv('INPUT_MARGINS', 'roc_auc=0.01\nf1=0.02\n');
  expect(numbers('margins')).toEqual(expected);
});

it.each(['0', '1e3', '0x10', '4.0', '10000'])('no number of jobs is %j, as on the command line', (text) => {
  vi.stubEnv('INPUT_JOBS', text);
  vi.stubEnv('INPUT_RECURSIVE', 'false');
  expect(dataRequest).toThrow(expect.objectContaining({ code: 'E_INPUT_VALUE' }));
});
