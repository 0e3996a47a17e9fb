import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { beginRepository, type DvcRepository, TIMEOUT_MS, WITHOUT_DVC } from './dvc-repository.ts';

const FILES: Readonly<Record<string, string>> = {
  'data/a-b': 'x',
  'data/a.b': 'y',
  'data/a/b': 'z',
  'data/a/deep/er/empty': '',
  'data/é 😀.txt': 'ü',
  'data/\uff5e.txt': '~',
  "data/q'uote $(x).txt": 'q',
  'one.bin': 'one',
  'empty.bin': '',
  'run.sh': '#!/bin/sh\n',
};
const TARGETS = ['data', 'one.bin', 'empty.bin', 'run.sh', 'hollow'];

describe.skipIf(WITHOUT_DVC !== undefined)(
  `data verbs beside the real DVC${WITHOUT_DVC === undefined ? '' : `: ${WITHOUT_DVC}`}`,
  () => {
    let base: string;
    let root: string;
    let place: DvcRepository;
    beforeEach(async () => {
      base = await mkdtemp(join(tmpdir(), 'assay-dvc-data-'));
      root = join(base, 'repository');
      place = await beginRepository(base, root);
      await dvc('remote', 'add', '--quiet', '-d', 'team', join(base, 'remote'));
      for (const [path, text] of Object.entries(FILES)) {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), text);
      }
      await chmod(join(root, 'run.sh'), 0o755);
      await mkdir(join(root, 'hollow'));
    }, TIMEOUT_MS);
    afterEach(() => rm(base, { recursive: true, force: true }));

    const dvc = (...args: string[]) => place.dvc(...args);
    const ours = async (...args: string[]): Promise<Record<string, unknown>> => ({ ...(await place.ours(...args)) });

    async function expectFiles(): Promise<void> {
      for (const [path, text] of Object.entries(FILES)) expect(await readFile(join(root, path), 'utf8')).toBe(text);
      expect((await stat(join(root, 'run.sh'))).mode & 0o111).not.toBe(0);
    }
    const empty = async (...paths: string[]) => {
      for (const path of paths) await rm(join(root, path), { recursive: true, force: true });
    };
    const pointers = async () => {
      const names = (await readdir(root)).filter((name) => name.endsWith('.dvc') && name !== '.dvc').sort();
      return Promise.all([...names, '.gitignore'].map((name) => readFile(join(root, name), 'utf8')));
    };

    test('what we add is what DVC adds, and DVC finds nothing to do', { timeout: TIMEOUT_MS }, async () => {
      await ours('add', ...TARGETS);
      const made = await pointers();
      expect(JSON.parse(await dvc('status', '--json'))).toEqual({});
      // New to git, and nothing that differs from it.
      expect(Object.keys(JSON.parse(await dvc('data', 'status', '--json')))).toEqual(['committed']);
      await dvc('add', '--quiet', ...TARGETS);
      expect(await pointers()).toEqual(made);
      await empty(...TARGETS);
      await dvc('checkout', '--quiet');
      await expectFiles();
    });

    test('DVC brings what we pushed, into an empty cache', { timeout: TIMEOUT_MS }, async () => {
      await ours('add', ...TARGETS);
      await ours('push');
      expect(JSON.parse(await dvc('status', '--cloud', '--json'))).toEqual({});
      await empty(...TARGETS, '.dvc/cache');
      await dvc('pull', '--quiet');
      await expectFiles();
      expect(JSON.parse(await dvc('status', '--json'))).toEqual({});
    });

    test('we bring what DVC pushed, and agree with its status', { timeout: TIMEOUT_MS }, async () => {
      await dvc('add', '--quiet', ...TARGETS);
      expect(await ours('status')).toMatchObject({ clean: true });
      await dvc('push', '--quiet');
      expect(await ours('status', '--cloud')).toMatchObject({ clean: true });
      await empty(...TARGETS, '.dvc/cache');
      await ours('pull');
      await expectFiles();
      expect(JSON.parse(await dvc('status', '--json'))).toEqual({});
      await writeFile(join(root, 'one.bin'), 'changed');
      await empty('empty.bin');
      await writeFile(join(root, 'data', 'more'), 'more');
      const theirs = Object.entries<{ 'changed outs': object }[]>(JSON.parse(await dvc('status', '--json')));
      const changed = theirs.flatMap(([, [first]]) => Object.entries(first?.['changed outs'] ?? {}));
      const { outputs } = await ours('status');
      const mine = Array.isArray(outputs) ? outputs.filter(({ state }) => state !== 'unchanged') : [];
      expect(mine.map(({ path, state }) => [path, state]).sort()).toEqual(changed.sort());
    });

    test('entries of DVC 2 are read where DVC 2 left them', { timeout: TIMEOUT_MS }, async () => {
      // MD5 of `a\nb\n`: DVC 2 hashed text with Unix line ends and kept the bytes as they are.
      const md5 = 'dd8c6a395b5dd36c56d23275028f526c';
      await writeFile(join(root, 'old.txt'), 'a\r\nb\r\n');
      await writeFile(join(root, 'old.txt.dvc'), `outs:\n- md5: ${md5}\n  size: 6\n  path: old.txt\n`);
      await mkdir(join(base, 'remote', md5.slice(0, 2)), { recursive: true });
      await writeFile(join(base, 'remote', md5.slice(0, 2), md5.slice(2)), 'a\r\nb\r\n', { mode: 0o444 });
      await empty('old.txt');
      await ours('pull', 'old.txt');
      expect(await readFile(join(root, 'old.txt'), 'utf8')).toBe('a\r\nb\r\n');
      expect(await ours('status', 'old.txt')).toMatchObject({ clean: true });
      expect(JSON.parse(await dvc('status', '--json', 'old.txt'))).toEqual({});
    });
  },
);
