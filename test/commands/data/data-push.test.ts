import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commitAll, newFolder } from '../../git/repository.ts';
import { writeFiles } from '../../pointers/checkout/work-data.ts';
import { repository } from './data-repository.ts';

test('versions of other commits are refused before anything is sent', async () => {
  const remote = join(await newFolder(), 'remote');
  const versioned = '[\'remote "v"\']\n    url = s3://bucket\n    version_aware = true\n';
  const plain = `['remote "r"']\n    url = ${remote}\n[core]\n    remote = r\n`;
  const { git, root, run } = await repository(plain + versioned, { one: 'one', two: 'two' });
  await run('add', 'one', 'two');
  writeFiles(root, { 'two.dvc': `${readFileSync(join(root, 'two.dvc'), 'utf8')}  remote: v\n` });
  await commitAll(git, {}, 'two remotes');
  expect(await run('push', '--all-commits', '--run-cache')).toMatchObject({ exit: 2, code: 'E_DATA_OPTION' });
  expect(existsSync(remote)).toBe(false);
});
