import {
  chmodSync,
  constants,
  copyFileSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { md5 } from '../../lib/pointers/md5.ts';
import { objectKey } from '../../lib/pointers/object-key.ts';
import { assay } from '../cli/command-line.ts';
import { commitAll, newRepository } from '../git/repository.ts';
import { modeOf, readFiles, writeFiles } from '../pointers/work-data.ts';

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

test('add follows no link to a folder, also below what is tracked', async () => {
  const { root, cache, run } = await repository('[cache]\n    type = hardlink\n', { 'data/a': 'a', 'other/b': 'b' });
  await run('add', 'data');
  symlinkSync('../other', join(root, 'data', 'link'));
  symlinkSync('other', join(root, 'alias'));
  for (const target of ['data/link', 'alias', 'data/link/b']) {
    expect([target, (await run('add', target)).exit]).toEqual([target, 2]);
  }
  rmSync(join(root, 'data'), { recursive: true });
  symlinkSync('other', join(root, 'data'));
  expect(await run('add', 'data')).toMatchObject({ exit: 2, code: 'E_DATA_NOTHING' });
  expect(Object.values(readFiles(cache))).not.toContain('b');
  expect(modeOf(join(root, 'other', 'b'))).not.toBe(0o444);
});

test('a folder with a .dvcignore in it is not added: DVC could not look at it any more', async () => {
  const { run } = await repository('', { 'data/sub/.dvcignore': '*.tmp', 'data/a': 'a' });
  expect(await run('add', 'data')).toMatchObject({ exit: 2, code: 'E_DATA_IGNORE_FILE' });
});

describe('add in a repository that links', () => {
  test.each([
    ['hardlink', 'hardlink'],
    ['symlink', 'symlink'],
    ['reflink,hardlink,symlink', 'hardlink'],
    ['reflink,symlink,copy', 'symlink'],
    ['reflink,copy,hardlink', 'copy'],
    ['copy,hardlink', 'copy'],
  ])('cache.type = %s keeps a file as a %s, where nothing can be cloned', async (types, kind) => {
    const { root, run, object } = await repository(`[cache]\n    type = "${types}"\n`, { 'x.bin': 'bytes' });
    const clones = canClone(root);
    await run('add', 'x.bin');
    const expected = clones && types.startsWith('reflink') ? 'copy' : kind;
    expect(linkOf(join(root, 'x.bin'), object('bytes'))).toBe(expected);
    rmSync(join(root, 'x.bin'));
    await run('checkout');
    expect(linkOf(join(root, 'x.bin'), object('bytes'))).toBe(expected);
  });

  test.each(['hardlink', 'symlink'])('leaves an executable file one (%s)', async (type) => {
    const { root, run, object } = await repository(`[cache]\n    type = ${type}\n`, { 'run.sh': '#!/bin/sh' });
    chmodSync(join(root, 'run.sh'), 0o755);
    await run('add', 'run.sh');
    expect(readFileSync(join(root, 'run.sh.dvc'), 'utf8')).toContain('isexec: true');
    expect([modeOf(join(root, 'run.sh')), modeOf(object('#!/bin/sh'))]).toEqual([0o755, 0o444]);
  });
});

function canClone(folder: string): boolean {
  try {
    copyFileSync(join(folder, 'x.bin'), join(folder, '.clone'), constants.COPYFILE_FICLONE_FORCE);
    rmSync(join(folder, '.clone'));
    return true;
  } catch {
    return false;
  }
}

function linkOf(path: string, object: string): 'symlink' | 'hardlink' | 'copy' {
  if (lstatSync(path).isSymbolicLink()) return 'symlink';
  return lstatSync(path).ino === lstatSync(object).ino ? 'hardlink' : 'copy';
}

test('a pointer that git ignores is not written', async () => {
  const { root, run } = await repository('', { '.gitignore': '/out\n', 'out/a': 'a' });
  expect(await run('add', 'out/a')).toMatchObject({ exit: 2, code: 'E_DATA_POINTER_IGNORED' });
  const source = await newRepository({ 'plain.csv': 'kept by git' });
  const imported = await run('import', source.folder, 'plain.csv', '--out', 'out/plain.csv');
  expect(imported).toMatchObject({ exit: 2, code: 'E_DATA_POINTER_IGNORED' });
  expect(readdirSync(join(root, 'out'))).toEqual(['a']);
});

test.each([
  ['what .dvcignore hides', '*.csv\n', 'data/x.csv'],
  ['below what it hides', 'data/\n', 'data/x.csv'],
  ['where its pointer is hidden', '*.dvc\n', 'data/x.csv'],
])('nothing is tracked that DVC does not look at: %s', async (_what, patterns, path) => {
  const { root, run } = await repository('', { '.dvcignore': patterns, [path]: 'x' });
  const source = await newRepository({ 'plain.csv': 'kept by git' });
  expect(await run('add', path)).toMatchObject({ exit: 2, code: 'E_DATA_DVC_IGNORED' });
  const imported = await run('import', source.folder, 'plain.csv', '--out', 'data/y.csv');
  expect(imported).toMatchObject({ exit: 2, code: 'E_DATA_DVC_IGNORED' });
  expect(readdirSync(join(root, 'data'))).toEqual(['x.csv']);
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

test('checkout --force puts a folder in the place of a file', async () => {
  const { root, run } = await repository('', { 'data/a': 'a', 'data/b/c': 'c' });
  await run('add', 'data');
  rmSync(join(root, 'data'), { recursive: true });
  writeFileSync(join(root, 'data'), 'a file now');
  expect(await run('checkout')).toMatchObject({ exit: 2, outputs: [{ state: 'failed', code: 'E_CHECKOUT_LOSES' }] });
  expect(await run('checkout', '--force')).toMatchObject({ exit: 0, outputs: [{ state: 'modified' }] });
  expect(readFiles(join(root, 'data'))).toEqual({ a: 'a', 'b/c': 'c' });
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
