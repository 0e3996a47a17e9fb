import { access, chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { resolvePointer } from '../../../lib/pointers/artifacts/resolve-pointer.ts';
import { renderPointer } from '../../../lib/pointers/formats/pointer-file.ts';
import { type DirEntry, dirAddress, renderDirObject } from '../../../lib/pointers/listings/dir-object.ts';
import { md5 } from '../../../lib/pointers/md5.ts';
import { objectKey, type PointerHash } from '../../../lib/pointers/object-key.ts';
import type { ObjectBucket } from '../../../lib/stores/bucket/object-bucket.ts';
import { createVersionedStore } from '../../../lib/stores/bucket/versioned-store.ts';
import { createLocalStore } from '../../../lib/stores/folder/local-store.ts';
import { createRetry } from '../../../lib/stores/requests/retry.ts';
import type { Store } from '../../../lib/stores/store.ts';
import { memoryBucket } from '../../stores/bucket/memory-bucket.ts';

let base: string;
let root: string;
let store: Store;
let cache: Store;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'assay-resolve-'));
  root = join(base, 'repository');
  await mkdir(join(root, 'data'), { recursive: true });
  store = createLocalStore(join(base, 'store'));
  cache = createLocalStore(join(root, '.dvc', 'cache'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

const ports = () => ({ root, cache, storeFor: () => store });
const pointerPath = () => join(root, 'data', 'rows.dvc');

async function put(to: Store, bytes: string, address = md5(bytes), hash: PointerHash = 'md5'): Promise<string> {
  const expected = { md5: md5(bytes), size: Buffer.byteLength(bytes) };
  await to.write([{ key: objectKey(address, hash), expected, source: { bytes: Buffer.from(bytes) } }]);
  return address;
}

async function putFolder(files: Record<string, string>): Promise<string> {
  const entries: DirEntry[] = [];
  for (const [relpath, text] of Object.entries(files)) entries.push({ relpath, md5: await put(store, text) });
  const listing = renderDirObject(entries);
  return put(store, listing, dirAddress(listing));
}

const point = (address: string, path = 'rows', isexec = false) =>
  writeFile(pointerPath(), renderPointer({ md5: address, isexec, path }));

test('brings a file, and finds it there the next time', async () => {
  await point(await put(store, 'a,b\n'));
  expect(await resolvePointer(pointerPath(), ports())).toEqual([
    { path: join(root, 'data', 'rows'), state: 'brought' },
  ]);
  expect(await readFile(join(root, 'data', 'rows'), 'utf8')).toBe('a,b\n');
  expect(await resolvePointer(pointerPath(), ports())).toMatchObject([{ state: 'present' }]);
});

test('brings a folder, also an empty one', async () => {
  await point(await putFolder({ 'a.csv': 'a', 'sub/b.csv': 'b' }));
  await resolvePointer(pointerPath(), ports());
  expect(await readFile(join(root, 'data', 'rows', 'sub', 'b.csv'), 'utf8')).toBe('b');
  expect(await resolvePointer(pointerPath(), ports())).toMatchObject([{ state: 'present' }]);
  await rm(join(root, 'data', 'rows'), { recursive: true });
  await point(await putFolder({}));
  await resolvePointer(pointerPath(), ports());
  expect(await readdir(join(root, 'data', 'rows'))).toEqual([]);
  expect(await resolvePointer(pointerPath(), ports())).toMatchObject([{ state: 'present' }]);
});

test('an executable file can be executed', async () => {
  await point(await put(store, '#!/bin/sh\n'), 'rows', true);
  await resolvePointer(pointerPath(), ports());
  expect((await stat(join(root, 'data', 'rows'))).mode & 0o100).toBe(0o100);
});

test('the cache is asked first; what is damaged there comes from the store', async () => {
  const address = await put(cache, 'rows');
  await point(address);
  await resolvePointer(pointerPath(), { root, cache, storeFor: () => undefined });
  await rm(join(root, 'data', 'rows'));
  const object = join(root, '.dvc', 'cache', ...objectKey(address).split('/'));
  await chmod(object, 0o644);
  await writeFile(object, 'rots');
  await expect(resolvePointer(pointerPath(), { root, cache, storeFor: () => undefined })).rejects.toMatchObject({
    code: 'E_STORE_OBJECT_CORRUPT',
  });
  expect(await readdir(join(root, 'data'))).toEqual(['rows.dvc']);
  await put(store, 'rows');
  await resolvePointer(pointerPath(), ports());
  expect(await readFile(join(root, 'data', 'rows'), 'utf8')).toBe('rows');
});

test('reads pointers of DVC 2 at their own place, with their own hash', async () => {
  const text = 'a\r\nb\r\n';
  const address = md5('a\nb\n');
  await put(store, text, address, 'md5-dos2unix');
  await writeFile(pointerPath(), `outs:\n- md5: ${address}\n  path: rows\n`);
  await resolvePointer(pointerPath(), ports());
  expect(await readFile(join(root, 'data', 'rows'), 'utf8')).toBe(text);
  expect(await resolvePointer(pointerPath(), ports())).toMatchObject([{ state: 'present' }]);
});

test('data that somebody changed is neither used nor overwritten', async () => {
  await point(await put(store, 'rows'));
  await writeFile(join(root, 'data', 'rows'), 'mine');
  await expect(resolvePointer(pointerPath(), ports())).rejects.toMatchObject({ code: 'E_POINTER_CHANGED' });
  expect(await readFile(join(root, 'data', 'rows'), 'utf8')).toBe('mine');
});

test('asks for the remote that the pointer names, and says when there is none', async () => {
  await writeFile(pointerPath(), `outs:\n- md5: ${md5('x')}\n  hash: md5\n  path: rows\n  remote: archive\n`);
  const asked: (string | undefined)[] = [];
  const storeFor = (remote: string | undefined) => {
    asked.push(remote);
    return undefined;
  };
  await expect(resolvePointer(pointerPath(), { root, storeFor })).rejects.toMatchObject({ code: 'E_POINTER_NO_STORE' });
  expect(asked).toEqual(['archive']);
});

test('a folder with one object missing does not appear at all', async () => {
  await point(await putFolder({ a: 'a', b: 'b' }));
  await store.remove([objectKey(md5('b'))]);
  await expect(resolvePointer(pointerPath(), ports())).rejects.toMatchObject({ code: 'E_STORE_OBJECT_MISSING' });
  expect(await readdir(join(root, 'data'))).toEqual(['rows.dvc']);
});

test('a listing that leads out of its folder, which DVC follows, is refused', async () => {
  await put(store, 'evil');
  const listing = renderDirObject([{ relpath: '../../../escaped', md5: md5('evil') }]);
  await point(await put(store, listing, dirAddress(listing)));
  await expect(resolvePointer(pointerPath(), ports())).rejects.toMatchObject({ code: 'E_DIR_OBJECT_CORRUPT' });
  await expect(access(join(base, 'escaped'))).rejects.toThrow();
});

test.each(['../../escaped', '/tmp/escaped-by-assay', '../.git/hooks/post-checkout', '../.dvc/config'])(
  'a pointer to %j is refused',
  async (path) => {
    await point(await put(store, 'evil'), path);
    await expect(resolvePointer(pointerPath(), ports())).rejects.toMatchObject({ code: 'E_POINTER_OUTSIDE' });
  },
);

test('a link in the way, which DVC follows, is refused', async () => {
  await mkdir(join(base, 'outside'));
  await symlink(join(base, 'outside'), join(root, 'data', 'link'));
  await point(await put(store, 'evil'), 'link/rows');
  await expect(resolvePointer(pointerPath(), ports())).rejects.toMatchObject({ code: 'E_POINTER_OUTSIDE' });
  expect(await readdir(join(base, 'outside'))).toEqual([]);
});

test('a link to nothing at the place of the data is no data', async () => {
  await symlink(join(base, 'nowhere'), join(root, 'data', 'rows'));
  await point(await put(store, 'rows'));
  await expect(resolvePointer(pointerPath(), ports())).rejects.toMatchObject({ code: 'E_POINTER_CHANGED' });
});

test('brings what a version-aware remote holds, each file by its version, and nothing that is not as its pointer says', async () => {
  const asked: string[] = [];
  const held = new Map([
    ['data/rows/a.csv v1', 'a'],
    ['data/rows/sub/b.csv v2', 'b'],
    ['data/model v3', 'weights'],
  ]);
  const bucket: ObjectBucket = {
    ...memoryBucket(),
    async get(key, range, version) {
      asked.push(`${key} ${version}`);
      const bytes = Buffer.from(held.get(`${key} ${version}`) ?? '');
      const body = async function* () {
        yield bytes.subarray(range?.start ?? 0);
      };
      return { total: bytes.length, tag: undefined, bytes: body() };
    },
  };
  const versions = createVersionedStore(bucket, { retry: createRetry({ sleep: async () => {} }), jobs: 2 });
  const versioned = {
    ...ports(),
    storeFor: () => undefined,
    versionsFor: () => ({ store: versions, owns: () => true }),
  };
  const cloud = (version: string, indent: string) =>
    `${indent}cloud:\n${indent}  team:\n${indent}    version_id: ${version}\n`;
  const file = (relpath: string, text: string, version: string) =>
    `  - relpath: ${relpath}\n    md5: ${md5(text)}\n    size: ${text.length}\n${cloud(version, '    ')}`;
  const files = `${file('a.csv', 'a', 'v1')}${file('sub/b.csv', 'b', 'v2')}`;
  await writeFile(pointerPath(), `outs:\n- hash: md5\n  path: rows\n  files:\n${files}`);
  expect(await resolvePointer(pointerPath(), versioned)).toMatchObject([{ state: 'brought' }]);
  expect(await readFile(join(root, 'data', 'rows', 'sub', 'b.csv'), 'utf8')).toBe('b');
  expect(await resolvePointer(pointerPath(), versioned)).toMatchObject([{ state: 'present' }]);
  expect(asked.sort()).toEqual(['data/rows/a.csv v1', 'data/rows/sub/b.csv v2']);
  // A project in a folder of the repository, whose top is where the remote's paths start.
  await rm(join(root, 'data', 'rows'), { recursive: true });
  const inFolder = { ...versioned, root: join(root, 'data'), top: root };
  expect(await resolvePointer(pointerPath(), inFolder)).toMatchObject([{ state: 'brought' }]);

  const model = `outs:\n- md5: ${md5('weights')}\n  size: 7\n  hash: md5\n  path: model\n${cloud('v3', '  ')}`;
  await writeFile(pointerPath(), model);
  await resolvePointer(pointerPath(), versioned);
  expect(await readFile(join(root, 'data', 'model'), 'utf8')).toBe('weights');
  await rm(join(root, 'data', 'model'));
  held.set('data/model v3', 'wEights');
  await expect(resolvePointer(pointerPath(), versioned)).rejects.toMatchObject({ code: 'E_STORE_OBJECT_CORRUPT' });
  expect(await readdir(join(root, 'data'))).toEqual(['rows', 'rows.dvc']);
});
