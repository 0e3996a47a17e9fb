import { join } from 'node:path';
import { expect, test } from 'vitest';
import { md5OfBytes } from '../../../lib/pointers/cache/hash-file.ts';
import { openObjectCache } from '../../../lib/pointers/cache/object-cache.ts';
import { dirAddress, renderDirObject } from '../../../lib/pointers/listings/dir-object.ts';
import { objectKey } from '../../../lib/pointers/object-key.ts';
import type { TrackedOutput } from '../../../lib/pointers/outputs/tracked-output.ts';
import { pushOutputs } from '../../../lib/pointers/transfer/push-outputs.ts';
import { createObjectStore } from '../../../lib/stores/bucket/object-store.ts';
import { createRetry } from '../../../lib/stores/requests/retry.ts';
import { newFolder } from '../../git/repository.ts';
import { memoryBucket } from '../../stores/bucket/memory-bucket.ts';

/** A folder of `count` files in a cache, pushed to a remote. */
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
  return { bucket, push, lost: objectKey(entries[0]?.md5 ?? '', 'md5'), listing: objectKey(md5, 'md5') };
}

test.each([50, 1_500])('nothing is sent twice of %i files', async (count) => {
  const { push } = await pushed(count);
  expect(await push()).toMatchObject({ pushed: 0, present: count + 1 });
});

test.each([50, 1_500])(
  'of %i files one that the remote lost comes back, although the listing is there',
  async (count) => {
    const { bucket, push, lost } = await pushed(count);
    bucket.objects.delete(lost);
    expect(await push()).toMatchObject({ pushed: 1, present: count });
    expect(bucket.objects.has(lost)).toBe(true);
  },
);

test('a listing that is gone is sent again after what its folder lacks', async () => {
  const { bucket, push, lost, listing } = await pushed(1_500);
  bucket.objects.delete(lost);
  bucket.objects.delete(listing);
  expect(await push()).toMatchObject({ pushed: 2, present: 1_499 });
  expect(bucket.objects.has(lost) && bucket.objects.has(listing)).toBe(true);
});
