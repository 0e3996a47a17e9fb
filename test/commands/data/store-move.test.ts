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
