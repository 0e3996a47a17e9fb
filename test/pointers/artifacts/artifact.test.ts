import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ArtifactRecord, folderRecord } from '../../../lib/pointers/artifacts/artifact.ts';
import { describeArtifact } from '../../../lib/pointers/artifacts/describe-artifact.ts';
import { pullArtifact } from '../../../lib/pointers/artifacts/pull-artifact.ts';
import { pushArtifact } from '../../../lib/pointers/artifacts/push-artifact.ts';
import { artifactKey } from '../../../lib/pointers/object-key.ts';
import { ArtifactRecord as RegistryRecord } from '../../../lib/registry/records.ts';
import { createLocalStore } from '../../../lib/stores/folder/local-store.ts';
import type { Store } from '../../../lib/stores/store.ts';

let root: string;
let store: Store;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'assay-artifact-'));
  store = createLocalStore(join(root, 'store'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function files(contents: Record<string, string>, folder = 'model'): Promise<string> {
  for (const [path, text] of Object.entries(contents)) {
    await mkdir(dirname(join(root, folder, path)), { recursive: true });
    await writeFile(join(root, folder, path), text);
  }
  return join(root, folder);
}

/** Every file below a folder with its text, also those whose name begins with a dot. */
async function tree(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    found[path.slice(folder.length + 1)] = await readFile(path, 'utf8');
  }
  return found;
}

describe('describeArtifact', () => {
  test('gives DVC its address of a folder, and the registry its record', async () => {
    const record = await describeArtifact(await files({ foo: 'foo', bar: 'bar' }));
    expect(record).toMatchObject({ path: 'model', size: 6, md5: '5ea40360f5b4ec688df672a4db9c17d1.dir' });
    expect(record.files.map((file) => file.path)).toEqual(['bar', 'foo']);
    expect(RegistryRecord.parse(record)).toEqual(record);
  });

  test('describes one file, under the name that is asked for', async () => {
    const folder = await files({ 'model.bin': 'foo' });
    expect(await describeArtifact(join(folder, 'model.bin'), 'models/late.bin')).toEqual({
      path: 'models/late.bin',
      size: 3,
      md5: 'acbd18db4cc2f85cedef654fccc4a4d8',
      files: [
        {
          path: 'late.bin',
          size: 3,
          md5: 'acbd18db4cc2f85cedef654fccc4a4d8',
          sha256: 'sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
        },
      ],
    });
  });

  test('takes a link for the file it leads to inside the folder', async () => {
    const folder = await files({ 'blobs/1': 'weights' });
    await symlink('blobs/1', join(folder, 'model.bin'));
    expect((await describeArtifact(folder)).files.map((file) => file.path)).toEqual(['blobs/1', 'model.bin']);
  });

  test.each([
    ['out of the folder', '../secret', 'leads out'],
    ['to a folder', 'sub', 'no file'],
    ['to nothing', 'nowhere', 'nothing'],
  ])('refuses a link %s', async (_what, goal, named) => {
    const folder = await files({ 'sub/a': 'a' });
    await writeFile(join(root, 'secret'), 'token');
    await symlink(goal, join(folder, 'link'));
    await expect(describeArtifact(folder)).rejects.toMatchObject({
      code: 'E_ARTIFACT_LINK',
      message: expect.stringContaining(named),
    });
  });

  test.each(['CON.txt', 'a:b', 'q"x', 'a\nb', 'back\\slash', 'dot.', '.git/config'])(
    'refuses the name %j, which not every system can hold',
    async (name) => {
      await expect(describeArtifact(await files({ [name]: 'x' }))).rejects.toMatchObject({ code: 'E_ARTIFACT_PATH' });
    },
  );

  test('an empty or missing folder is an error of its own', async () => {
    await mkdir(join(root, 'empty', 'sub'), { recursive: true });
    await expect(describeArtifact(join(root, 'empty'))).rejects.toMatchObject({ code: 'E_ARTIFACT_EMPTY' });
    await expect(describeArtifact(join(root, 'absent'))).rejects.toMatchObject({ code: 'E_ARTIFACT_MISSING' });
  });
});

describe('pushArtifact and pullArtifact', () => {
  const CONTENT = { 'model.json': '{}', 'weights/a.bin': 'aaaa', 'weights/b.bin': 'aaaa', 'weights/c.bin': '' };

  async function pushed(contents: Record<string, string> = CONTENT): Promise<ArtifactRecord> {
    const folder = await files(contents);
    const record = await describeArtifact(folder);
    await pushArtifact(folder, record, store);
    return record;
  }

  test('there and back, below a root of its own, once for equal bytes', async () => {
    const record = await pushed();
    const keys = await store.list('');
    expect(keys).toHaveLength(4);
    expect(keys.every((key) => key.startsWith('assay/files/md5/'))).toBe(true);
    expect(await pushArtifact(join(root, 'model'), record, store)).toMatchObject({ written: 0, present: 4 });
    expect(await pullArtifact(record, store, join(root, 'new', 'model'))).toBe('pulled');
    expect(await tree(join(root, 'new'))).toEqual(
      Object.fromEntries(Object.entries(CONTENT).map(([path, text]) => [join('model', path), text])),
    );
  });

  test('one file is an artifact too', async () => {
    const folder = await files({ 'model.bin': 'weights' });
    const record = await describeArtifact(join(folder, 'model.bin'));
    await pushArtifact(join(folder, 'model.bin'), record, store);
    await pullArtifact(record, store, join(root, 'copy.bin'));
    expect(await readFile(join(root, 'copy.bin'), 'utf8')).toBe('weights');
    expect(await pullArtifact(record, store, join(root, 'copy.bin'))).toBe('present');
  });

  test('a file that changed since it was described stops the push before the .dir', async () => {
    const folder = await files(CONTENT);
    const record = await describeArtifact(folder);
    await writeFile(join(folder, 'model.json'), '[]');
    await expect(pushArtifact(folder, record, store)).rejects.toMatchObject({ code: 'E_STORE_SOURCE_CHANGED' });
    expect(await store.has(artifactKey(record.md5))).toBe(false);
  });

  test('a flipped bit in the store names the file, and nothing appears', async () => {
    const record = await pushed();
    const object = join(root, 'store', ...artifactKey(record.files[0]?.md5 ?? '').split('/'));
    await chmod(object, 0o644);
    await writeFile(object, '{]');
    await expect(pullArtifact(record, store, join(root, 'new', 'model'))).rejects.toMatchObject({
      code: 'E_ARTIFACT_DIGEST',
      exitCode: 3,
      message: expect.stringContaining('"model.json"'),
    });
    expect(await readdir(join(root, 'new'))).toEqual([]);
  });

  test('the seal is SHA-256: bytes that only have the right MD5 are refused', async () => {
    const record = await pushed();
    const [first, ...rest] = record.files;
    if (first === undefined) throw new Error('no files');
    const other = folderRecord(record.path, [{ ...first, sha256: `sha256:${'0'.repeat(64)}` }, ...rest]);
    await expect(pullArtifact(other, store, join(root, 'new'))).rejects.toMatchObject({ code: 'E_ARTIFACT_DIGEST' });
  });

  test('an object that is gone names its key', async () => {
    const record = await pushed();
    const key = artifactKey(record.files[0]?.md5 ?? '');
    await store.remove([key]);
    await expect(pullArtifact(record, store, join(root, 'new'))).rejects.toMatchObject({
      code: 'E_STORE_OBJECT_MISSING',
      message: expect.stringContaining(key),
    });
  });

  test('what stands at the target is kept, unless it is to be replaced', async () => {
    const record = await pushed();
    const target = await files({ mine: 'mine' }, 'target');
    await expect(pullArtifact(record, store, target)).rejects.toMatchObject({ code: 'E_ARTIFACT_EXISTS' });
    expect(await tree(target)).toEqual({ mine: 'mine' });
    expect(await pullArtifact(record, store, target, { replace: true })).toBe('pulled');
    expect(await tree(target)).toEqual(CONTENT);
    expect(await pullArtifact(record, store, target)).toBe('present');
    expect((await readdir(root)).sort()).toEqual(['model', 'store', 'target']);
  });

  test('a copy with a changed, an added or a missing file is not present', async () => {
    const record = await pushed({ a: '1', b: '2' });
    for (const change of [{ a: 'x' }, { c: '3' }]) {
      await rm(join(root, 'target'), { recursive: true, force: true });
      await pullArtifact(record, store, join(root, 'target'));
      await files(change, 'target');
      await expect(pullArtifact(record, store, join(root, 'target'))).rejects.toMatchObject({
        code: 'E_ARTIFACT_EXISTS',
      });
    }
  });

  test('files in the work tree are copies: writing to them does not harm the store', async () => {
    const record = await pushed({ a: '1' });
    await pullArtifact(record, store, join(root, 'target'));
    await writeFile(join(root, 'target', 'a'), 'changed');
    expect(await pullArtifact(record, store, join(root, 'again'))).toBe('pulled');
  });

  const digests = { md5: 'acbd18db4cc2f85cedef654fccc4a4d8', sha256: `sha256:${'0'.repeat(64)}`, size: 3 };
  test.each(['../escape', '/etc/passwd', 'C:/x', 'a/../../b', 'NUL', '.git/hooks/pre-commit'])(
    'a record whose file is %j is refused before anything is read',
    async (path) => {
      const record = folderRecord('model', [{ path, ...digests }]);
      await expect(pullArtifact(record, store, join(root, 'new'))).rejects.toMatchObject({ code: 'E_ARTIFACT_RECORD' });
    },
  );

  test.each([
    [
      'a twin that differs in case',
      (r: ArtifactRecord) => ({
        ...r,
        files: [...r.files, ...r.files.map((f) => ({ ...f, path: f.path.toUpperCase() }))],
      }),
    ],
    ['another address', (r: ArtifactRecord) => ({ ...r, md5: `${'0'.repeat(32)}.dir` })],
    ['an address that leads out', (r: ArtifactRecord) => ({ ...r, md5: '../../canary' })],
    ['another size', (r: ArtifactRecord) => ({ ...r, size: r.size + 1 })],
    ['no files', (r: ArtifactRecord) => ({ ...r, files: [] })],
    ['a negative size', (r: ArtifactRecord) => ({ ...r, files: r.files.map((f) => ({ ...f, size: -1 })) })],
    ['a file for a folder', (r: ArtifactRecord) => ({ ...r, md5: r.files[0]?.md5 ?? '' })],
  ])('a record with %s is refused', async (_what, change) => {
    const record = change(await pushed({ a: '1', 'b/c': '2' }));
    await expect(pullArtifact(record, store, join(root, 'new'))).rejects.toMatchObject({ code: 'E_ARTIFACT_RECORD' });
    await expect(pushArtifact(join(root, 'model'), record, store)).rejects.toMatchObject({ code: 'E_ARTIFACT_RECORD' });
  });
});
