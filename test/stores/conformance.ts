import { createHash, randomBytes } from 'node:crypto';
import { access, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store, StoreObject } from '../../lib/stores/store.ts';

export interface StoreFixture {
  readonly store: Store;
  /** The same place opened by somebody else. */
  readonly reopen: () => Store;
  readonly close: () => Promise<void>;
}

/** An object of these bytes at DVC's address. */
export function objectOf(bytes: Uint8Array | string, root = ''): StoreObject {
  const buffer = Buffer.from(bytes);
  const md5 = createHash('md5').update(buffer).digest('hex');
  return {
    key: `${root}files/md5/${md5.slice(0, 2)}/${md5.slice(2)}`,
    expected: { md5, sha256: `sha256:${createHash('sha256').update(buffer).digest('hex')}`, size: buffer.byteLength },
    source: { bytes: buffer },
  };
}

/** What every store has to keep (lib/stores/store.ts). */
export function storeConformance(name: string, open: () => Promise<StoreFixture>): void {
  describe(`${name} keeps the contract of a store`, () => {
    let fixture: StoreFixture;
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'assay-store-'));
      fixture = await open();
    });
    afterEach(async () => {
      await fixture.close();
      await rm(folder, { recursive: true, force: true });
    });
    const target = () => join(folder, 'out', 'file');
    const names = async (path: string) => readdir(path).catch(() => [] as string[]);

    test('an empty store has nothing, lists nothing, and removing from it is no error', async () => {
      const { key, expected } = objectOf('absent');
      expect(await fixture.store.has(key)).toBe(false);
      expect(await fixture.store.list('')).toEqual([]);
      await fixture.store.remove([key]);
      await expect(fixture.store.read(key, expected, target())).rejects.toMatchObject({
        code: 'E_STORE_OBJECT_MISSING',
      });
      expect(await names(join(folder, 'out'))).toEqual([]);
    });

    test.each([
      ['nothing', new Uint8Array(0)],
      ['text', Buffer.from('a\r\nb\u0000\n')],
      ['many chunks', randomBytes(300_001)],
    ])('gives back %s byte for byte, also to somebody else', async (_what, bytes) => {
      const object = objectOf(bytes);
      expect(await fixture.store.write([object])).toEqual({ written: 1, writtenBytes: bytes.byteLength, present: 0 });
      const other = fixture.reopen();
      expect(await other.has(object.key)).toBe(true);
      await other.read(object.key, object.expected, target());
      expect(Buffer.compare(await readFile(target()), bytes)).toBe(0);
      expect((await stat(target())).mode & 0o200).toBe(0o200);
      expect(await names(join(folder, 'out'))).toEqual(['file']);
    });

    test('stores files by path, and the same object twice is one', async () => {
      const path = join(folder, 'model.bin');
      await writeFile(path, 'weights');
      const object: StoreObject = { ...objectOf('weights'), source: { file: path } };
      await fixture.store.write([object]);
      expect(await fixture.store.write([object, object])).toMatchObject({ written: 0 });
      expect(await fixture.store.list('')).toEqual([object.key]);
    });

    test('lists by folder, sorted, and only whole names', async () => {
      const plain = [objectOf('1'), objectOf('2'), objectOf('3')];
      const rooted = objectOf('1', 'assay/');
      await fixture.store.write(plain, [rooted]);
      expect(await fixture.store.list('assay')).toEqual([rooted.key]);
      const [timed, ...others] = await fixture.store.listTimed('assay');
      expect([timed?.key, timed?.size, others]).toEqual([rooted.key, 1, []]);
      // By the service's own clock, in milliseconds.
      expect(timed?.changedMs).toBeGreaterThan(Date.UTC(2020, 0, 1));
      expect(await fixture.store.list('files/md5')).toEqual(plain.map((object) => object.key).sort());
      expect(await fixture.store.list('ass')).toEqual([]);
    });

    test('removes what is named and nothing else', async () => {
      const [a, b] = [objectOf('a'), objectOf('b')];
      await fixture.store.write([a, b]);
      await fixture.store.remove([a.key, objectOf('absent').key]);
      expect(await fixture.reopen().list('')).toEqual([b.key]);
      expect(await fixture.store.has(a.key)).toBe(false);
    });

    test('a source that is not what was announced does not become visible', async () => {
      const path = join(folder, 'changing.bin');
      await writeFile(path, 'other!!');
      const object: StoreObject = { ...objectOf('weights'), source: { file: path } };
      await expect(fixture.store.write([object])).rejects.toMatchObject({
        code: 'E_STORE_SOURCE_CHANGED',
        message: expect.stringContaining('changing.bin'),
      });
      expect(await fixture.reopen().list('')).toEqual([]);
    });

    test('no later group lands when an earlier one fails', async () => {
      const path = join(folder, 'changing.bin');
      await writeFile(path, 'other!!');
      const bad: StoreObject = { ...objectOf('weights'), source: { file: path } };
      await expect(fixture.store.write([bad], [objectOf('[]')])).rejects.toThrow();
      expect(await fixture.reopen().has(objectOf('[]').key)).toBe(false);
    });

    test('what is not the expected content is never delivered', async () => {
      const object = objectOf('weights');
      await fixture.store.write([object]);
      const expected = { ...object.expected, sha256: objectOf('other').expected.sha256 };
      await expect(fixture.store.read(object.key, expected, target())).rejects.toMatchObject({
        code: 'E_STORE_OBJECT_CORRUPT',
      });
      await expect(access(target())).rejects.toThrow();
      expect(await names(join(folder, 'out'))).toEqual([]);
    });

    test('a failed read leaves what stood at its target', async () => {
      const object = objectOf('weights');
      await fixture.store.write([object]);
      await fixture.store.read(object.key, object.expected, target());
      const expected = { ...object.expected, md5: '0'.repeat(32) };
      await expect(fixture.store.read(object.key, expected, target())).rejects.toThrow();
      expect(await readFile(target(), 'utf8')).toBe('weights');
    });

    test('many writers at once lose nothing', async () => {
      const objects = Array.from({ length: 4 }, (_, i) => objectOf(`object ${i}`));
      const shared = objectOf('shared');
      await Promise.all(objects.map((object) => fixture.reopen().write([object, shared])));
      expect(await fixture.reopen().list('')).toEqual([...objects, shared].map((object) => object.key).sort());
    });

    test('refuses keys that are no plain path below its root', async () => {
      for (const key of ['', '/files/x', '../x', 'files/../x', 'files//x', 'a/.hidden', 'a\\b', 'a/b\n']) {
        const refused = { code: 'E_STORE_KEY' };
        await expect(fixture.store.has(key), key).rejects.toMatchObject(refused);
        await expect(fixture.store.write([{ ...objectOf('x'), key }]), key).rejects.toMatchObject(refused);
      }
    });

    test('its description reads back as itself', () => {
      const { kind, title, location } = fixture.store.describe();
      expect(['folder', 'ref', 's3', 'gs', 'azure', 'http']).toContain(kind);
      expect(title).toContain(location);
    });
  });
}
