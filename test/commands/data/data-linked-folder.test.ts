import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../../git/repository.ts';
import { repository } from './data-repository.ts';

test('a repository that is reached through a link takes absolute paths both ways, as a shell with $PWD gives them', async () => {
  const { root, run } = await repository('', { 'data/a': 'one', 'data/b': 'two', 'rows.csv': '1' });
  const linked = join(await newFolder(), 'linked');
  symlinkSync(root, linked);
  expect(await run('add', join(linked, 'data'))).toMatchObject({ exit: 0, added: [{ path: 'data' }] });
  expect(await run('add', '--project', linked, join(root, 'rows.csv'))).toMatchObject({ exit: 0 });
  for (const target of [join(linked, 'data'), join(linked, 'data', 'a'), join(linked, 'data.dvc')]) {
    expect(await run('status', target), target).toMatchObject({ exit: 0, outputs: [{ path: 'data' }] });
  }
  expect(await run('import-url', join(linked, 'rows.csv'), join(linked, 'copy.csv'))).toMatchObject({ exit: 0 });
  // A link in the repository is followed by nobody.
  symlinkSync('data', join(root, 'alias'));
  expect(await run('add', join(linked, 'alias', 'a'))).toMatchObject({ exit: 2 });
  expect(await run('status', join(await newFolder(), 'data'))).toMatchObject({ exit: 2, code: 'E_OUTPUT_TARGET' });
});
