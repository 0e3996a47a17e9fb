import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assayError } from '../../../lib/errors.ts';
import { existingObjects } from '../../../lib/stores/bucket/existing-objects.ts';
import { memoryBucket } from './memory-bucket.ts';

const keyOf = (n: number): string => {
  const md5 = createHash('md5').update(`${n}`).digest('hex');
  return `files/md5/${md5.slice(0, 2)}/${md5.slice(2)}`;
};
const keys = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => keyOf(from + i));

function bucketOf(stored: readonly string[], settings: Parameters<typeof memoryBucket>[0] = {}) {
  const bucket = memoryBucket(settings);
  for (const key of stored) bucket.objects.set(key, Buffer.from('x'));
  return bucket;
}

describe('which objects are there', () => {
  test('is answered rightly, in no more requests than keys, whatever lies in the bucket', async () => {
    const listing = fc.constantFrom('none' as const, 'from-start' as const, 'from-key' as const);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(600), { maxLength: 400 }),
        fc.uniqueArray(fc.nat(600), { maxLength: 200 }),
        fc.integer({ min: 20, max: 100 }),
        listing,
        async (stored, wanted, pageSize, kind) => {
          const bucket = bucketOf(stored.map(keyOf), { pageSize, listing: kind });
          const found = await existingObjects(bucket, wanted.map(keyOf), 4);
          const there = new Set(stored);
          expect([...found.keys()].sort()).toEqual(
            wanted
              .filter((n) => there.has(n))
              .map(keyOf)
              .sort(),
          );
          if (kind === 'from-key') expect(bucket.asked.length).toBeLessThanOrEqual(wanted.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a handful is looked at; no listing is read', async () => {
    const bucket = bucketOf(keys(0, 3000));
    expect((await existingObjects(bucket, keys(0, 4), 4)).size).toBe(4);
    expect(bucket.asked).toEqual(['stat', 'stat', 'stat', 'stat']);
  });

  test('keys far apart in a large bucket are looked at after one page', async () => {
    const bucket = bucketOf(keys(0, 8000));
    expect((await existingObjects(bucket, keys(0, 20), 4)).size).toBe(20);
    expect(bucket.asked.filter((what) => what === 'list').length).toBe(1);
  });

  test('many keys cost as many pages as the bucket has, and one for each reader', async () => {
    const bucket = bucketOf(keys(0, 5000));
    expect((await existingObjects(bucket, keys(0, 6000), 8)).size).toBe(5000);
    expect(bucket.asked.every((what) => what === 'list')).toBe(true);
    expect(bucket.asked.length).toBeLessThanOrEqual(5 + 8 + 1);
  });

  test('an empty bucket is one page', async () => {
    const bucket = bucketOf([]);
    expect((await existingObjects(bucket, keys(0, 5000), 8)).size).toBe(0);
    expect(bucket.asked).toEqual(['list']);
  });

  test('where listing is not allowed, every key is looked at', async () => {
    const bucket = bucketOf(keys(0, 10));
    const denied = {
      ...bucket,
      // biome-ignore lint/correctness/useYield: it fails before its first page
      async *list(): AsyncGenerator<never> {
        throw assayError('E_STORE_DENIED', { store: 's', operation: 'list', reason: 'HTTP 403' });
      },
    };
    expect((await existingObjects(denied, keys(0, 20), 4)).size).toBe(10);
  });
});
