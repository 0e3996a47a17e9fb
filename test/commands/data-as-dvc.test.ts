import { lstatSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { md5 } from '../../lib/pointers/md5.ts';
import { objectKey } from '../../lib/pointers/object-key.ts';
import { assay } from '../cli/command-line.ts';
import { commitAll, newRepository } from '../git/repository.ts';
import { readFiles, writeFiles } from '../pointers/work-data.ts';

/** Differences that a random comparison with the real DVC found, each as its smallest case. */

/** A repository of DVC's below `folder`, with this configuration and these files. */
async function repository(config: string, files: Readonly<Record<string, string>>, folder = '.') {
  const git = await newRepository({ 'README.md': 'data' });
  const root = join(git.folder, folder);
  const cache = join(root, '.dvc', 'cache');
  writeFiles(root, { '.dvc/config': config, '.dvc/.gitignore': '/config.local\n/tmp\n/cache\n', ...files });
  const run = async (...args: string[]) => {
    const { out, code } = await assay(root, ['data', ...args, '--json']);
    return { exit: code, ...Object(JSON.parse(out)) };
  };
  return { git, root, cache, run, object: (text: string) => join(cache, objectKey(md5(text))) };
}

describe('add', () => {
  test.each(['hardlink', 'symlink'])('of a link into the cache leaves its object alone (%s)', async (type) => {
    const { root, cache, run, object } = await repository(`[cache]\n    type = ${type}\n`, { 'x.bin': 'bytes' });
    await run('add', 'x.bin');
    // As DVC leaves it for us: a link, and nothing that was remembered of it.
    rmSync(join(root, 'x.bin'));
    symlinkSync(object('bytes'), join(root, 'x.bin'));
    rmSync(join(root, '.dvc', 'tmp'), { recursive: true });
    expect(await run('add', 'x.bin')).toMatchObject({ exit: 0, added: [{ state: 'unchanged' }] });
    expect(lstatSync(object('bytes')).isFile()).toBe(true);
    expect(readFiles(cache)).toEqual({ [objectKey(md5('bytes'))]: 'bytes' });
    expect(readFileSync(join(root, 'x.bin'), 'utf8')).toBe('bytes');
  });

  test('sees what git tracks also where the project is a folder of the repository', async () => {
    const { git, run } = await repository('', { 'data/a': 'a' }, 'project');
    await commitAll(git, {}, 'The data, by mistake');
    expect(await run('add', 'data')).toMatchObject({ exit: 2, code: 'E_DATA_IN_GIT' });
  });

  test('of a folder and something in it at once is refused', async () => {
    const { root, run } = await repository('', { 'data/a': 'a', 'data/b': 'b' });
    for (const targets of [
      ['data', 'data/a'],
      ['data/a', 'data'],
    ]) {
      expect(await run('add', ...targets)).toMatchObject({ exit: 2, code: 'E_DATA_CONTAINS_OUTPUT' });
    }
    expect(readdirSync(join(root, 'data'))).toEqual(['a', 'b']);
  });

  test('leaves an unchanged pointer of DVC 2 as it is, and renews a changed one', async () => {
    const { root, cache, run } = await repository('', { 'x.csv': 'a\r\nb\r\n', 'y.csv': 'y' });
    await run('add', 'x.csv', 'y.csv');
    // DVC 2 took the digest of text with line ends made alike.
    const legacy = { x: md5('a\nb\n'), y: md5('y') };
    for (const [name, text, address] of [
      ['x', 'a\r\nb\r\n', legacy.x],
      ['y', 'y', legacy.y],
    ] as const) {
      writeFiles(cache, { [objectKey(address, 'md5-dos2unix')]: text });
      writeFiles(root, {
        [`${name}.csv.dvc`]: `outs:\n- md5: ${address}\n  size: ${text.length}\n  path: ${name}.csv\n`,
      });
    }
    rmSync(join(cache, 'files'), { recursive: true });
    const before = readFileSync(join(root, 'x.csv.dvc'), 'utf8');
    writeFiles(root, { 'y.csv': 'changed' });
    expect(await run('add', 'x.csv', 'y.csv')).toMatchObject({
      added: [
        { path: 'x.csv', md5: legacy.x, state: 'unchanged', size: 6, files: 1 },
        { path: 'y.csv', md5: md5('changed'), state: 'changed' },
      ],
      written: ['y.csv.dvc'],
    });
    expect(readFileSync(join(root, 'x.csv.dvc'), 'utf8')).toBe(before);
    expect(Object.values(readFiles(join(cache, 'files')))).toEqual(['changed']);
  });
});

describe('core.autostage', () => {
  test('takes names for names, and imports along', async () => {
    const { git, root, run } = await repository('[core]\n    autostage = true\n', {
      '[ab].bin': 'x',
      'a.bin.dvc.txt': 'y',
    });
    const source = await newRepository({ 'plain.csv': 'kept by git' });
    await commitAll(git, {}, 'first');
    await git.run(['rm', '--quiet', '--cached', '[[]ab].bin']);
    await run('add', '[ab].bin');
    await run('import', source.folder, 'plain.csv', '--out', 'imported/plain.csv');
    rmSync(join(root, '.dvc', 'tmp'), { recursive: true, force: true });
    const staged = (await git.text(['diff', '--cached', '--name-only', '--diff-filter=A'])).split('\n');
    expect(staged).toEqual(['.gitignore', '[ab].bin.dvc', 'imported/.gitignore', 'imported/plain.csv.dvc']);
  });
});

describe('pull', () => {
  test('checks out what is not to be pushed where the cache has it, and asks no remote for it', async () => {
    const { root, cache, run } = await repository('', { 'kept.bin': 'kept', 'lost.bin': 'lost' });
    writeFileSync(join(root, '.dvc', 'config'), `['remote "team"']\n    url = ../../team\n[core]\n    remote = team\n`);
    await run('add', 'kept.bin', 'lost.bin');
    for (const name of ['kept', 'lost']) {
      const pointer = join(root, `${name}.bin.dvc`);
      writeFileSync(pointer, `${readFileSync(pointer, 'utf8')}  push: false\n`);
      rmSync(join(root, `${name}.bin`));
    }
    rmSync(join(cache, objectKey(md5('lost'))));
    expect(await run('pull')).toMatchObject({ exit: 0, outputs: [{ path: 'kept.bin', state: 'added' }] });
    expect(readFileSync(join(root, 'kept.bin'), 'utf8')).toBe('kept');
  });
});
