import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import {
  DataAddOutput,
  DataCheckoutOutput,
  DataPullOutput,
  DataStatusOutput,
  DataTransferOutput,
} from '../../../lib/commands/data/data-outputs.ts';
import { renderPointer } from '../../../lib/pointers/formats/pointer-file.ts';
import { md5 } from '../../../lib/pointers/md5.ts';
import { assay } from '../../cli/command-line.ts';
import { newRepository } from '../../git/repository.ts';
import { modeOf, readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';

const FILES = {
  'data/a': 'one',
  'data/b/c': 'two',
  'data/b/empty': '',
  'data/é 😀.txt': 'three',
  'model.bin': 'weights',
};

/** A repository with two outputs that were added, and a remote in a folder. */
async function added() {
  const git = await newRepository({ 'README.md': 'data' });
  const root = git.folder;
  writeFiles(root, FILES);
  const run = async <T extends z.ZodType>(schema: T, ...args: string[]): Promise<z.output<T>> => {
    const shown = await assay(root, ['data', ...args, '--json']);
    const document: unknown = JSON.parse(shown.out);
    const parsed = schema.safeParse(document);
    if (!parsed.success) throw new Error(`assay data ${args.join(' ')}: ${shown.out}`);
    return parsed.data;
  };
  const document = await run(DataAddOutput, 'add', 'data', 'model.bin');
  const remote = join(root, '..', `${root.split('/').at(-1)}-remote`);
  writeFileSync(join(root, '.dvc', 'config'), `['remote "team"']\n    url = ${remote}\n[core]\n    remote = team\n`);
  const states = async (...args: string[]) =>
    (await run(DataStatusOutput, 'status', ...args)).outputs.map(({ state }) => state);
  return { root, git, run, document, remote, states, cache: join(root, '.dvc', 'cache') };
}

const error = async (root: string, ...args: string[]) => {
  const { out, code } = await assay(root, ['data', ...args, '--json']);
  return { ...Object(JSON.parse(out)), exit: code };
};

describe('add', () => {
  test("writes DVC's pointers and keeps the data out of git", async () => {
    const { root, git, document } = await added();
    expect(document.added).toMatchObject([
      { path: 'data', pointer: 'data.dvc', files: 4, size: 11, state: 'new' },
      { path: 'model.bin', pointer: 'model.bin.dvc', files: 1, size: 7, state: 'new', md5: md5('weights') },
    ]);
    // Without DVC's own files in git nobody would find the data.
    const begun = ['.dvc/.gitignore', '.dvc/config', '.dvcignore'];
    expect(document.written).toEqual([...begun, '.gitignore', 'data.dvc', 'model.bin.dvc']);
    const pointer = renderPointer({ path: 'model.bin', md5: md5('weights'), size: 7, isexec: false });
    expect(readFileSync(join(root, 'model.bin.dvc'), 'utf8')).toBe(pointer);
    expect(await git.text(['status', '--porcelain', '--untracked-files=all'])).not.toMatch(/model\.bin$|data\/a/m);
  });

  test('changes the pointer of changed data alone, and says when nothing changed', async () => {
    const { root, run } = await added();
    writeFiles(root, { 'data/a': 'changed' });
    const { added: again, written } = await run(DataAddOutput, 'add', 'data', 'model.bin');
    expect(again.map(({ state }) => state)).toEqual(['changed', 'unchanged']);
    expect(written).toEqual(['data.dvc']);
  });

  test('takes one file of a tracked folder and leaves the others as they were committed', async () => {
    const { root, run, states } = await added();
    writeFiles(root, { 'data/new': 'new', 'data/a': 'changed' });
    const { added: part } = await run(DataAddOutput, 'add', 'data/new');
    expect(part).toMatchObject([{ path: 'data', files: 5, size: 14, state: 'changed' }]);
    const [data] = (await run(DataStatusOutput, 'status', 'data')).outputs;
    expect(data?.changes).toEqual({ added: [], modified: ['a'], deleted: [] });
    expect(await states('model.bin')).toEqual(['unchanged']);
  });

  test.each([
    ['what is not there', 'nothing', 'E_DATA_NOTHING', 2],
    ['a path out of the repository', '../x', 'E_DATA_TARGET_OUTSIDE', 2],
    ['the repository itself', '.', 'E_DATA_NOTHING', 2],
    ['a pointer', 'data.dvc', 'E_DATA_NOTHING', 2],
    ['what git tracks', 'README.md', 'E_DATA_IN_GIT', 2],
    ['what is behind a link', 'link/a', 'E_POINTER_OUTSIDE', 2],
  ])('refuses %s', async (_what, target, code, exit) => {
    const { root } = await added();
    symlinkSync(join(root, 'data'), join(root, 'link'));
    expect(await error(root, 'add', target)).toMatchObject({ code, exit });
  });

  test('without .dvc needs a git repository to make one in', async () => {
    const { root } = await added();
    rmSync(join(root, '.git'), { recursive: true });
    rmSync(join(root, '.dvc'), { recursive: true });
    expect(await error(root, 'add', 'data')).toMatchObject({ exit: 2 });
  });
});

describe('status', () => {
  test.each<[string, (root: string) => void, string[]]>([
    ['nothing', () => {}, ['unchanged', 'unchanged']],
    ['a changed file', (root) => writeFiles(root, { 'model.bin': 'other' }), ['unchanged', 'modified']],
    ['data that has gone', (root) => rmSync(join(root, 'data'), { recursive: true }), ['deleted', 'unchanged']],
    ['a new file in a folder', (root) => writeFiles(root, { 'data/x': '' }), ['modified', 'unchanged']],
    [
      'an emptied cache',
      (root) => rmSync(join(root, '.dvc', 'cache'), { recursive: true }),
      ['not in cache', 'not in cache'],
    ],
    [
      'another file of the same size, time and name',
      (root) => {
        writeFiles(root, { other: 'WEIGHTS' });
        renameSync(join(root, 'other'), join(root, 'model.bin'));
      },
      ['unchanged', 'modified'],
    ],
  ])('tells %s', async (_what, change, expected) => {
    const { root, states } = await added();
    expect(await states()).toEqual(['unchanged', 'unchanged']);
    change(root);
    expect(await states()).toEqual(expected);
  });

  test('--quiet answers by its exit code', async () => {
    const { root } = await added();
    expect(await assay(root, ['data', 'status', '--quiet'])).toMatchObject({ code: 0 });
    writeFiles(root, { 'model.bin': 'other' });
    expect(await assay(root, ['data', 'status', '--quiet'])).toMatchObject({ code: 1 });
  });

  test('of a broken pointer is its error', async () => {
    const { root } = await added();
    writeFileSync(join(root, 'model.bin.dvc'), 'outs: [');
    expect(await error(root, 'status')).toMatchObject({ code: 'E_POINTER_CORRUPT', exit: 2 });
  });
});

describe('checkout', () => {
  test('puts back what was changed and is kept, adds what is missing, removes what is not part of it', async () => {
    const { root, run, states } = await added();
    const before = readFiles(join(root, 'data'));
    writeFiles(root, { 'data/a': 'later', 'data/later': 'later' });
    await run(DataAddOutput, 'add', 'data');
    const later = readFileSync(join(root, 'data.dvc'), 'utf8');
    writeFileSync(join(root, 'data.dvc'), later.replace(/md5: \w+\.dir/, `md5: ${addressOf(before)}`));
    const { outputs } = await run(DataCheckoutOutput, 'checkout');
    expect(outputs[0]).toMatchObject({ path: 'data', state: 'modified', added: 0, modified: 1, deleted: 1 });
    expect(readFiles(join(root, 'data'))).toEqual(before);
    expect((await states())[0]).toBe('unchanged');
  });

  test('never gives up what is nowhere else, unless told to', async () => {
    const { root, run, states } = await added();
    writeFiles(root, { 'data/a': 'mine', 'data/mine': 'mine' });
    const left = await assay(root, ['data', 'checkout', '--json']);
    expect(left.code).toBe(2);
    expect(DataCheckoutOutput.parse(JSON.parse(left.out)).outputs[0]).toMatchObject({ state: 'failed' });
    expect(readFileSync(join(root, 'data', 'a'), 'utf8')).toBe('mine');
    await run(DataCheckoutOutput, 'checkout', '--force');
    expect(existsSync(join(root, 'data', 'mine'))).toBe(false);
    expect(await states()).toEqual(['unchanged', 'unchanged']);
  });

  test('by several at once puts everything in its place, whoever is first', async () => {
    const { root, states } = await added();
    const before = readFiles(join(root, 'data'));
    for (let round = 0; round < 3; round++) {
      rmSync(join(root, 'data'), { recursive: true });
      const done = await Promise.all([1, 2, 3].map(() => assay(root, ['data', 'checkout', '--json'])));
      expect(done.map(({ code }) => code)).toEqual([0, 0, 0]);
      expect(readFiles(join(root, 'data'))).toEqual(before);
    }
    expect(await states()).toEqual(['unchanged', 'unchanged']);
  });

  test('does not write through a link, wherever it leads', async () => {
    const { root } = await added();
    const outside = join(root, 'outside');
    mkdirSync(outside);
    rmSync(join(root, 'data', 'b'), { recursive: true });
    symlinkSync(outside, join(root, 'data', 'b'));
    expect((await assay(root, ['data', 'checkout', '--force'])).code).toBe(2);
    expect(readdirSync(outside)).toEqual([]);
    rmSync(join(root, 'data'), { recursive: true });
    symlinkSync(outside, join(root, 'data'));
    expect((await assay(root, ['data', 'checkout', '--force'])).code).toBe(2);
    expect(readdirSync(outside)).toEqual([]);
  });

  test('finds a damaged object, places nothing of it, and pull repairs', async () => {
    const { root, run, cache, states } = await added();
    await run(DataTransferOutput, 'push');
    const object = join(cache, 'files', 'md5', md5('weights').slice(0, 2), md5('weights').slice(2));
    rmSync(join(root, 'model.bin'));
    writeFileSync(object, 'WEIGHTS', { mode: 0o444 });
    expect(await assay(root, ['data', 'checkout'])).toMatchObject({ code: 3 });
    expect(existsSync(join(root, 'model.bin'))).toBe(false);
    writeFileSync(object, 'WEIGHTS', { mode: 0o444 });
    expect((await run(DataPullOutput, 'pull')).fetched).toBe(1);
    expect(await states()).toEqual(['unchanged', 'unchanged']);
    expect(readFileSync(join(root, 'model.bin'), 'utf8')).toBe('weights');
  });

  test('restores the executable bit of a file', async () => {
    const { root, run } = await added();
    writeFiles(root, { 'run.sh': '#!/bin/sh\n' });
    chmodSync(join(root, 'run.sh'), 0o755);
    await run(DataAddOutput, 'add', 'run.sh');
    chmodSync(join(root, 'run.sh'), 0o644);
    await run(DataCheckoutOutput, 'checkout', 'run.sh');
    expect(modeOf(join(root, 'run.sh')) & 0o111).toBe(0o111);
  });

  test.each(['hardlink', 'symlink'])('--relink makes %ss of copies', async (type) => {
    const { root, run, cache, states } = await added();
    writeFileSync(join(root, '.dvc', 'config'), `[cache]\n    type = ${type}\n`);
    await run(DataCheckoutOutput, 'checkout', '--relink');
    const object = lstatSync(join(cache, 'files', 'md5', md5('weights').slice(0, 2), md5('weights').slice(2)));
    const placed = lstatSync(join(root, 'model.bin'));
    expect(type === 'symlink' ? placed.isSymbolicLink() : placed.ino === object.ino).toBe(true);
    expect(await states()).toEqual(['unchanged', 'unchanged']);
    writeFiles(root, { 'linked.bin': 'linked' });
    await run(DataAddOutput, 'add', 'linked.bin');
    expect(await states('linked.bin')).toEqual(['unchanged']);
    expect(lstatSync(join(root, 'linked.bin')).isSymbolicLink()).toBe(type === 'symlink');
  });
});

describe('push, fetch and pull', () => {
  test('send each content once, listings last, and bring everything back', async () => {
    const { root, run, remote, states } = await added();
    const before = readFiles(join(root, 'data'));
    expect(await run(DataStatusOutput, 'status', '--cloud')).toMatchObject({ clean: false });
    // Four contents and a listing of the folder, and the file; an empty file is a content too.
    expect(await run(DataTransferOutput, 'push')).toMatchObject({ transferred: 6, present: 0, failed: [] });
    expect(await run(DataTransferOutput, 'push')).toMatchObject({ transferred: 0, present: 6 });
    expect(await run(DataStatusOutput, 'status', '--cloud')).toMatchObject({ clean: true, cloud: [] });
    for (const path of ['data', 'model.bin', '.dvc/cache']) rmSync(join(root, path), { recursive: true });
    expect(await run(DataTransferOutput, 'fetch')).toMatchObject({ transferred: 6, failed: [] });
    expect(existsSync(join(root, 'data'))).toBe(false);
    rmSync(remote, { recursive: true });
    // Everything is in the cache: no remote is asked.
    expect(await run(DataPullOutput, 'pull')).toMatchObject({
      fetched: 0,
      outputs: [{ state: 'added' }, { state: 'added' }],
    });
    expect(readFiles(join(root, 'data'))).toEqual(before);
    expect(await states()).toEqual(['unchanged', 'unchanged']);
  });

  test('a part of a folder can be brought alone', async () => {
    const { root, run } = await added();
    await run(DataTransferOutput, 'push');
    for (const path of ['data', '.dvc/cache']) rmSync(join(root, path), { recursive: true });
    await run(DataPullOutput, 'pull', 'data/b');
    expect(readFiles(join(root, 'data'))).toEqual({ 'b/c': 'two', 'b/empty': '' });
  });

  test('a listing is not sent before its files are all there', async () => {
    const { root, run, cache, remote } = await added();
    rmSync(join(cache, 'files', 'md5', md5('two').slice(0, 2), md5('two').slice(2)));
    const shown = await assay(root, ['data', 'push', '--json']);
    expect(shown.code).toBe(3);
    expect(DataTransferOutput.parse(JSON.parse(shown.out)).failed).toMatchObject([{ path: 'data/b/c' }]);
    expect(Object.keys(readFiles(remote)).filter((name) => name.endsWith('.dir'))).toEqual([]);
    // The next push, with the data there again, completes it.
    await run(DataAddOutput, 'add', 'data');
    await run(DataTransferOutput, 'push');
    expect(Object.keys(readFiles(remote)).filter((name) => name.endsWith('.dir'))).toHaveLength(1);
  });

  test('what the remote does not have, or not intact, is told; the rest is brought', async () => {
    const { root, run, remote } = await added();
    await run(DataTransferOutput, 'push');
    for (const path of ['data', 'model.bin', '.dvc/cache']) rmSync(join(root, path), { recursive: true });
    const at = (text: string) => join(remote, 'files', 'md5', md5(text).slice(0, 2), md5(text).slice(2));
    rmSync(at('one'));
    writeFileSync(at('two'), 'TWO', { mode: 0o444 });
    const shown = await assay(root, ['data', 'pull', '--json']);
    expect(shown.code).toBe(3);
    const { failed, outputs } = DataPullOutput.parse(JSON.parse(shown.out));
    expect(failed.map(({ path, code }) => [path, code]).sort()).toEqual([
      ['data/a', 'E_STORE_OBJECT_MISSING'],
      ['data/b/c', 'E_STORE_OBJECT_CORRUPT'],
    ]);
    expect(outputs.map(({ path, state }) => [path, state])).toEqual([
      ['data', 'failed'],
      ['model.bin', 'added'],
    ]);
    expect(existsSync(join(root, 'data'))).toBe(false);
  });

  test.each([
    ['no remote', [], 'E_DATA_NO_REMOTE'],
    ['an unknown one', ['--remote', 'nobody'], 'E_DATA_NO_REMOTE'],
    ['an unknown target', ['nothing'], 'E_OUTPUT_TARGET'],
  ])('with %s are told what to do', async (_what, args, code) => {
    const { root } = await added();
    if (args.length === 0) writeFileSync(join(root, '.dvc', 'config'), '');
    expect(await error(root, 'push', ...args)).toMatchObject({ code, exit: 2 });
  });
});

/** The address of a folder by its files, as Python's json writes the listing. */
function addressOf(files: Readonly<Record<string, string>>): string {
  const escaped = (text: string) =>
    JSON.stringify(text).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const names = Object.keys(files).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const entries = names.map((name) => `{"md5": "${md5(files[name] ?? '')}", "relpath": ${escaped(name)}}`);
  return `${md5(`[${entries.join(', ')}]`)}.dir`;
}

test('a file that has become executable has changed, and is unchanged when it is added again', async () => {
  const { root, run } = await added();
  chmodSync(join(root, 'model.bin'), 0o755);
  const changed = { added: [{ state: 'changed' }], written: ['model.bin.dvc'] };
  expect(await run(DataAddOutput, 'add', 'model.bin')).toMatchObject(changed);
  expect(await run(DataAddOutput, 'add', 'model.bin')).toMatchObject({ added: [{ state: 'unchanged' }], written: [] });
});
