import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { md5 } from '../../../lib/pointers/md5.ts';
import { assay } from '../../cli/command-line.ts';
import { newFolder, newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';

async function data(root: string, verb: string, ...args: string[]) {
  const { out, err, code } = await assay(root, ['data', verb, '--json', ...args]);
  const document = Object(JSON.parse(out));
  // A verb that did a part of its work says of each part what went wrong.
  const parts = [...(document.failed ?? []), ...(document.outputs ?? [])];
  return { exit: code, code: parts.find((part) => part.code)?.code, shown: out + err, ...document };
}

/** A repository with a remote in a folder beside it. */
async function repository() {
  const { folder: root } = await newRepository();
  const remote = join(await newFolder(), 'remote');
  mkdirSync(join(root, '.dvc'));
  writeFileSync(join(root, '.dvc', 'config'), `[core]\n    remote = r\n['remote "r"']\n    url = ${remote}\n`);
  const objectAt = (address: string, where = remote) =>
    join(where, 'files', 'md5', address.slice(0, 2), address.slice(2));
  return { root, remote, cache: join(root, '.dvc', 'cache'), objectAt };
}

/** Puts bytes where an object is, as a broken disk or a foreign tool would. */
function overwrite(path: string, bytes: string): void {
  rmSync(path, { force: true });
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, bytes, { mode: 0o444 });
}

function empty(...paths: string[]): void {
  for (const path of paths) rmSync(path, { recursive: true, force: true });
}

/** A name that nothing else makes. */
const ESCAPE = 'assay-escape-of-a-pointer';

const NAMES = ['-rf', 'q"uo\'te', '$(touch x)', '`id`', '\u00e9', 'e\u0301', 'Case', 'case', ' space ', 'con', '*?[x]'];

test('names that mean something elsewhere come back as they were', async () => {
  const { root, cache } = await repository();
  const files = Object.fromEntries(
    [...NAMES, '...', '~', '#x', '!x', '%41', 'a&b', 'x'.repeat(255)].map((name) => [name, `${name} here`]),
  );
  writeFiles(join(root, 'd'), files);
  expect(await data(root, 'add', 'd')).toMatchObject({ exit: 0 });
  expect(await data(root, 'push')).toMatchObject({ exit: 0, failed: [] });
  empty(join(root, 'd'), cache);
  expect(await data(root, 'pull')).toMatchObject({ exit: 0 });
  expect(readFiles(join(root, 'd'))).toEqual(files);
  expect(await data(root, 'status')).toMatchObject({ clean: true });
});

test.each([...NAMES, '~', '#x', '!x', '%41', 'a&b'])('a single file %j can be tracked by itself', async (name) => {
  const { root, cache } = await repository();
  writeFiles(root, { [name]: 'bytes' });
  expect(await data(root, 'add', '--', name)).toMatchObject({ exit: 0 });
  empty(join(root, name));
  expect(await data(root, 'checkout')).toMatchObject({ exit: 0 });
  expect(readFiles(cache)).not.toEqual({});
  expect(readFileSync(join(root, name), 'utf8')).toBe('bytes');
});

test('the command that is proposed next takes a name for a name', async () => {
  const { root } = await repository();
  writeFiles(root, { '-rf': 'bytes' });
  const { out } = await assay(root, ['data', 'add', '--', '-rf']);
  expect(out).toContain('git add ./-rf.dvc .gitignore');
});

test.each([
  ['a line break', 'a\nb'],
  ['a name that leaves no room for the pointer', 'n'.repeat(255)],
])('refuses %s, and leaves the file', async (_what, name) => {
  const { root } = await repository();
  writeFiles(root, { [name]: 'bytes' });
  expect(await data(root, 'add', name)).toMatchObject({ exit: 2, code: 'E_DATA_NOTHING' });
  expect(readFileSync(join(root, name), 'utf8')).toBe('bytes');
});

