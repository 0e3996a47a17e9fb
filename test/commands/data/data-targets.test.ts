import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assay } from '../../cli/command-line.ts';
import { commitAll, newFolder, newRepository } from '../../git/repository.ts';
import { writeFiles } from '../../pointers/checkout/work-data.ts';

async function run(root: string, ...args: string[]) {
  const { out, code } = await assay(root, ['data', ...args, '--json']);
  return { exit: code, ...Object(JSON.parse(out)) };
}

/** A file and a folder that are tracked, committed and pushed, and a folder to stand in. */
async function pushed() {
  const git = await newRepository();
  const root = git.folder;
  const remote = join(await newFolder(), 'remote');
  writeFiles(root, { 'raw/a.csv': 'a', 'raw/deep/b.csv': 'bb', 'lone.bin': 'lone', 'sub/of/git': 'text' });
  await run(root, 'add', 'raw', 'lone.bin');
  writeFiles(root, { '.dvc/config': `['remote "team"']\n    url = ${remote}\n[core]\n    remote = team\n` });
  await commitAll(git, {}, 'data');
  expect(await run(root, 'push')).toMatchObject({ exit: 0 });
  return root;
}

describe('absolute paths, as DVC takes them', () => {
  test.each<[string, string[]]>([
    ['lone.bin', ['push']],
    ['raw/a.csv', ['fetch']],
    ['lone.bin.dvc', ['pull']],
    ['lone*', ['pull', '--glob']],
    ['raw', ['checkout']],
    ['lone.bin', ['status']],
    ['raw/deep', ['status', '--granular']],
    ['raw', ['verify']],
    ['raw', ['du']],
    ['lone.bin', ['diff', '--targets']],
    ['lone.bin', ['push', '--all-branches']],
  ])('%s of %j', async (target, verb) => {
    const root = await pushed();
    expect(await run(join(root, 'sub'), ...verb, join(root, target))).toMatchObject({ exit: 0 });
  });

  test('of elsewhere name nothing', async () => {
    const root = await pushed();
    const found = await run(root, 'pull', join(root, '..', 'lone.bin'));
    expect(found).toMatchObject({ exit: 2, code: 'E_OUTPUT_TARGET' });
  });
});

test('diff takes folders of outputs for what is tracked below them', async () => {
  const root = await pushed();
  writeFiles(root, { 'm/new.bin': 'n', 'm/deep/er.bin': 'e', 'lone.bin': 'changed' });
  expect(await run(root, 'add', 'm/new.bin', 'm/deep/er.bin')).toMatchObject({ exit: 0 });
  expect(await run(root, 'diff', '--targets', 'm/')).toMatchObject({
    exit: 0,
    added: ['m/deep/er.bin', 'm/new.bin'],
    modified: [],
  });
});

describe('a part of a tracked folder that is nowhere', () => {
  test.each([[['push']], [['fetch']], [['pull']], [['checkout']], [['status']], [['verify']], [['du']]])(
    'is no success of %j',
    async (verb) => {
      const root = await pushed();
      const found = await run(root, ...verb, 'raw/a.csv', 'raw/deep/typo');
      expect(found).toMatchObject({ exit: 2, code: 'E_OUTPUT_TARGET' });
      expect(found.message).toContain('"raw/deep/typo"');
    },
  );

  test.each([[['fetch']], [['pull']]])('nor of %j where only the remote knows the listing', async (verb) => {
    const root = await pushed();
    for (const folder of ['raw', '.dvc/cache']) rmSync(join(root, folder), { recursive: true });
    expect(await run(root, ...verb, 'raw/typo')).toMatchObject({ exit: 2, code: 'E_OUTPUT_TARGET' });
    expect(await run(root, ...verb, 'raw/deep')).toMatchObject({ exit: 0 });
  });

  test('is no success of add', async () => {
    const root = await pushed();
    const found = await run(root, 'add', 'raw/a.csv', 'raw/deep/typo');
    expect(found).toMatchObject({ exit: 2, code: 'E_DATA_NOTHING' });
    expect(found.message).toContain('"raw/deep/typo"');
    rmSync(join(root, 'raw', 'deep'), { recursive: true });
    expect(await run(root, 'add', 'raw/deep')).toMatchObject({ exit: 0, added: [{ files: 1 }] });
  });

  test('may be new, or gone from the work tree', async () => {
    const root = await pushed();
    writeFiles(root, { 'raw/new.csv': 'new' });
    rmSync(join(root, 'raw', 'a.csv'));
    expect(await run(root, 'status', 'raw/new.csv', 'raw/a.csv')).toMatchObject({ clean: false });
  });
});

test('du of a part counts that part alone', async () => {
  const root = await pushed();
  expect(await run(root, 'du', 'raw/deep')).toMatchObject({
    outputs: [{ path: 'raw/deep', size: 2, files: 1 }],
    size: 2,
  });
  expect(await run(root, 'du', 'raw/deep', 'raw/a.csv')).toMatchObject({ size: 3 });
  expect(await run(root, 'du', 'raw/deep', 'raw')).toMatchObject({ outputs: [{ path: 'raw', size: 3, files: 2 }] });
});

test.each([
  [['ls', '.']],
  [['get', '.', 'x']],
  [['import', '.', 'x']],
  [['import-url', '/x']],
  [['add', 'x', '--out', 'y']],
  [['gc', '--workspace', '--dry']],
])('%j starts from no folder that is not there, and makes none', async (verb) => {
  const missing = join(await newFolder(), 'missing');
  expect(await run(missing, ...verb)).toMatchObject({ exit: 2, code: 'E_PROJECT_FOLDER' });
  expect(existsSync(missing)).toBe(false);
});

test('a folder of a repository stands for the repository, as in DVC: ls needs no name there', async () => {
  const root = await pushed();
  const listed = (await run(root, 'ls')).entries;
  expect(listed).toContainEqual(expect.objectContaining({ path: 'raw', tracked: true }));
  expect((await run(join(root, 'sub', 'of'), 'ls')).entries).toEqual(listed);
  expect((await run(await newFolder(), 'ls', join(root, 'sub'))).entries).toEqual(listed);
  expect(await run(await newFolder(), 'ls')).toMatchObject({ exit: 2, code: 'E_DATA_SOURCE' });
});

test.each([[['--out', 'x']], [['--force']]])('get shows an address or brings data: --show-url and %j', async (more) => {
  const root = await pushed();
  const found = await run(root, 'get', '.', 'lone.bin', '--show-url', ...more);
  expect(found).toMatchObject({ exit: 2, code: 'E_DATA_OPTIONS' });
});
