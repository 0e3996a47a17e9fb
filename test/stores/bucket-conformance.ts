import { randomBytes, randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../../lib/stores/store.ts';
import { newFolder } from '../new-folder.ts';
import { objectOf, storeConformance } from './conformance.ts';
import { type FaultProxy, seededFaults } from './fault-proxy.ts';

const MIB = 1024 * 1024;

/** What is sent in one part and asked for in one range: a large object of these tests takes three. */
export const PARTS = { partBytes: 8 * MIB, rangeBytes: 8 * MIB } as const;

export interface BucketFixture {
  readonly endpoint: () => string;
  /** In front of the server. */
  readonly proxy: () => FaultProxy;
  readonly open: (endpoint: string, prefix: string, bucket?: string) => Store;
}

/** What every store in a bucket of a cloud does, on a server of its kind, and behind faults. */
export function bucketConformance(title: string, { endpoint, proxy, open }: BucketFixture): void {
  const conforms = (at: () => string) =>
    storeConformance(`the ${title} store`, async () => {
      const prefix = `team/${randomUUID()}`;
      const reopen = () => open(at(), prefix);
      return { store: reopen(), reopen, close: async () => {} };
    });
  conforms(endpoint);

  describe('every fifth request fails', () => {
    beforeAll(() =>
      proxy().use(
        seededFaults(title, 5, (draw) =>
          draw % 2 === 0 ? { kind: 'status', status: 503, retryAfter: '1' } : { kind: 'drop', after: 0 },
        ),
      ),
    );
    afterAll(() => proxy().use(() => undefined));
    conforms(() => proxy().endpoint);
  });

  test('a large object goes in parts and comes in ranges; one that changed is not there', async () => {
    const folder = await newFolder();
    const bytes = randomBytes(17 * MIB + 3);
    await writeFile(join(folder, 'big'), bytes);
    const object = { ...objectOf(bytes), source: { file: join(folder, 'big') } };
    const store = open(endpoint(), randomUUID());
    const other = { ...object, expected: { ...object.expected, sha256: `sha256:${'0'.repeat(64)}` } };
    await expect(store.write([other])).rejects.toMatchObject({ code: 'E_STORE_SOURCE_CHANGED' });
    expect(await store.list('')).toEqual([]);
    expect(await store.write([object])).toMatchObject({ written: 1 });
    await store.read(object.key, object.expected, join(folder, 'out'));
    expect(Buffer.compare(await readFile(join(folder, 'out')), bytes)).toBe(0);
  });

  test('a bucket that is not there is named', async () => {
    await expect(open(endpoint(), 'x', 'absent-bucket').write([objectOf('x')])).rejects.toMatchObject({
      code: 'E_STORE_BUCKET',
      message: expect.stringContaining('absent-bucket'),
    });
  });
}
