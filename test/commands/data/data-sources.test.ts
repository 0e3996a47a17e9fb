import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { openGit } from '../../../lib/git/git.ts';
import { assay } from '../../cli/command-line.ts';
import { commitAll, newFolder, newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';

async function data(root: string, ...args: string[]) {
  const { out, code } = await assay(root, ['data', ...args, '--json']);
  return { exit: code, ...Object(JSON.parse(out)) };
}

/** What people see, without the lines' ends that nobody does. */
async function shown(root: string, ...args: string[]): Promise<string> {
  const { out } = await assay(root, ['data', ...args]);
  return out.replace(/ +$/gm, '').trimEnd();
}

const ONE = { 'data/a': 'one', 'data/deep/b': 'two', 'data/deep/er/c': 'three' };

/** A repository whose data are on its second remote alone. */
async function sourceRepository() {
  const git = await newRepository();
  const [first, second] = [join(await newFolder(), 'first'), join(await newFolder(), 'second')];
  const remotes = `[core]\n    remote = second\n['remote "first"']\n    url = ${first}\n['remote "second"']\n    url = ${second}\n`;
  writeFiles(git.folder, { ...ONE, 'read.me': 'text', '.dvc/config': remotes });
  expect(await data(git.folder, 'add', 'data')).toMatchObject({ exit: 0 });
  expect(await data(git.folder, 'push')).toMatchObject({ exit: 0 });
  writeFiles(git.folder, { '.dvc/config': remotes.replace('= second\n', '= first\n') });
  const commit = await commitAll(git, {}, 'data');
  rmSync(join(git.folder, '.dvc', 'cache'), { recursive: true });
  return { from: git.folder, first, second, commit };
}

let root: string;
beforeEach(async () => {
  root = (await newRepository()).folder;
  writeFiles(root, { '.dvc/config': '' });
});

describe('another configuration of a source repository', () => {
  test('is a file, another default remote, or options of that', async () => {
    const { from, second } = await sourceRepository();
    writeFiles(root, { 'conf/over.ini': '[core]\n    remote = second\n', 'inside/kept': '' });
    expect(await data(root, 'get', from, 'data/a')).toMatchObject({ exit: 3, code: 'E_STORE_OBJECT_MISSING' });
    const ways = [
      ['--remote', 'second'],
      ['--remote', 'SECOND'],
      ['--config', 'conf/over.ini'],
      ['--remote-config', `url=${second}`],
      ['--remote', 'third', '--remote-config', `url=${second}`],
    ];
    for (const way of ways) {
      rmSync(join(root, 'a'), { force: true });
      expect(await data(root, 'get', from, 'data/a', ...way), way.join(' ')).toMatchObject({ exit: 0, size: 3 });
      expect((await data(root, 'ls', from, 'data', '-R', ...way)).entries, way.join(' ')).toHaveLength(3);
    }
    // Read from the top, wherever the import was made.
    expect(await data(join(root, 'inside'), 'import', from, 'data', '--config', '../conf/over.ini')).toMatchObject({
      exit: 0,
    });
    expect(readFileSync(join(root, 'inside', 'data.dvc'), 'utf8')).toContain('    config: conf/over.ini\n');
    for (const path of ['inside/data', '.dvc/cache']) rmSync(join(root, path), { recursive: true });
    expect(await data(join(root, 'inside'), 'pull')).toMatchObject({ exit: 0 });
    expect(readFiles(join(root, 'inside', 'data'))).toEqual({ a: 'one', 'deep/b': 'two', 'deep/er/c': 'three' });
  });

  test('is refused where it is not there, or would show a secret', async () => {
    const { from } = await sourceRepository();
    const refused = async (...args: string[]) => {
      const { exit, code } = await data(root, ...args);
      return [exit, code];
    };
    expect(await refused('get', from, 'data/a', '--config', 'nowhere.ini')).toEqual([3, 'E_STORE_READ']);
    expect(await refused('ls', from, '--remote', 'nobody')).toEqual([2, 'E_DATA_NO_REMOTE']);
    expect(await refused('import', from, 'data', '--remote-config', 'secret_access_key=x')).toEqual([
      2,
      'E_DATA_SECRET',
    ]);
    expect(await refused('import', from, 'data', '--remote-config', 'url=https://a:b@host/x')).toEqual([
      2,
      'E_DATA_SECRET',
    ]);
    const both = ['--config', 'a.ini', '--remote', 'r', '--remote-config', 'url=x'];
    expect(await refused('import', from, 'data', ...both)).toEqual([2, 'E_DATA_OPTIONS']);
    const { folder } = await newRepository();
    expect(await refused('ls', folder, '--remote-config', 'url=x')).toEqual([2, 'E_DVC_CONFIG']);
    expect(readFiles(root)).not.toHaveProperty('data.dvc');
  });
});

describe('what a source repository imported itself', () => {
  async function between(): Promise<{ folder: string; outside: string }> {
    const git = await newRepository();
    const rows = await newRepository();
    await commitAll(rows, { 'rows/a': 'one', 'rows/b/c': 'two' }, 'rows');
    const outside = await newFolder();
    writeFiles(outside, { 'more/d': 'three' });
    writeFiles(git.folder, { '.dvc/config': '' });
    expect(await data(git.folder, 'import', rows.folder, 'rows')).toMatchObject({ exit: 0 });
    expect(await data(git.folder, 'import', rows.folder, 'rows', '--no-download', '--out', 'open')).toMatchObject({
      exit: 0,
    });
    expect(await data(git.folder, 'import-url', join(outside, 'more'))).toMatchObject({ exit: 0 });
    rmSync(join(git.folder, '.dvc', 'cache'), { recursive: true });
    await commitAll(git, {}, 'imports');
    return { folder: git.folder, outside };
  }

  test('comes from where that was, also through a chain', async () => {
    const { folder, outside } = await between();
    expect(await data(root, 'get', folder, 'rows/b')).toMatchObject({ exit: 0, files: 1 });
    expect(readFiles(join(root, 'b'))).toEqual({ c: 'two' });
    expect(await data(root, 'get', folder, 'open')).toMatchObject({ exit: 0, files: 2 });
    expect(await data(root, 'import', folder, 'more')).toMatchObject({ exit: 0 });
    expect(await data(root, 'import', folder, 'rows')).toMatchObject({ exit: 0 });
    const git = openGit(root);
    await git.run(['add', '--all']);
    await git.run(['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--quiet', '--message', 'chain']);
    for (const path of ['rows', 'more', '.dvc/cache']) rmSync(join(root, path), { recursive: true });
    expect(await data(root, 'pull')).toMatchObject({ exit: 0, failed: [] });
    expect(readFiles(join(root, 'rows'))).toEqual({ a: 'one', 'b/c': 'two' });
    const third = (await newRepository()).folder;
    rmSync(join(root, '.dvc', 'cache'), { recursive: true });
    expect(await data(third, 'get', root, 'more')).toMatchObject({ exit: 0 });
    expect(readFiles(join(third, 'more'))).toEqual({ d: 'three' });
    writeFiles(outside, { 'more/d': 'other' });
    expect(await data(third, 'get', root, 'more', '--out', 'x')).toMatchObject({
      exit: 3,
      code: 'E_DATA_IMPORT_CHANGED',
    });
  });

  test('is no path of this machine where the repository is from elsewhere', async () => {
    const { folder } = await between();
    for (const path of ['rows', 'more']) {
      const refused = await data(root, 'get', `file://${folder}`, path);
      expect(refused).toMatchObject({ exit: 2, code: 'E_DATA_SOURCE' });
    }
    expect(Object.keys(readFiles(root)).filter((path) => !path.startsWith('.git/'))).toEqual(['.dvc/config']);
  });

  test.each([
    ['an address of a file', (folder: string) => `- path: file://${folder}/private`],
    ['a remote that is a folder', () => '- path: remote://mine/private'],
    ['a repository by its address', (folder: string) => `- path: README.md\n  repo:\n    url: file://${folder}`],
  ])('nor %s', async (_what, dependency) => {
    const victim = (await newRepository({ 'README.md': 'mine', private: 'mine' })).folder;
    const git = await newRepository();
    await commitAll(
      git,
      {
        '.dvc/config': `['remote "mine"']\n    url = ${victim}\n`,
        'x.dvc': `frozen: true\ndeps:\n${dependency(victim)}\nouts:\n- path: x\n`,
      },
      'hostile',
    );
    const refused = await data(root, 'get', `file://${git.folder}`, 'x');
    expect(refused).toMatchObject({ exit: 2, code: 'E_DATA_SOURCE' });
    expect(readFiles(root)).not.toHaveProperty('x');
    // Whoever names a folder of this machine means what its pointers name here.
    expect(await data(root, 'get', git.folder, 'x')).toMatchObject({ exit: 0 });
  });
});

describe('ls', () => {
  test('draws a tree, down to a level, with sizes and digests', async () => {
    const { from } = await sourceRepository();
    const way = ['--remote', 'second'];
    expect(await shown(root, 'ls', from, '--tree', ...way)).toBe(
      [
        '  .',
        '  ├── .gitignore',
        '  ├── data',
        '  │   ├── a',
        '  │   └── deep',
        '  │       ├── b',
        '  │       └── er',
        '  │           └── c',
        '  ├── data.dvc',
        '  └── read.me',
      ].join('\n'),
    );
    const levels = await data(root, 'ls', from, 'data', '--tree', '--level', '2', ...way);
    const entry = ({ path, kind }: { path: string; kind: string }) => [path, kind];
    expect(levels.entries.map(entry)).toEqual([
      ['data/a', 'file'],
      ['data/deep', 'directory'],
      ['data/deep/b', 'file'],
      ['data/deep/er', 'directory'],
    ]);
    const flat = await data(root, 'ls', from, 'data', '-R', '-L', '2', ...way);
    expect(flat.entries.map(entry)).toEqual([
      ['data/a', 'file'],
      ['data/deep/b', 'file'],
      ['data/deep/er', 'directory'],
    ]);
    // Of a folder that is not opened no listing is brought.
    expect((await data(root, 'ls', from, '-R', '-L', '1')).entries.map(entry)).toContainEqual(['data', 'directory']);
    const sized = (await data(root, 'ls', from, '--size')).entries;
    expect(sized).toContainEqual({ path: 'read.me', kind: 'file', tracked: false, size: 4 });
    expect(await shown(root, 'ls', from, '--show-hash')).toMatch(/data\/ +data +11 bytes +[0-9a-f]{32}\.dir/);
    expect(await data(root, 'ls', from, '-L', '2')).toMatchObject({ exit: 2, code: 'E_DATA_OPTION' });
  });

  test('keeps a tree in its lines whatever the names are', async () => {
    const git = await newRepository();
    await commitAll(git, { 'a\nb/c': 'x', 'a\u001b[2J': 'y' }, 'names');
    const tree = await shown(root, 'ls', git.folder, '-T');
    expect(tree.split('\n')).toHaveLength(4);
    expect(tree).not.toContain('\u001b');
  });
});

describe('du', () => {
  test('adds up what a repository holds, in git and by pointers', async () => {
    const { from, commit } = await sourceRepository();
    const usage = await data(root, 'du', from);
    expect(usage.outputs).toEqual([
      { path: '.gitignore', size: 6, files: 1 },
      { path: 'data', size: 11, files: 3 },
      { path: 'read.me', size: 4, files: 1 },
    ]);
    expect(usage).toMatchObject({ size: 21 });
    expect(usage).not.toHaveProperty('cache');
    expect(await data(root, 'du', from, '--summarize')).toMatchObject({ outputs: [{ path: '.', size: 21, files: 5 }] });
    expect(await data(root, 'du', from, 'read.me', '--rev', commit)).toMatchObject({ size: 4 });
    // Its listing is on the remote, the sizes of its files nowhere.
    const inside = await data(root, 'du', from, 'data/deep', '--remote', 'second');
    expect(inside).toMatchObject({ size: 0, unsized: 2, outputs: [{ path: 'data/deep/b' }, { path: 'data/deep/er' }] });
    expect(await data(from, 'pull', '--remote', 'second')).toMatchObject({ exit: 0 });
    expect(await data(root, 'du', from, 'data/deep')).toMatchObject({ size: 8 });
    expect(await data(from, 'du', '.', 'data')).toMatchObject({
      outputs: [
        { path: 'data/a', size: 3 },
        { path: 'data/deep', size: 8 },
      ],
    });
    expect(await data(root, 'du', from, 'nowhere')).toMatchObject({ exit: 2, code: 'E_DATA_NOT_TRACKED' });
  });

  test('of targets here is as before, and options of repositories mean nothing to it', async () => {
    writeFiles(root, ONE);
    await data(root, 'add', 'data');
    expect(await data(root, 'du', 'data')).toMatchObject({ outputs: [{ path: 'data', size: 11, files: 3 }] });
    expect(await data(root, 'du', '-s')).toMatchObject({ outputs: [{ path: '.', size: 11, files: 3 }], size: 11 });
    for (const option of [
      ['--rev', 'HEAD'],
      ['--remote', 'r'],
      ['--config', 'c'],
      ['--remote-config', 'url=x'],
    ]) {
      expect(await data(root, 'du', 'data', ...option)).toMatchObject({ code: 'E_DATA_OPTION' });
    }
    expect(await data(root, 'du', root, 'a', 'b')).toMatchObject({ exit: 2, code: 'E_DATA_OPTIONS' });
  });
});

describe('get --show-url', () => {
  test('says where the data lie, and lets nobody in', async () => {
    const { from, first, second } = await sourceRepository();
    const { url } = await data(root, 'get', from, 'data', '--show-url');
    expect(url).toMatch(/\/files\/md5\/[0-9a-f]{2}\/[0-9a-f]{30}\.dir$/);
    expect(relative(first, url)).not.toMatch(/^\.\./);
    const file = await data(root, 'get', from, 'data/deep/b', '--show-url', '--remote', 'second');
    expect(file).toEqual({
      ...{ exit: 0, schema: 'assay/data-url/1', path: 'data/deep/b' },
      url: join(second, 'files', 'md5', 'b8', 'a9f715dbb64fd5c56e7783c6820a61'),
    });
    expect(await shown(root, 'get', from, 'data/deep/b', '--show-url', '--remote', 'second')).toBe(file.url);
    const secret = ['--remote-config', 'url=https://user:pass@host/store?sig=x'];
    const plain = (await data(root, 'get', from, 'data', '--show-url', ...secret)).url;
    expect(plain).toMatch(/^https:\/\/host\/store\/files\/md5\//);
    expect(await data(root, 'get', from, 'read.me', '--show-url')).toMatchObject({
      exit: 2,
      code: 'E_DATA_NOT_TRACKED',
      message: expect.stringContaining('kept by git alone'),
    });
    expect(await data(root, 'get', from, 'nowhere', '--show-url')).toMatchObject({
      exit: 2,
      code: 'E_DATA_NOT_TRACKED',
      message: expect.stringContaining('there is no "nowhere"'),
    });
    expect(readFiles(root)).not.toHaveProperty('data');
  });
});

describe('options of imports', () => {
  const at = 's3://bucket/rows';
  test.each([
    ['a secret in a pointer', ['import-url', at, '--fs-config', 'session_token=x'], 'E_DATA_SECRET'],
    ['a secret in an option', ['import-url', at, '--fs-config', 'endpointurl=https://u:p@h'], 'E_DATA_SECRET'],
    ['a signed address', ['import-url', 'https://h/k?X-Amz-Signature=x&y=1'], 'E_DATA_SECRET'],
    ['an address with a token', ['import-url', 'https://h/k?y=1&token=x'], 'E_DATA_SECRET'],
    ['versions to a remote', ['import-url', at, '--version-aware', '--to-remote'], 'E_DATA_OPTIONS'],
    ['a version to a remote', ['import-url', `${at}?versionId=1`, '--to-remote'], 'E_DATA_OPTIONS'],
    ['versions of a path here', ['import-url', '../rows', '--version-aware'], 'E_DATA_OPTION'],
    ['options of a path here', ['import-url', '../rows', '--fs-config', 'region=x'], 'E_DATA_OPTION'],
    ['a remote that nothing goes to', ['import-url', at, '--remote', 'r'], 'E_DATA_OPTION'],
    ['nothing and digests', ['import-url', at, '--no-exec', '--no-download'], 'E_DATA_OPTIONS'],
    ['an update that goes nowhere', ['update', 'x', '--to-remote', '--no-download'], 'E_DATA_OPTIONS'],
    ['an update of a remote', ['update', 'x', '--remote', 'r'], 'E_DATA_OPTION'],
    ['a database', ['import-db', '--conn', 'pg', '--sql', 'select 1'], 'E_DATA_DATABASE'],
  ])('are refused before anything is made: %s', async (_name, args, code) => {
    const before = readFiles(root);
    expect(await data(root, ...args)).toMatchObject({ exit: 2, code });
    expect(readFiles(root)).toEqual(before);
  });

  test('name and value have to be there', async () => {
    for (const wrong of ['region', '=x', 'region=']) {
      expect((await assay(root, ['data', 'import-url', at, '--fs-config', wrong])).code).toBe(2);
    }
  });

  test('a repository import is updated without its data, and pull brings them', async () => {
    const git = await newRepository();
    await commitAll(git, { 'rows/a': 'one' }, 'first');
    await data(root, 'import', git.folder, 'rows');
    expect(await data(root, 'update', '--no-download', 'rows')).toMatchObject({ updated: [{ state: 'unchanged' }] });
    const commit = await commitAll(git, { 'rows/a': 'two' }, 'second');
    expect(await data(root, 'update', '--to-remote', 'rows')).toMatchObject({ exit: 2, code: 'E_DATA_OPTION' });
    const updated = await data(root, 'update', '--no-download', 'rows');
    expect(updated).toMatchObject({ exit: 0, updated: [{ path: 'rows', pointer: 'rows.dvc', state: 'changed' }] });
    expect(updated.updated[0]).not.toHaveProperty('md5');
    const pointer = readFileSync(join(root, 'rows.dvc'), 'utf8');
    expect(pointer).toContain(`rev_lock: ${commit}\nouts:\n- hash: md5\n  path: rows\n`);
    expect(readFiles(join(root, 'rows'))).toEqual({ a: 'one' });
    expect(await data(root, 'pull', '--force')).toMatchObject({ exit: 0, written: ['rows.dvc'] });
    expect(readFiles(join(root, 'rows'))).toEqual({ a: 'two' });
    // Another name of the same commit is what later updates go by.
    await git.run(['tag', 'v2']);
    expect(await data(root, 'update', '--no-download', '--rev', 'v2', 'rows')).toMatchObject({ exit: 0 });
    expect(readFileSync(join(root, 'rows.dvc'), 'utf8')).toContain(`rev_lock: ${commit}\n    rev: v2\n`);
  });

  test('an import of another commit is brought, and the pointer of this one left', async () => {
    const git = await newRepository();
    await commitAll(git, { 'rows/a': 'one' }, 'first');
    writeFiles(root, { '.gitignore': '' });
    await data(root, 'import', git.folder, 'rows', '--no-download');
    const own = openGit(root);
    await own.run(['add', '--all']);
    await own.run(['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--quiet', '--message', 'open']);
    rmSync(join(root, 'rows.dvc'));
    mkdirSync(join(root, 'rows'));
    writeFileSync(join(root, 'rows', 'a'), 'mine');
    await data(root, 'add', 'rows');
    const before = readFileSync(join(root, 'rows.dvc'), 'utf8');
    expect(await data(root, 'fetch', '--all-commits')).toMatchObject({ exit: 0, transferred: 1 });
    expect(readFileSync(join(root, 'rows.dvc'), 'utf8')).toBe(before);
  });
});
