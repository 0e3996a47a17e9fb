import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DataStatusOutput } from '../../../lib/commands/data/data-outputs.ts';
import { assay } from '../../cli/command-line.ts';
import { commitAll, newFolder, newRepository } from '../../git/repository.ts';
import { writeFiles } from '../../pointers/checkout/work-data.ts';

const NONE = { added: [], modified: [], deleted: [], renamed: [], unknown: [] };

async function status(root: string, ...args: string[]) {
  const { out, code, err } = await assay(root, ['data', 'status', ...args, '--json']);
  if (code !== 0) throw new Error(err + out);
  return DataStatusOutput.parse(JSON.parse(out));
}

async function withData() {
  const git = await newRepository({ 'README.md': 'x' });
  writeFiles(git.folder, { 'data/a': 'a', 'data/b': 'b', 'model.bin': 'm' });
  await assay(git.folder, ['data', 'add', 'data', 'model.bin']);
  return git;
}

describe('from the last commit to the pointers to the work tree', () => {
  test('tells each of the three apart, and the exit code of -q whether anything differs', async () => {
    const git = await withData();
    await commitAll(git, {}, 'data');
    const root = git.folder;
    expect(await status(root, '--unchanged')).toMatchObject({
      ...{ clean: true, outputs: [] },
      layers: { notInCache: [], committed: NONE, uncommitted: NONE, unchanged: ['data/', 'model.bin'] },
    });
    expect(await assay(root, ['data', 'status', '--granular', '-q'])).toMatchObject({ code: 0, out: '' });

    writeFileSync(join(root, 'model.bin'), 'better');
    await assay(root, ['data', 'add', 'model.bin']);
    writeFileSync(join(root, 'data/a'), 'edited');
    writeFileSync(join(root, 'loose'), 'l');
    const { clean, layers } = await status(root, '--granular', '--untracked-files');
    expect(clean).toBe(false);
    expect(layers).toMatchObject({
      committed: { ...NONE, modified: ['model.bin'] },
      uncommitted: { ...NONE, modified: ['data/', 'data/a'] },
      untracked: ['loose'],
    });
    expect((await assay(root, ['data', 'status', '--granular', '-q'])).code).toBe(1);
    const { out } = await assay(root, ['data', 'status', '--granular', '--untracked-files', 'all']);
    expect(out).toMatch(/last commit[\s\S]*modified: model\.bin[\s\S]*pointers[\s\S]*modified: data\/a[\s\S]*loose/);
  });

  test('without a commit, and without git, everything has come', async () => {
    const git = await withData();
    const added = { committed: { ...NONE, added: ['data/', 'model.bin'] } };
    expect((await status(git.folder, '--unchanged')).layers).toMatchObject(added);
    rmSync(join(git.folder, '.git'), { recursive: true });
    expect((await status(git.folder, '--untracked-files')).layers).toMatchObject({ ...added, untracked: [] });
  });

  test('goes by targets: folders, files in them, and folders of files that nothing tracks', async () => {
    const git = await withData();
    await commitAll(git, {}, 'data');
    const root = git.folder;
    mkdirSync(join(root, 'loose'));
    writeFiles(root, { 'loose/x': 'x', 'data/c': 'c', 'model.bin': 'other' });
    expect((await status(root, '--granular', '.')).layers?.uncommitted).toMatchObject({
      ...{ added: ['data/c'], modified: ['data/', 'model.bin'] },
    });
    expect((await status(root, '--unchanged', 'data/c')).layers?.uncommitted).toEqual({ ...NONE, added: ['data/c'] });
    expect((await status(root, '--untracked-files', 'all', 'loose')).layers).toMatchObject({ untracked: ['loose/x'] });
    expect((await status(join(root, 'loose'), '--untracked-files', 'all', '.')).layers).toMatchObject({
      untracked: ['loose/x'],
    });
  });

  test('leaves to git what stages leave to git', async () => {
    const git = await withData();
    const root = git.folder;
    writeFiles(root, {
      'dvc.yaml': 'stages:\n  score:\n    cmd: score\n    metrics:\n    - m.json:\n        cache: false\n',
      'dvc.lock': `schema: '2.0'\nstages:\n  score:\n    cmd: score\n    outs:\n    - path: m.json\n      hash: md5\n      md5: ${'a'.repeat(32)}\n      size: 1\n`,
      'm.json': '{}',
    });
    await commitAll(git, {}, 'data');
    expect(await status(root, '--granular')).toMatchObject({ clean: true });
    // Held against its digest all the same where outputs are asked for, as in DVC.
    expect(await status(root, 'm.json')).toMatchObject({ outputs: [{ state: 'modified' }] });
  });

  test('asks the remote that is named for every file, and for nothing else', async () => {
    const git = await withData();
    const remote = join(await newFolder(), 'remote');
    await commitAll(git, {}, 'data');
    writeFileSync(join(git.folder, '.dvc', 'config'), `['remote "team"']\n    url = ${remote}\n`);
    await assay(git.folder, ['data', 'push', '--remote', 'team', 'model.bin']);
    const asked = ['--not-in-remote', '--remote', 'team'];
    expect((await status(git.folder, ...asked)).layers).toMatchObject({ notInRemote: ['data/'] });
    expect((await status(git.folder, ...asked, '--granular')).layers).toMatchObject({
      notInRemote: ['data/', 'data/a', 'data/b'],
    });
  });

  test.each<[string[], string, string]>([
    [['--granular', '--cloud'], 'E_DATA_OPTIONS', '--cloud'],
    [['--granular', '--remote', 'x'], 'E_DATA_OPTION', '--remote'],
    [['--unchanged', '-a'], 'E_DATA_OPTION', '--all-branches'],
    [['--not-in-remote', '--with-deps'], 'E_DATA_OPTION', '--with-deps'],
    [['--untracked-files', 'some'], 'E_DATA_OPTION', 'some'],
    [['--granular', 'nowhere'], 'E_OUTPUT_TARGET', 'nowhere'],
  ])('%j: %s', async (args, error, named) => {
    const { folder } = await withData();
    const { code, out } = await assay(folder, ['data', 'status', '--json', ...args]);
    expect({ code, ...JSON.parse(out) }).toMatchObject({ code: error, message: expect.stringContaining(named) });
    expect(code).toBe(2);
  });
});
