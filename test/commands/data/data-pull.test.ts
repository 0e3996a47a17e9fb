import { readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { commitAll, newFolder } from '../../git/repository.ts';
import { writeFiles } from '../../pointers/checkout/work-data.ts';
import { repository } from './data-repository.ts';

test('a damaged object that is brought anew hides nothing that could not be brought', async () => {
  const remote = join(await newFolder(), 'remote');
  const { git, root, run, object } = await repository(`['remote "r"']\n    url = ${remote}\n[core]\n    remote = r\n`, {
    one: 'one',
    two: 'two',
  });
  await run('add', 'one', 'two');
  await commitAll(git, {}, 'first');
  await run('push');
  await git.run(['switch', '--quiet', '--create', 'other']);
  writeFiles(root, { one: 'three' });
  await run('add', 'one');
  await commitAll(git, {}, 'never pushed');
  await git.run(['switch', '--quiet', '-']);
  rmSync(object('three'));
  const missing = { exit: 3, failed: [{ path: 'one', code: 'E_STORE_OBJECT_MISSING' }] };
  expect(await run('pull', '--all-branches', '--force')).toMatchObject(missing);
  rmSync(join(root, 'two'));
  rmSync(object('two'));
  writeFiles(root, { [relative(root, object('two'))]: 'TWO' });
  expect(await run('pull', '--all-branches')).toMatchObject({ ...missing, fetched: 1 });
  expect(readFileSync(join(root, 'two'), 'utf8')).toBe('two');
});
