import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder, newRepository } from '../git/repository.ts';
import { readFiles } from '../pointers/checkout/work-data.ts';
import { type Ended, expectKeptPromises, runVerb, soundObjects, startVerb } from './data-children.ts';

const FILES = 120;

function writeTree(folder: string, version: string): Record<string, string> {
  const files: Record<string, string> = { large: `${version} `.repeat(600_000) };
  for (let i = 0; i < FILES; i++) files[`part-${i % 5}/${i}`] = `${i} of ${i % 4 === 0 ? version : 'all'}\n`.repeat(60);
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return files;
}

/** A repository that has added and pushed its data. */
async function repository(shared?: string, type = 'copy') {
  const { folder: root } = await newRepository();
  const remote = join(await newFolder(), 'remote');
  const cache = shared ?? join(root, '.dvc', 'cache');
  mkdirSync(join(root, '.dvc'));
  const config = `[core]\n    remote = r\n[cache]\n    type = ${type}\n    dir = ${cache}\n['remote "r"']\n    url = ${remote}\n`;
  writeFileSync(join(root, '.dvc', 'config'), config);
  const files = writeTree(join(root, 'data'), 'first');
  expect(await runVerb(root, 'add', 'data')).toEqual(DONE);
  expect(await runVerb(root, 'push')).toEqual(DONE);
  return { root, remote, cache, files, data: join(root, 'data') };
}

const DONE: Ended = { code: 0, error: '' };

/** Both at once: each waits for the other to have loaded before either has done much. */
async function together(...verbs: (readonly [root: string, verb: string, request?: object])[]): Promise<Ended[]> {
  const children = verbs.map(([root, verb, request]) => startVerb(root, verb, request));
  return Promise.all(children.map((child) => child.ended));
}

/** One of two that get into each other's way may say so, by an error of the catalogue, and is right again next time. */
function expectPlain(ended: readonly Ended[]): void {
  for (const { code, error } of ended) {
    if (code !== 0) expect(error).toMatch(/^E_[A-Z_]+ /);
  }
}

test('add and add of one folder, in one repository', async () => {
  const { root, cache, data } = await repository();
  const files = writeTree(data, 'second');
  expectPlain(await together([root, 'add', { targets: ['data'] }], [root, 'add', { targets: ['data'] }]));
  soundObjects(cache);
  expect(await runVerb(root, 'add', 'data')).toEqual(DONE);
  expect(readFiles(data)).toEqual(files);
  expect(await runVerb(root, 'checkout')).toEqual(DONE);
  expect(readFiles(data)).toEqual(files);
});

test.each(['copy', 'hardlink'])('add and checkout from one shared cache (%s)', async (type) => {
  const shared = join(await newFolder(), 'shared');
  const [one, other] = [await repository(shared, type), await repository(shared, type)];
  const files = writeTree(one.data, 'second');
  rmSync(other.data, { recursive: true });
  const ended = await together([one.root, 'add', { targets: ['data'] }], [other.root, 'checkout', {}]);
  expect(ended).toEqual([DONE, DONE]);
  soundObjects(shared);
  expect(readFiles(one.data)).toEqual(files);
  expect(readFiles(other.data)).toEqual(other.files);
});

test('push and push to one remote, which is a folder', async () => {
  const { root, remote } = await repository();
  rmSync(remote, { recursive: true });
  expect(await together([root, 'push'], [root, 'push'])).toEqual([DONE, DONE]);
  const objects = soundObjects(remote);
  expectKeptPromises(objects);
  expect(readdirSync(remote)).toEqual(['files']);
  expect([...objects.keys()].filter((key) => key.endsWith('.dir'))).toHaveLength(1);
});

test('checkout and checkout of one folder that was not there', async () => {
  const { root, data, files } = await repository();
  rmSync(data, { recursive: true });
  expectPlain(await together([root, 'checkout'], [root, 'checkout']));
  expect(readFiles(data)).toEqual(files);
  expect(await runVerb(root, 'checkout')).toEqual(DONE);
});

test('checkout and checkout of one folder that changes', async () => {
  const { root, data, files } = await repository();
  const pointer = join(root, 'data.dvc');
  const first = readFileSync(pointer, 'utf8');
  writeTree(data, 'second');
  expect(await runVerb(root, 'add', 'data')).toEqual(DONE);
  writeFileSync(pointer, first);
  expectPlain(await together([root, 'checkout'], [root, 'checkout']));
  expect(await runVerb(root, 'checkout')).toEqual(DONE);
  expect(readFiles(data)).toEqual(files);
});

test('pull and gc: what the pull brings stays', async () => {
  const { root, cache, data, files } = await repository();
  rmSync(cache, { recursive: true });
  rmSync(data, { recursive: true });
  expectPlain(await together([root, 'pull'], [root, 'gc']));
  expect(await runVerb(root, 'pull')).toEqual(DONE);
  expect(readFiles(data)).toEqual(files);
});
