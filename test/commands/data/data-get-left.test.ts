import { mkdirSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';
import { repository } from './data-repository.ts';

/** Long enough ago for a process of another machine to be taken for dead. Seconds. */
const LONG_AGO = 1_700_000_000;

test('get leaves nothing beside its target, and removes what a killed one left there', async () => {
  const from = (await newRepository({ 'data/a': 'one', 'data/b': 'two' })).folder;
  const { root, run } = await repository('', {});
  const place = join(root, 'into', '.assay-staging');
  const dead = join(place, 's-elsewhere.1.aaaaaaaaaaaa');
  writeFiles(dead, { '1/data/a': 'half' });
  utimesSync(dead, LONG_AGO, LONG_AGO);
  expect(await run('get', from, 'data', '--out', 'into/data')).toMatchObject({ exit: 0, files: 2 });
  expect(readdirSync(join(root, 'into'))).toEqual(['data']);
  // Of one that may still run nothing is taken away.
  const alive = join(place, 's-elsewhere.1.bbbbbbbbbbbb');
  mkdirSync(alive, { recursive: true });
  expect(await run('get', from, 'nothing', '--out', 'into/more')).toMatchObject({ exit: 2 });
  expect(await run('get', from, 'data/a', '--out', 'into/more')).toMatchObject({ exit: 0 });
  expect(readdirSync(place)).toEqual(['s-elsewhere.1.bbbbbbbbbbbb']);
  expect(readFiles(join(root, 'into', 'data'))).toEqual({ a: 'one', b: 'two' });
});
