import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { md5 } from '../../lib/pointers/md5.ts';
import { objectKey } from '../../lib/pointers/object-key.ts';
import { writeFiles } from '../pointers/checkout/work-data.ts';
import { dvcRepository, TIMEOUT_MS, WITHOUT_DVC } from './dvc-repository.ts';

/** What a random comparison with the real DVC found, where it matters that both work on the same repository in turn. */
describe.skipIf(WITHOUT_DVC !== undefined)(`in turn with DVC: ${WITHOUT_DVC ?? 'the real one'}`, () => {
  const base = mkdtempSync(join(tmpdir(), 'assay-dvc-turns-'));
  const source = join(base, 'source');
  const at = (name: string, folder = '.') => {
    mkdirSync(join(base, name, folder), { recursive: true });
    const programs = dvcRepository(base, join(base, name, folder));
    const git = (...args: string[]) =>
      programs.run('git', '-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args);
    const commit = async (message: string) => {
      await git('add', '--all');
      await git('commit', '--quiet', '--message', message);
    };
    return { ...programs, root: join(base, name, folder), git, commit };
  };

  beforeAll(async () => {
    const { root, git, dvc, commit } = at('source');
    await git('init', '--quiet', '--initial-branch=main');
    await dvc('init', '--quiet');
    writeFiles(root, {
      ...{ 'mixed/t.bin': 'tracked', 'mixed/plain.csv': 'plain', 'mixed/noise.log': 'noise', 'mixed/d/e/x': 'x' },
      ...{ 'mixed/dvc.yaml': 'stages: {}\n', 'mixed/.dvcignore': '*.log\n' },
    });
    await dvc('add', '--quiet', 'mixed/t.bin', 'mixed/d/e');
    await commit('first');
  }, TIMEOUT_MS);
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  test('a folder that is kept by git and by pointers is imported with the same digest', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { root, git, dvc, ours } = at('importing');
    await git('init', '--quiet');
    await dvc('init', '--quiet');
    await dvc('import', '--quiet', source, 'mixed', '--out', 'theirs');
    await ours('import', source, 'mixed', '--out', 'ours');
    const pointer = (name: string) => readFileSync(join(root, `${name}.dvc`), 'utf8');
    // The digest of the whole covers where the data go.
    const same = (name: string) =>
      pointer(name)
        .replace(/^md5: .*\n/, '')
        .replace(`path: ${name}`, 'path: x');
    expect(same('ours')).toBe(same('theirs'));
    const before = pointer('ours');
    await dvc('update', '--quiet', 'ours.dvc');
    expect(pointer('ours')).toBe(before);
  });

  test.each(['hardlink', 'symlink', 'reflink,hardlink,symlink'])(
    'what DVC linked is added again without harm to the cache (%s)',
    { timeout: TIMEOUT_MS },
    async (types) => {
      const { root, git, dvc, ours } = at(`linking-${types}`);
      await git('init', '--quiet');
      await dvc('init', '--quiet');
      await dvc('config', '--quiet', 'cache.type', types);
      writeFiles(root, { 'x.bin': 'bytes', 'folder/y': 'why' });
      await dvc('add', '--quiet', 'x.bin', 'folder');
      expect(await ours('add', 'x.bin', 'folder')).toMatchObject({
        added: [{ state: 'unchanged' }, { state: 'unchanged' }],
      });
      expect(readFileSync(join(root, '.dvc', 'cache', objectKey(md5('bytes'))), 'utf8')).toBe('bytes');
      expect(JSON.parse(await dvc('status', '--json'))).toEqual({});
      rmSync(join(root, 'x.bin'));
      await dvc('checkout', '--quiet');
      expect(readFileSync(join(root, 'x.bin'), 'utf8')).toBe('bytes');
    },
  );

  test('a project in a folder is told apart as DVC does, and its history keeps its data', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { root, git, dvc, ours, commit } = at('mono', 'project');
    await git('init', '--quiet', '--initial-branch=main', '..');
    await dvc('init', '--quiet', '--subdir');
    await dvc('remote', 'add', '--quiet', '--default', 'folder', join(base, 'mono-remote'));
    for (const text of ['old', 'new bytes']) {
      writeFiles(root, { 'data/a': text, 'data/b': 'same' });
      await ours('add', 'data');
      await commit(text);
    }
    const theirs = JSON.parse(await dvc('diff', '--json', 'HEAD~1', 'HEAD'));
    expect(theirs.modified.map(({ path }: { path: string }) => path)).toEqual(['data/', 'data/a']);
    expect(await ours('diff', 'HEAD~1', 'HEAD')).toMatchObject({
      ...{ added: [], modified: ['data/a'], deleted: [] },
      folders: { modified: ['data/'] },
    });
    // Two listings, and three files of which one did not change.
    expect(await ours('push', '--all-commits')).toMatchObject({ transferred: 5 });
    expect(JSON.parse(await dvc('status', '--cloud', '--all-commits', '--json'))).toEqual({});
  });
});