describe('a pointer of a stranger', () => {
  const VERBS: [string, ...string[]][] = [
    ['pull', '--force'],
    ['checkout', '--force'],
    ['fetch'],
    ['push'],
    ['push', '--repair'],
    ['status'],
    ['verify'],
    ['du'],
    ['gc', '-w', '--force'],
    ['diff'],
    ['ls'],
  ];

  test.each([
    `../${ESCAPE}`,
    `/tmp/${ESCAPE}`,
    'C:/x',
    `sub/../../${ESCAPE}`,
    '.git/hooks',
    '.GIT/hooks',
    'git~1/hooks',
    '.dvc/config',
    'a/.git/b',
    '"a\\0b"',
    '..',
    '.',
    '"a\\nb"',
    'a\\b',
  ])('to %s touches nothing, whatever is asked for', async (path) => {
    const { root, objectAt, remote } = await repository();
    const listing = `[{"md5": "${md5('evil')}", "relpath": "a"}]`;
    overwrite(objectAt(md5('evil')), 'evil');
    overwrite(objectAt(`${md5(listing)}.dir`), listing);
    writeFileSync(join(root, 'p.dvc'), `outs:\n- md5: ${md5(listing)}.dir\n  size: 4\n  hash: md5\n  path: ${path}\n`);
    const before = [readFiles(root), readFiles(remote)];
    const verbs = path.includes('..') ? VERBS : VERBS.slice(0, 1);
    for (const verb of verbs) expect(await data(root, ...verb)).toMatchObject({ exit: 2 });
    expect([readFiles(root), readFiles(remote)]).toEqual(before);
    expect([join(root, '..', ESCAPE), join('/tmp', ESCAPE)].filter((place) => existsSync(place))).toEqual([]);
  });

  test.each(['link', 'link/x', 'real/link/x'])('through the link in %s writes nothing outside', async (path) => {
    const { root, objectAt } = await repository();
    const outside = await newFolder();
    writeFiles(outside, { mine: 'mine' });
    mkdirSync(join(root, 'real'));
    symlinkSync(outside, join(root, path.startsWith('real') ? 'real/link' : 'link'));
    const listing = `[{"md5": "${md5('evil')}", "relpath": "a"}]`;
    overwrite(objectAt(md5('evil')), 'evil');
    overwrite(objectAt(`${md5(listing)}.dir`), listing);
    writeFileSync(join(root, 'p.dvc'), `outs:\n- md5: ${md5(listing)}.dir\n  size: 4\n  hash: md5\n  path: ${path}\n`);
    for (const verb of VERBS) await data(root, ...verb);
    expect(await data(root, 'pull', '--force')).toMatchObject({ exit: 2, code: 'E_POINTER_OUTSIDE' });
    expect(readFiles(outside)).toEqual({ mine: 'mine' });
  });

  test.each([
    ['a path that leads out', '[{"md5": "$", "relpath": "../../esc"}]'],
    ['an absolute path', '[{"md5": "$", "relpath": "/tmp/esc"}]'],
    ['a drive', '[{"md5": "$", "relpath": "C:/esc"}]'],
    ['a backslash', '[{"md5": "$", "relpath": "..\\\\esc"}]'],
    ['a hook', '[{"md5": "$", "relpath": ".git/hooks/post-checkout"}]'],
    ['a NUL', '[{"md5": "$", "relpath": "a\\u0000b"}]'],
    ['a file that is a folder too', '[{"md5": "$", "relpath": "a"}, {"md5": "$", "relpath": "a/b"}]'],
    ['a file twice', '[{"md5": "$", "relpath": "a"}, {"md5": "$", "relpath": "a"}]'],
    ['an address that leads out', '[{"md5": "../../../../canary", "relpath": "a"}]'],
    ['no list', '{"md5": "$", "relpath": "a"}'],
    ['deep nesting', '['.repeat(200_000)],
  ])('whose listing has %s is refused by name', async (_what, text) => {
    const { root, objectAt, remote } = await repository();
    const listing = text.replaceAll('$', md5('evil'));
    overwrite(objectAt(md5('evil')), 'evil');
    overwrite(objectAt(`${md5(listing)}.dir`), listing);
    writeFileSync(join(root, 'd.dvc'), `outs:\n- md5: ${md5(listing)}.dir\n  size: 4\n  hash: md5\n  path: d\n`);
    const found = await data(root, 'pull', '--force');
    expect(found).toMatchObject({ exit: 3, code: 'E_DIR_OBJECT_CORRUPT' });
    expect(found.shown).toContain(md5(listing));
    expect(existsSync(join(root, 'd'))).toBe(false);
    expect(Object.keys(readFiles(remote))).toHaveLength(2);
  });

  test('a YAML alias bomb is refused at once', async () => {
    const { root } = await repository();
    const lines = Array.from({ length: 30 }, (_, i) => `a${i}: &a${i} [${i === 0 ? 'x' : `*a${i - 1}, *a${i - 1}`}]`);
    writeFileSync(join(root, 'bomb.dvc'), `${lines.join('\n')}\nouts:\n- path: x\n  md5: ${md5('x')}\n  meta: *a29\n`);
    for (const verb of VERBS) {
      if (verb[0] === 'diff') continue;
      expect(await data(root, ...verb)).toMatchObject({ exit: 2, code: 'E_POINTER_CORRUPT' });
    }
  });
});

