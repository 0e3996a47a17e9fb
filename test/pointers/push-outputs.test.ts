import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dirAddress, renderDirObject } from '../../lib/pointers/dir-object.ts';
import { md5OfBytes } from '../../lib/pointers/hash-file.ts';
import { openObjectCache } from '../../lib/pointers/object-cache.ts';
import { objectKey } from '../../lib/pointers/object-key.ts';
import { pushOutputs } from '../../lib/pointers/push-outputs.ts';
import type { TrackedOutput } from '../../lib/pointers/tracked-output.ts';
import { createObjectStore } from '../../lib/stores/object-store.ts';
import { createRetry } from '../../lib/stores/retry.ts';
import { newFolder } from '../git/repository.ts';
import { memoryBucket } from '../stores/memory-bucket.ts';

/** A folder of `count` files in a cache, and a remote that counts what it is asked. */
async function pushed(count: number) {
  const cache = openObjectCache(join(await newFolder(), 'cache'));
  const entries = Array.from({ length: count }, (_, index) => {
    const bytes = Buffer.from(`file ${index}`);
    const md5 = md5OfBytes(bytes, 'md5');
    cache.insertBytes(bytes, md5);
    return { md5, relpath: `${index}` };
  });
  const listing = renderDirObject(entries);
  const md5 = dirAddress(listing);
  cache.insertBytes(Buffer.from(listing), md5);
  const output = { path: 'data', md5, hash: 'md5', kind: 'directory', cache: true, push: true } as TrackedOutput;
  const bucket = memoryBucket();
  const store = createObjectStore(bucket, { retry: createRetry() });
  const push = () => pushOutputs([{ output }], cache, store);
  expect(await push()).toMatchObject({ pushed: count + 1, present: 0 });
  bucket.asked.length = 0;
  return { bucket, push, lost: objectKey(entries[0]?.md5 ?? '', 'md5'), listing: objectKey(md5, 'md5') };
}

test('a large folder that was pushed costs one look at its listing', async () => {
  const { bucket, push } = await pushed(1_500);
  expect(await push()).toMatchObject({ pushed: 0, present: 1_501 });
  expect(bucket.asked).toEqual(['stat']);
});

test('a large folder whose listing is gone is looked at file by file, and mended', async () => {
  const { bucket, push, lost, listing } = await pushed(1_500);
  bucket.objects.delete(lost);
  bucket.objects.delete(listing);
  expect(await push()).toMatchObject({ pushed: 2, present: 1_499 });
  expect(bucket.objects.has(lost) && bucket.objects.has(listing)).toBe(true);
});

test('a small folder is always looked at whole, so a file that the remote lost comes back', async () => {
  const { bucket, push, lost } = await pushed(50);
  bucket.objects.delete(lost);
  expect(await push()).toMatchObject({ pushed: 1, present: 50 });
  expect(bucket.objects.has(lost)).toBe(true);
});
