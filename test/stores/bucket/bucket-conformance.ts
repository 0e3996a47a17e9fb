import { randomBytes, randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../../../lib/stores/store.ts';
import { newFolder } from '../../new-folder.ts';
import { objectOf, storeConformance } from '../conformance.ts';
import { type Fault, type FaultProxy, seededFaults } from '../fault-proxy.ts';

const MIB = 1024 * 1024;

/** What is sent in one part and asked for in one range: a large object of these tests takes three. */
export const PARTS = { partBytes: 8 * MIB, rangeBytes: 8 * MIB } as const;

export interface BucketFixture {
  readonly endpoint: () => string;
  /** In front of the server. */
  readonly proxy: () => FaultProxy;
  /** @param idleMs after which a server that sends nothing is left */
  readonly open: (endpoint: string, prefix: string, bucket?: string, idleMs?: number) => Store;
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

  answerConformance({ endpoint, proxy, open });

  test('a bucket that is not there is named', async () => {
    await expect(open(endpoint(), 'x', 'absent-bucket').write([objectOf('x')])).rejects.toMatchObject({
      code: 'E_STORE_BUCKET',
      message: expect.stringContaining('absent-bucket'),
    });
  });
}

/** What a store makes of answers that break, stop, or come from somebody else. */
export function answerConformance({ endpoint, proxy, open }: BucketFixture): void {
  describe('an answer that is none', () => {
    const PAGE = '<!DOCTYPE html><html><body>Sign in to the network</body></html>';
    const UNREACHABLE = { code: 'E_STORE_UNREACHABLE', exitCode: 3 };
    const objects = ['one', 'two'].map((text) => objectOf(text));
    let prefix: string;
    beforeAll(async () => {
      prefix = randomUUID();
      await open(endpoint(), prefix).write(objects);
    });
    afterEach(() => proxy().use(() => undefined));

    const store = () => open(proxy().endpoint, prefix, undefined, 100);
    const keys = objects.map(({ key }) => key).sort();
    async function bring(folder: string): Promise<void> {
      for (const { key, expected } of objects) await store().read(key, expected, join(folder, 'out'));
    }

    test.each<[string, Fault & { kind: 'drop' | 'stall' | 'page' }]>([
      ['breaks in its middle', { kind: 'drop', after: 2 }],
      ['breaks at once', { kind: 'drop', after: 0 }],
      ['stops in its middle', { kind: 'stall', after: 2 }],
      ['never begins', { kind: 'stall', after: 0 }],
      ['is empty', { kind: 'page', text: '' }],
      ['is a page of somebody else', { kind: 'page', text: PAGE }],
    ])('and %s is asked for again, and told in the end', async (_how, fault) => {
      const folder = await newFolder();
      let faults = 2;
      proxy().use(({ method }) => (method === 'GET' && faults-- > 0 ? fault : undefined));
      expect(await store().list('')).toEqual(keys);
      faults = fault.kind === 'page' ? 1 : 2;
      await bring(folder);
      expect(await readFile(join(folder, 'out'), 'utf8')).toBe('two');
      proxy().use(({ method }) => (method === 'GET' ? fault : undefined));
      await expect(store().list('')).rejects.toMatchObject(UNREACHABLE);
      // Every attempt that brings some bytes gets further.
      if (fault.kind !== 'page' && fault.after > 0) await bring(folder);
      else await expect(bring(folder)).rejects.toMatchObject({ code: expect.stringMatching(/CORRUPT|UNREACHABLE/) });
    });

    test.each(['', PAGE])('%j is no word that something is there, or was stored', async (text) => {
      proxy().use(() => ({ kind: 'page', text }));
      await expect(store().existing(keys)).rejects.toMatchObject(UNREACHABLE);
      await expect(store().write([objectOf('three')])).rejects.toMatchObject(UNREACHABLE);
      proxy().use(({ method }) => (method === 'GET' || method === 'HEAD' ? undefined : { kind: 'page', text }));
      await expect(store().write([objectOf('three')])).rejects.toMatchObject(UNREACHABLE);
    });
  });
}