describe('damage', () => {
  async function pushed() {
    const place = await repository();
    writeFiles(join(place.root, 'd'), { a: 'one', b: 'two', 'c/large': 'large '.repeat(300_000) });
    await data(place.root, 'add', 'd');
    expect(await data(place.root, 'push')).toMatchObject({ transferred: 4 });
    const listing = readdirSync(join(place.remote, 'files', 'md5'), { recursive: true, encoding: 'utf8' })
      .find((name) => name.endsWith('.dir'))
      ?.replace('/', '');
    return { ...place, listing: listing ?? '' };
  }

  test.each([
    ['a small object', 'one', 'onf'],
    ['a cut large object', 'large '.repeat(300_000), 'large'],
  ])('%s of the remote: pull says which, push --repair replaces it', async (_what, right, wrong) => {
    const { root, cache, objectAt } = await pushed();
    overwrite(objectAt(md5(right)), wrong);
    const kept = join(await newFolder(), 'cache');
    cpSync(cache, kept, { recursive: true });
    empty(join(root, 'd'), cache);
    const found = await data(root, 'pull');
    expect(found).toMatchObject({ exit: 3, code: 'E_STORE_OBJECT_CORRUPT' });
    expect(found.shown).toContain(md5(right).slice(2));
    expect(existsSync(join(root, 'd'))).toBe(false);
    // Without an intact copy there is nothing to replace it with.
    expect(await data(root, 'push', '--repair')).toMatchObject({
      exit: 3,
      failed: [{ code: 'E_STORE_OBJECT_CORRUPT' }],
    });
    cpSync(kept, cache, { recursive: true });
    expect(await data(root, 'push', '--repair')).toMatchObject({ exit: 0, failed: [] });
    expect(readFileSync(objectAt(md5(right)), 'utf8')).toBe(right);
    empty(cache);
    expect(await data(root, 'pull')).toMatchObject({ exit: 0 });
  });

  test('a listing that came before its files: push --repair sends them, and pull says what is missing', async () => {
    const { root, cache, objectAt, listing } = await pushed();
    empty(objectAt(md5('one')), objectAt(md5('two')));
    expect(await data(root, 'push', '--repair')).toMatchObject({ exit: 0, transferred: 3 });
    empty(objectAt(md5('one')), cache, join(root, 'd'));
    expect(await data(root, 'pull')).toMatchObject({ exit: 3, code: 'E_STORE_OBJECT_MISSING' });
    expect(existsSync(join(root, 'd'))).toBe(false);
    expect(existsSync(objectAt(listing))).toBe(true);
  });

  test('a cut listing in the cache is never used: checkout says so, pull brings it anew', async () => {
    const { root, cache, objectAt, listing } = await pushed();
    overwrite(objectAt(listing, cache), '[{"md5": "');
    empty(join(root, 'd'));
    expect(await data(root, 'checkout')).toMatchObject({ exit: 3 });
    expect(existsSync(join(root, 'd'))).toBe(false);
    expect(await data(root, 'pull')).toMatchObject({ exit: 0 });
    expect(await data(root, 'status')).toMatchObject({ clean: true });
  });

  test.each(['copy', 'hardlink', 'symlink', 'reflink,copy'])(
    'objects whose bytes never reached the disk are found before they are used: %s',
    async (type) => {
      const { root, cache, objectAt } = await pushed();
      writeFileSync(
        join(root, '.dvc', 'config'),
        `${readFileSync(join(root, '.dvc', 'config'))}[cache]\n    type = ${type}\n`,
      );
      // What a power cut leaves of a file that was not forced onto the disk: its name and size, without its bytes.
      overwrite(objectAt(md5('one'), cache), '\0\0\0');
      overwrite(objectAt(md5('two'), cache), '');
      empty(join(root, 'd'));
      expect(await data(root, 'checkout')).toMatchObject({ exit: 3, code: 'E_CACHE_CORRUPT' });
      expect(existsSync(join(root, 'd'))).toBe(false);
      expect(await data(root, 'pull')).toMatchObject({ exit: 0 });
      expect(readFileSync(join(root, 'd', 'b'), 'utf8')).toBe('two');
      expect(lstatSync(join(root, 'd', 'a')).isSymbolicLink()).toBe(type === 'symlink');
    },
  );

  test('pull brings anew all that is damaged of an output, at once', async () => {
    const { root, cache } = await repository();
    const files = { a: 'one', b: 'two', 'deep/c': 'three', d: 'x'.repeat(100_000) };
    writeFiles(join(root, 'd'), files);
    await data(root, 'add', 'd');
    await data(root, 'push');
    empty(join(root, 'd'), join(root, '.dvc', 'tmp'));
    for (const path of Object.keys(readFiles(cache))) {
      if (!path.endsWith('.dir')) overwrite(join(cache, path), 'bad');
    }
    expect(await data(root, 'pull')).toMatchObject({ exit: 0, fetched: 4, present: 1, failed: [] });
    expect(readFiles(join(root, 'd'))).toEqual(files);
  });

  test('a file where a folder of the cache belongs is told by its name', async () => {
    const { root, cache } = await repository();
    writeFiles(join(root, 'd'), { a: 'one' });
    await data(root, 'add', 'd');
    empty(join(root, 'd'), join(cache, 'files', 'md5'));
    writeFileSync(join(cache, 'files', 'md5'), '');
    expect(await data(root, 'pull')).toMatchObject({ exit: 3, code: 'E_STORE_READ' });
  });

  test('a damaged object is not sent', async () => {
    const { root, cache, remote, objectAt } = await pushed();
    empty(remote);
    overwrite(objectAt(md5('two'), cache), 'twp');
    expect(await data(root, 'push')).toMatchObject({ exit: 3 });
    expect(Object.keys(readFiles(remote)).filter((path) => path.endsWith('.dir'))).toEqual([]);
    expect(existsSync(objectAt(md5('two')))).toBe(false);
  });
});
