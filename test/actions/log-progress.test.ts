import { expect, test } from 'vitest';
import { logProgress } from '../../actions/log-progress.ts';

test('long work says twice a minute how far it is, short work nothing', () => {
  const said: string[] = [];
  let now = 5_000;
  const progress = logProgress({ info: (line) => said.push(line) }, () => now);
  for (let second = 0; second < 20; second++, now += 1_000) {
    progress.report({ title: 'adding rows', done: second, total: 20, unit: 'files' });
  }
  expect(said).toEqual([]);
  for (let second = 0; second <= 100; second++, now += 1_000) {
    progress.report({ title: 'pulling', done: second * 1e6, total: 100e6, unit: 'bytes' });
  }
  expect(said).toHaveLength(3);
  expect(said[1]).toMatch(/^pulling .* 60 %, 1\.0 MB\/s, 40 s left$/);
});
