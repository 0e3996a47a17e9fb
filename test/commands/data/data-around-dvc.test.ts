import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { md5 } from '../../../lib/pointers/md5.ts';
import { assay } from '../../cli/command-line.ts';
import { commitAll, newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';
import { repository } from './data-repository.ts';

/** Differences to the real DVC that a random comparison found, each as its smallest case: what is around the data. */

test('a folder with a .dvcignore in it is not added: DVC could not look at it any more', async () => {
  const { run } = await repository('', { 'data/sub/.dvcignore': '*.tmp', 'data/a': 'a' });
  expect(await run('add', 'data')).toMatchObject({ exit: 2, code: 'E_DATA_IGNORE_FILE' });
});

test('a pointer that git ignores is not written', async () => {
  const { root, run } = await repository('', { '.gitignore': '/out\n', 'out/a': 'a' });
  expect(await run('add', 'out/a')).toMatchObject({ exit: 2, code: 'E_DATA_POINTER_IGNORED' });
  const source = await newRepository({ 'plain.csv': 'kept by git' });
  const imported = await run('import', source.folder, 'plain.csv', '--out', 'out/plain.csv');
  expect(imported).toMatchObject({ exit: 2, code: 'E_DATA_POINTER_IGNORED' });
  expect(readdirSync(join(root, 'out'))).toEqual(['a']);
});

test('nothing is imported into what is tracked, nor around it, nor a second time', async () => {
  const stage = 'stages:\n  make:\n    cmd: make\n    outs: [made.bin]\n';
  const { root, run } = await repository('', { 'data/a': 'a', 'outer/inner/b': 'b', 'dvc.yaml': stage });
  const source = await newRepository({ 'plain.csv': 'kept by git' });
  await run('add', 'data', 'outer/inner');
  rmSync(join(root, 'outer', 'inner'), { recursive: true });
  for (const [out, code] of [
    ['data/new', 'E_DATA_INSIDE_OUTPUT'],
    ['outer', 'E_DATA_CONTAINS_OUTPUT'],
    ['made.bin', 'E_OUTPUT_OVERLAP'],
  ] as const) {
    const imported = await run('import', source.folder, 'plain.csv', '--out', out, '--force');
    expect([out, imported.exit, imported.code]).toEqual([out, 2, code]);
  }
  expect(await run('status', 'data')).toMatchObject({ exit: 0, clean: true });
});

describe('from another repository', () => {
  const STAGE = 'stages:\n  make:\n    cmd: make\n    outs:\n    - kept.txt:\n        cache: false\n';

  /** A folder with data of git, of a pointer and of a stage that leaves them to git, and files that say so. */
  async function source() {
    const { git, root, run } = await repository('', { 'mixed/tracked.bin': 'tracked', '.dvcignore': '*.log\n' });
    await run('add', 'mixed/tracked.bin');
    writeFiles(root, {
      'mixed/dvc.yaml': STAGE,
      'mixed/dvc.lock': `schema: '2.0'\nstages:\n  make:\n    cmd: make\n    outs:\n    - path: kept.txt\n      hash: md5\n      md5: ${md5('kept')}\n      size: 4\n`,
      'mixed/kept.txt': 'kept',
      'mixed/noise.log': 'noise',
      'mixed/.dvcignore': 'hidden/\n!noise.txt\n',
      'mixed/hidden/x': 'x',
    });
    await commitAll(git, {}, 'mixed');
    return root;
  }

  test('get and import bring no pointers and nothing that .dvcignore hides, and take from git what stages leave to it', async () => {
    const from = await source();
    const { root, run } = await repository('', {});
    const files = ['.gitignore', 'dvc.lock', 'kept.txt', 'tracked.bin'];
    await run('get', from, 'mixed', '--out', 'got');
    expect(Object.keys(readFiles(join(root, 'got'))).sort()).toEqual(files);
    await run('import', from, 'mixed', '--out', 'imported');
    expect(Object.keys(readFiles(join(root, 'imported'))).sort()).toEqual(files);
    await run('get', from, 'mixed/kept.txt');
    expect(readFileSync(join(root, 'kept.txt'), 'utf8')).toBe('kept');
    await run('get', from, '.', '--out', 'whole');
    expect(Object.keys(readFiles(join(root, 'whole'))).sort()).toEqual(
      ['README.md', ...files.map((file) => `mixed/${file}`)].sort(),
    );
    // What is named itself is meant.
    await run('get', from, 'mixed/noise.log');
    expect(readFileSync(join(root, 'noise.log'), 'utf8')).toBe('noise');
    await run('get', from, 'mixed/dvc.yaml');
    expect(readFileSync(join(root, 'dvc.yaml'), 'utf8')).toBe(STAGE);
  });

  test('ls leaves out what .dvcignore hides, and tells as tracked what the cache keeps', async () => {
    const { run } = await repository('', {});
    const { entries } = await run('ls', await source(), 'mixed', '--rev', 'HEAD');
    const told = entries.map(({ path, tracked }: { path: string; tracked: boolean }) => `${path} ${tracked}`);
    expect(told).toEqual([
      ...['mixed/.dvcignore false', 'mixed/.gitignore false', 'mixed/dvc.lock false', 'mixed/dvc.yaml false'],
      ...['mixed/kept.txt false', 'mixed/tracked.bin true', 'mixed/tracked.bin.dvc false'],
    ]);
  });
});

describe('a project in a folder of the repository', () => {
  async function project() {
    const made = await repository(
      '[core]\n    remote = team\n[\'remote "team"\']\n    url = ../../remote\n',
      { 'x.bin': 'old' },
      'project',
    );
    const { git, root, run } = made;
    await run('add', 'x.bin');
    await commitAll(git, {}, 'old');
    writeFileSync(join(root, 'x.bin'), 'new bytes');
    await run('add', 'x.bin');
    await commitAll(git, {}, 'new');
    return made;
  }

  test('is told apart between its commits', async () => {
    const { run } = await project();
    expect(await run('diff', 'HEAD~1', 'HEAD')).toMatchObject({ added: [], modified: ['x.bin'], deleted: [] });
    expect(await run('diff', 'HEAD~1')).toMatchObject({ added: [], modified: ['x.bin'], deleted: [] });
  });

  test('keeps what its commits use, and sends it', async () => {
    const { git, root, run, object } = await project();
    await run('push', '--all-commits');
    const sent = Object.values(readFiles(join(root, '..', 'remote'))).sort();
    expect(sent).toEqual(['new bytes', 'old']);
    await git.run(['branch', 'earlier', 'HEAD~1']);
    const later = new Date(Date.now() + 24 * 60 * 60 * 1000);
    vi.useFakeTimers({ now: later, toFake: ['Date'] });
    try {
      expect(await run('gc', '--workspace', '--cloud', '--force')).toMatchObject({ exit: 0, cache: [], remote: [] });
    } finally {
      vi.useRealTimers();
    }
    expect(readFileSync(object('old'), 'utf8')).toBe('old');
  });
});

test('without git no .gitignore is written', async () => {
  const { root, run } = await repository('[core]\n    no_scm = true\n', { 'x.bin': 'x' });
  const source = await newRepository({ 'plain.csv': 'kept by git' });
  await run('add', 'x.bin');
  expect(await run('import', source.folder, 'plain.csv')).toMatchObject({ exit: 0 });
  expect(readdirSync(root)).not.toContain('.gitignore');
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

test('diff leaves out what stages leave to git', async () => {
  const stage =
    'stages:\n  make:\n    cmd: make\n    outs: [kept.bin]\n    metrics:\n    - m.json:\n        cache: false\n';
  const { git, root, run } = await repository('', { 'dvc.yaml': stage, 'm.json': '{"m": 2}' });
  const lock = (text: string) =>
    `schema: '2.0'\nstages:\n  make:\n    cmd: make\n    outs:\n    - path: m.json\n      hash: md5\n      md5: ${md5(text)}\n    - path: kept.bin\n      hash: md5\n      md5: ${md5(text)}\n`;
  writeFiles(root, { 'dvc.lock': lock('{"m": 1}') });
  await commitAll(git, {}, 'first');
  // With a time of now, so that git sees it.
  writeFileSync(join(root, 'dvc.lock'), lock('{"m": 2}'));
  await commitAll(git, {}, 'second');
  expect(await run('diff', 'HEAD~1', 'HEAD')).toMatchObject({ modified: ['kept.bin'] });
  expect(await run('diff')).toMatchObject({ modified: [], deleted: ['kept.bin'] });
});

describe('a pipeline that cannot be resolved', () => {
  const broken = `stages:\n  make:\n    cmd: make\n    outs: ["\${nowhere}.bin"]\n`;

  test('does not matter to targets that pointers name', async () => {
    const { root, run } = await repository('', { 'x.bin': 'x', 'sub/y.bin': 'y' });
    await run('add', 'x.bin', 'sub/y.bin');
    writeFiles(root, { 'dvc.yaml': broken });
    rmSync(join(root, 'x.bin'));
    expect(await run('checkout', 'x.bin')).toMatchObject({ exit: 0, outputs: [{ path: 'x.bin', state: 'added' }] });
    expect(await run('status', 'sub/y.bin.dvc')).toMatchObject({ exit: 0, clean: true });
    for (const targets of [[], ['nothing'], ['dvc.yaml'], ['--recursive', 'sub']]) {
      expect(await run('checkout', ...targets)).toMatchObject({ exit: 2, code: 'E_DVC_TEMPLATE' });
    }
  });

  test('and one that contradicts a pointer always does', async () => {
    const { root, run } = await repository('', { 'x/a': 'x', 'y.bin': 'y' });
    await run('add', 'x', 'y.bin');
    writeFiles(root, { 'dvc.yaml': 'stages:\n  make:\n    cmd: make\n    outs: [x/a]\n' });
    expect(await run('checkout', 'y.bin')).toMatchObject({ exit: 2, code: 'E_OUTPUT_OVERLAP' });
  });
});

test('a pointer of an old commit that cannot be read is left out with a warning, and the others are sent', async () => {
  const { git, root, run } = await repository('[core]\n    remote = team\n[\'remote "team"\']\n    url = ../team\n', {
    'x.bin': 'old',
  });
  await run('add', 'x.bin');
  writeFileSync(join(root, 'bad.dvc'), '<<<<<<< ours\nouts: []\n');
  await commitAll(git, {}, 'conflict');
  expect(await run('push')).toMatchObject({ exit: 2, code: 'E_POINTER_CORRUPT' });
  rmSync(join(root, 'bad.dvc'));
  writeFileSync(join(root, 'x.bin'), 'new bytes');
  await run('add', 'x.bin');
  await commitAll(git, {}, 'mended');
  const { code, out, err } = await assay(root, ['data', 'push', '--all-commits', '--json']);
  expect([code, JSON.parse(out).transferred]).toEqual([0, 2]);
  expect(err).toMatch(/warning: left out of the commit [0-9a-f]{12}, .*bad\.dvc/);
});
