import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createObjectStore } from '../../lib/stores/bucket/object-store.ts';
import { createLocalStore } from '../../lib/stores/folder/local-store.ts';
import { addressedKey, moveStore, planMove } from '../../lib/stores/move-store.ts';
import { createRetry } from '../../lib/stores/requests/retry.ts';
import type { Store, StoreObject } from '../../lib/stores/store.ts';
import { memoryBucket } from './bucket/memory-bucket.ts';
import { objectOf } from './conformance.ts';

const listingOf = (text: string): StoreObject => ({ ...objectOf(text), key: `${objectOf(text).key}.dir` });

test.each([
  ['files/md5/ab/0123456789abcdef0123456789abcd', { hash: 'md5', listing: false }],
  ['assay/files/md5/ab/0123456789abcdef0123456789abcd.dir', { hash: 'md5', listing: true }],
  ['ab/0123456789abcdef0123456789abcd.dir', { hash: 'md5-dos2unix', listing: true }],
  ['runs/ab/0123', undefined],
  ['files/md5/ab/xyz', undefined],
])('%s says what its bytes are: %j', (key, expected) => {
  const found = addressedKey(key);
  if (expected === undefined) expect(found).toBeUndefined();
  else expect(found).toEqual({ key, md5: 'ab0123456789abcdef0123456789abcd', ...expected });
});

test('a plan names every missing object once, and no listing before a file', () => {
  const key = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.boolean()).map(([n, listing]) => {
    return listing ? listingOf(`${n}`).key : objectOf(`${n}`).key;
  });
  fc.assert(
    fc.property(fc.uniqueArray(key), fc.uniqueArray(key), (source, target) => {
      const plan = planMove(source, new Set(target));
      expect(plan.copy.map((object) => object.key).sort()).toEqual(
        source.filter((one) => !target.includes(one)).sort(),
      );
      expect(plan.copy.length + plan.present).toBe(source.length);
      const firstListing = plan.copy.findIndex(({ listing }) => listing);
      if (firstListing >= 0) expect(plan.copy.slice(firstListing).every(({ listing }) => listing)).toBe(true);
    }),
  );
});

describe('moving a store', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'assay-move-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));
  const source = () => createLocalStore(join(root, 'from'));
  function bucket(): { store: Store; keys: () => string[] } {
    const memory = memoryBucket();
    const store = createObjectStore(memory, { retry: createRetry({ sleep: async () => {} }) });
    return { store, keys: () => [...memory.objects.keys()].sort() };
  }

  test('brings everything, once, and takes nothing away', async () => {
    const text = Buffer.from('a\r\nb\r\n');
    const unix = createHash('md5').update('a\nb\n').digest('hex');
    const legacy: StoreObject = {
      key: `${unix.slice(0, 2)}/${unix.slice(2)}`,
      expected: { md5: unix, hash: 'md5-dos2unix', size: text.length },
      source: { bytes: text },
    };
    const other: StoreObject = { ...objectOf('yaml'), key: 'runs/ab/key/value' };
    await source().write(
      [objectOf('one'), objectOf('two'), objectOf('one', 'assay/'), legacy, other],
      [listingOf('[]')],
    );
    const to = bucket();
    await to.store.write([objectOf('one')]);
    expect(await moveStore(source(), to.store, root)).toEqual({
      copied: 4,
      copiedBytes: 3 + 3 + 6 + 2,
      present: 1,
      unaddressed: ['runs/ab/key/value'],
    });
    expect(to.keys()).toEqual((await source().list('')).filter((key) => !key.startsWith('runs/')));
    expect(await moveStore(source(), to.store, root)).toMatchObject({ copied: 0, present: 5 });
    expect((await readdir(root)).sort()).toEqual(['from']);
  });

  test('tells how much is to come before anything is brought', async () => {
    await source().write([objectOf('one'), objectOf('seven')], [listingOf('[]')]);
    const { store } = bucket();
    await store.write([objectOf('one')]);
    const told: string[] = [];
    await moveStore(source(), store, root, {
      onTotal: (bytes) => told.push(`total ${bytes}`),
      onBytes: (bytes) => told.push(`${bytes}`),
    });
    expect(told).toEqual(['total 7', '5', '2']);
  });

  test('brings no listing without the files that a push in between put on pages that were read before', async () => {
    const [early, late, listing, later] = [objectOf('early'), objectOf('late'), listingOf('[]'), listingOf('[1]')];
    await source().write([early, late], [listing]);
    let pages = 0;
    const torn: Store = {
      ...source(),
      async listTimed(prefix) {
        const all = await source().listTimed(prefix);
        if (pages++ > 0) return [...all, { key: later.key, size: 3, changedMs: 0 }];
        return all.filter(({ key }) => key !== late.key);
      },
    };
    const to = bucket();
    await moveStore(torn, to.store, root);
    expect(to.keys()).toEqual([early.key, late.key, listing.key].sort());
  });

  test('leaves out the folder of the source that the target is in: each move would copy what the last one brought', async () => {
    await source().write([objectOf('one')], [listingOf('[]')]);
    const inside = createLocalStore(join(root, 'from', 'next'));
    for (const expected of [{ copied: 2 }, { copied: 0, present: 2 }]) {
      expect(await moveStore(source(), inside, root, { except: 'next' })).toMatchObject({
        ...expected,
        unaddressed: [],
      });
    }
    expect(await inside.list('')).toEqual([objectOf('one').key, listingOf('[]').key].sort());
  });

  test('an object on its way is called by its key, not by its file here', async () => {
    const object = objectOf('moved');
    await source().write([object]);
    const { store } = bucket();
    const titles: (string | undefined)[] = [];
    const watched: Store = {
      ...store,
      write: (...groups) => {
        titles.push(...groups.flat().map(({ title }) => title));
        return store.write(...groups);
      },
    };
    await moveStore(source(), watched, root);
    expect(titles).toEqual([object.key]);
  });

  test('a damaged object stops it before any listing, and it goes on after the repair', async () => {
    const [good, bad, listing] = [objectOf('good'), objectOf('bad'), listingOf('[]')];
    await source().write([good, bad], [listing]);
    const path = join(root, 'from', ...bad.key.split('/'));
    await chmod(path, 0o644);
    await writeFile(path, 'bAd');
    const to = bucket();
    await expect(moveStore(source(), to.store, root)).rejects.toMatchObject({
      code: 'E_STORE_OBJECT_CORRUPT',
      message: expect.stringContaining(bad.key),
    });
    expect(to.keys()).not.toContain(bad.key);
    expect(to.keys()).not.toContain(listing.key);
    await source().write([bad]);
    await moveStore(source(), to.store, root);
    expect(to.keys()).toEqual([good.key, bad.key, listing.key].sort());
    expect(await readFile(path, 'utf8')).toBe('bad');
  });
});
