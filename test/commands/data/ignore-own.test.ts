import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { assay } from '../../cli/command-line.ts';
import { commitAll, newRepository } from '../../git/repository.ts';
import { writeFiles } from '../../pointers/checkout/work-data.ts';

/** A `.dvc` that somebody made with an editor: no `.gitignore` in it. */
async function byHand(config: string, folder = '.') {
  const git = await newRepository();
  const root = join(git.folder, folder);
  writeFiles(root, { '.dvc/config': config, '.dvc/config.local': '[core]\n    autostage = false\n', f: 'f' });
  const tracked = async () => {
    await commitAll(git, {}, 'everything');
    return (await git.text(['ls-files'])).split('\n');
  };
  return { root, tracked, data: (...args: string[]) => assay(root, ['data', ...args]) };
}

test.each(['.', 'deep/er'])('cache, state and local configuration stay out of git: in %s', async (folder) => {
  const { tracked, data } = await byHand('', folder);
  expect(await data('add', 'f')).toMatchObject({ code: 0 });
  const expected = ['.dvc/.gitignore', '.dvc/config', '.gitignore', 'f.dvc'];
  expect(await tracked()).toEqual(expected.map((file) => (folder === '.' ? file : `${folder}/${file}`)));
});

test('what is ignored already is not ignored twice, and outside of git nothing is', async () => {
  const { root, data } = await byHand('');
  writeFiles(root, { '.gitignore': '.dvc/cache\n.dvc/tmp\n*.local\n' });
  await data('add', 'f');
  expect(() => readFileSync(join(root, '.dvc', '.gitignore'))).toThrow('ENOENT');
  writeFiles(root, { '.dvc/config': '[core]\n    no_scm = true\n' });
  rmSync(join(root, '.gitignore'));
  expect(await data('status')).toMatchObject({ code: 0 });
  expect(() => readFileSync(join(root, '.dvc', '.gitignore'))).toThrow('ENOENT');
});
