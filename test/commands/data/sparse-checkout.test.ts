import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { assay } from '../../cli/command-line.ts';
import { commitAll, newFolder } from '../../git/repository.ts';
import { writeFiles } from '../../pointers/checkout/work-data.ts';
import { repository } from './data-repository.ts';

/** What `actions/checkout` leaves of a repository with a remote, told to bring `src` alone. */
async function sparse() {
  const remote = join(await newFolder(), 'remote');
  const config = `['remote "team"']\n    url = ${remote}\n[core]\n    remote = team\n`;
  const { git, root, run } = await repository(config, { 'src/code.py': 'code\n' });
  await commitAll(git, {}, 'first');
  await git.run(['sparse-checkout', 'set', 'src']);
  expect(existsSync(join(root, '.dvc'))).toBe(false);
  writeFiles(root, { 'rows/a': 'one' });
  return { git, root, run, remote };
}

test.each(['.', 'src'])(
  'data are not begun anew in %s where git has a configuration that is not checked out',
  async (place) => {
    const { git, root } = await sparse();
    const before = readdirSync(root).sort();
    for (const args of [['add', join(root, 'rows')], ['pull'], ['push'], ['status']]) {
      const { code, err } = await assay(join(root, place), ['data', ...args]);
      expect(err).toMatch(/\.dvc\/config" .*E_DATA_NOT_CHECKED_OUT/s);
      expect(code).toBe(2);
    }
    expect(readdirSync(root).sort()).toEqual(before);
    expect(await git.text(['status', '--porcelain', '--untracked-files=no'])).toBe('');
  },
);

test('nor are they sent elsewhere where a cache alone has made the folder', async () => {
  const { git, root, run, remote } = await sparse();
  mkdirSync(join(root, '.dvc', 'cache'), { recursive: true });
  for (const verb of [['add', 'rows'], ['push']]) {
    expect(await run(...verb)).toMatchObject({ exit: 2, code: 'E_DATA_NOT_CHECKED_OUT' });
  }
  await git.run(['sparse-checkout', 'add', '.dvc']);
  await run('add', 'rows');
  expect(await run('push')).toMatchObject({ exit: 0, transferred: 2 });
  expect(readdirSync(remote)).toEqual(['files']);
});
