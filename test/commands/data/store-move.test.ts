import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StoreMoveOutput } from '../../../lib/commands/data/data-outputs.ts';
import { assay } from '../../cli/command-line.ts';
import { newFolder, newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';

async function run(root: string, ...args: string[]) {
  const { out, code } = await assay(root, [...args, '--json']);
  return { exit: code, ...Object(JSON.parse(out)) };
}

/** A repository whose data is on the remote `old`. */
async function stored() {
  const { folder: root } = await newRepository();
  const base = await newFolder();
  const [old, next] = [join(base, 'old'), join(base, 'new')];
  const config = `['remote "old"']\n    url = ${old}\n['remote "new"']\n    url = ${next}\n[core]\n    remote = old\n`;
  writeFiles(root, { 'data/a': 'one', 'data/b': 'two', '.dvc/config': config });
  await run(root, 'data', 'add', 'data');
  await run(root, 'data', 'push');
  return { root, old, next, config };
}

test("moves everything to a remote by its name, and the data is found there once it is the project's", async () => {
  const { root, old, next, config } = await stored();
  const before = readFiles(old);
  const { exit, ...moved } = await run(root, 'store', 'move', 'new');
  expect(exit).toBe(0);
  expect(StoreMoveOutput.parse(moved)).toMatchObject({
    ...{ from: old, to: next, copied: 3, present: 0, unaddressed: [] },
    copiedBytes: Object.values(before).join('').length,
  });
  expect(readFiles(next)).toEqual(before);
  expect(readFiles(old)).toEqual(before);
  expect(await run(root, 'store', 'move', next)).toMatchObject({ copied: 0, present: 3 });
  writeFileSync(join(root, '.dvc', 'config'), config.replace('remote = old', 'remote = new'));
  for (const path of ['data', '.dvc/cache']) rmSync(join(root, path), { recursive: true });
  rmSync(old, { recursive: true });
  expect(await run(root, 'data', 'pull')).toMatchObject({ exit: 0, fetched: 3 });
});

/** Of `dvc push --run-cache`, by DVC 3.67.1. */
const RUN = {
  path: 'c3/c37c97d0befe52fc941c847ed09006a34eb1fd1c74385cde187d4e92a32fc6bd/6a324f8e0e6f69ddfd848241c7ca7837544482226ff350b4f0fa8213adeb2f76',
  text: 'cmd: wc -c big.bin > out.txt\ndeps:\n- path: big.bin\n  hash: md5\n  md5: e345734780e76e4b3a2e2b68c5ceb71c\n  size: 9000000\nouts:\n- path: out.txt\n  hash: md5\n  md5: d26c373175897758f6d80fc28762a321\n  size: 16\n',
};

test("brings DVC's run cache along, held against its names, and says where it cannot stay", async () => {
  const { root, old, next } = await stored();
  const damaged = `${RUN.path.slice(0, -1)}0`;
  writeFiles(old, { [`runs/${RUN.path}`]: RUN.text, [`runs/${damaged}`]: RUN.text, notes: 'mine' });
  const refused = [{ path: damaged, reason: expect.stringContaining(RUN.path.slice(-64)) }];
  const moved = { copied: 3, present: 0, unaddressed: ['notes'] };
  const runs = { transferred: 1, present: 0, refused, differing: [] };
  expect(await run(root, 'store', 'move', next)).toMatchObject({ exit: 0, ...moved, runs });
  expect(readFiles(join(next, 'runs'))).toEqual({ [RUN.path]: RUN.text });
  expect(await run(root, 'store', 'move', next)).toMatchObject({ copied: 0, runs: { transferred: 0, present: 1 } });
  const upstream = await newFolder();
  const git = await newRepository();
  await git.run(['init', '--quiet', '--bare', upstream]);
  await git.run(['-C', root, 'remote', 'add', 'origin', upstream]);
  const { out, err } = await assay(root, ['store', 'move', 'ref', '--json']);
  expect(err).toMatch(/run cache is left out: .*own ref/);
  const document = StoreMoveOutput.parse(JSON.parse(out));
  expect(document.unaddressed).toEqual(['notes', `runs/${RUN.path}`, `runs/${damaged}`].sort());
  expect(document.runs).toBeUndefined();
});

test('moves into a folder of the store itself, once', async () => {
  const { root, old } = await stored();
  const before = readFiles(old);
  const inside = join(old, 'deeper', 'dvc');
  for (const copied of [3, 0]) expect(await run(root, 'store', 'move', inside)).toMatchObject({ exit: 0, copied });
  expect(readFiles(inside)).toEqual(before);
});

test('moves from the repository’s own ref where nothing else was ever set', async () => {
  const { root, old } = await stored();
  const upstream = await newFolder();
  const git = await newRepository();
  await git.run(['init', '--quiet', '--bare', upstream]);
  await git.run(['-C', root, 'remote', 'add', 'origin', upstream]);
  expect(await run(root, 'store', 'move', 'ref')).toMatchObject({ exit: 0, from: old, to: 'ref' });
  const ref = await git.text(['-C', upstream, 'rev-list', '--count', 'refs/assay/store']);
  expect(ref).toBe('1');
  writeFileSync(join(root, '.dvc', 'config'), '');
  const next = join(await newFolder(), 'bucket');
  expect(await run(root, 'store', 'move', next)).toMatchObject({ exit: 0, copied: 3, to: next });
  expect(readFiles(next)).toEqual(readFiles(old));
});

test('warns of a store with nothing in it: its name may be mistyped', async () => {
  const { root, next } = await stored();
  const { err, code } = await assay(root, ['store', 'move', next, '--from', join(root, 'odl')]);
  expect({ err, code }).toEqual({ err: expect.stringMatching(/warning: nothing is in .*odl: .*--from/), code: 0 });
  expect((await assay(root, ['store', 'move', next])).err).toBe('');
});

test('refuses to move to where it is, and brings no damaged object', async () => {
  const { root, old, next } = await stored();
  expect(await run(root, 'store', 'move', 'old')).toMatchObject({ exit: 2, code: 'E_STORE_SAME' });
  const [key = ''] = Object.keys(readFiles(old)).filter((name) => !name.endsWith('.dir'));
  rmSync(join(old, key));
  writeFileSync(join(old, key), 'ONE');
  expect(await run(root, 'store', 'move', 'new')).toMatchObject({ exit: 3, code: 'E_STORE_OBJECT_CORRUPT' });
  expect(existsSync(join(next, key))).toBe(false);
});
