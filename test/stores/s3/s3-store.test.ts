import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../../../lib/ports.ts';
import { openStore, parseStoreLocation } from '../../../lib/stores/open-store.ts';
import type { Store, StoreObject } from '../../../lib/stores/store.ts';
import { objectOf, storeConformance } from '../conformance.ts';
import { type FaultPlan, type FaultProxy, startFaultProxy } from '../fault-proxy.ts';
import { missingServer, type ObjectServer, startObjectServer } from '../object-servers.ts';
import { BUCKET, createBucket, freshPrefix, s3Client, s3Remote, s3Store, startBucket } from './s3-fixture.ts';

const MIB = 1024 * 1024;

function open(endpoint: string, prefix: string): Store {
  const tree = () => {
    throw new Error('no ref here');
  };
  const location = parseStoreLocation(`s3://${BUCKET}/${prefix}`, '/', s3Remote(endpoint));
  return openStore(location, { tree, log: silentLog });
}

for (const name of ['versitygw', 'moto'] as const) {
  const missing = missingServer(name);
  describe.skipIf(missing !== undefined)(`on ${name}${missing === undefined ? '' : ` (${missing})`}`, () => {
    let server: ObjectServer;
    beforeAll(async () => {
      server = await startObjectServer(name);
      await createBucket(server.endpoint);
    }, 60_000);
    afterAll(() => server?.stop());

    storeConformance('the S3 store', async () => {
      const prefix = freshPrefix();
      const reopen = () => open(server.endpoint, prefix);
      return { store: reopen(), reopen, close: async () => {} };
    });
  });
}

const withoutMoto = missingServer('moto');
describe.skipIf(withoutMoto !== undefined)(`a service that overlooks checksums${withoutMoto ?? ''}`, () => {
  test('is sent a large object anew, checked by MD5, and the next one at once so', async () => {
    const server = await startObjectServer('moto');
    const proxy = await startFaultProxy(server.endpoint);
    const folder = await mkdtemp(join(tmpdir(), 'assay-s3-'));
    try {
      await createBucket(server.endpoint);
      const prefix = freshPrefix();
      const store = s3Store(proxy.endpoint, prefix);
      const sent: string[] = [];
      for (const size of [9 * MIB, 9 * MIB + 1]) {
        const bytes = randomBytes(size);
        const file = join(folder, 'big.bin');
        await writeFile(file, bytes);
        const object = { ...objectOf(bytes), source: { file } };
        const before = proxy.requests.length;
        expect(await store.write([object])).toMatchObject({ written: 1 });
        const parts = proxy.requests.slice(before).filter(({ path }) => path.includes('partNumber='));
        sent.push(parts.map(({ headers }) => (headers['content-md5'] === undefined ? 'crc32' : 'md5')).join(' '));
        await store.read(object.key, object.expected, join(folder, 'out'));
      }
      expect(sent).toEqual(['crc32 crc32 md5 md5', 'md5 md5']);
      const client = s3Client(server.endpoint);
      const left = await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET, Prefix: prefix }));
      client.destroy();
      expect(left.Uploads ?? []).toEqual([]);
    } finally {
      await proxy.stop();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  }, 60_000);
});

const missing = missingServer('versitygw');
describe.skipIf(missing !== undefined)(`the S3 store's requests${missing === undefined ? '' : ` (${missing})`}`, () => {
  let server: ObjectServer;
  let proxy: FaultProxy;
  let folder: string;
  let prefix: string;
  beforeAll(async () => {
    server = await startBucket();
  });
  afterAll(() => server?.stop());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-s3-'));
    proxy = await startFaultProxy(server.endpoint);
    prefix = freshPrefix();
  });
  afterEach(async () => {
    await proxy.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** The requests so far by method, those that list apart. */
  function counts(): Record<string, number> {
    const found: Record<string, number> = {};
    for (const { method, path } of proxy.requests) {
      const what = path.includes('list-type=2') ? 'LIST' : path.includes('?delete') ? 'DELETE' : method;
      found[what] = (found[what] ?? 0) + 1;
    }
    return found;
  }
  const many = (count: number) => Array.from({ length: count }, (_, i) => objectOf(`object ${i}`));
  async function bigFile(size: number): Promise<StoreObject> {
    const bytes = randomBytes(size);
    const path = join(folder, 'big.bin');
    await writeFile(path, bytes);
    return { ...objectOf(bytes), source: { file: path } };
  }

  test('few objects are looked at, many are listed, and none is sent twice', async () => {
    const store = s3Store(proxy.endpoint, prefix);
    await store.write(many(3));
    expect(counts()).toEqual({ HEAD: 3, PUT: 3 });
    await store.write(many(40));
    expect(counts()).toEqual({ HEAD: 3, PUT: 40, LIST: 1 });
    expect(await store.write(many(40))).toMatchObject({ written: 0, present: 40 });
    expect(counts()).toEqual({ HEAD: 3, PUT: 40, LIST: 2 });
  });

  test('what is there is told by one page, and removed by one request', async () => {
    const store = s3Store(proxy.endpoint, prefix);
    const stored = many(30);
    await s3Store(server.endpoint, prefix).write(stored);
    const asked = [...stored, ...Array.from({ length: 300 }, (_, i) => objectOf(`absent ${i}`))].map(({ key }) => key);
    expect(await store.existing(asked)).toEqual(new Set(stored.map(({ key }) => key)));
    expect(counts()).toEqual({ LIST: 1 });
    await store.remove(asked);
    expect(counts()).toEqual({ LIST: 1, DELETE: 1 });
    expect(await store.list('')).toEqual([]);
  });

  test('reading an object is one request', async () => {
    const object = objectOf('weights');
    await s3Store(server.endpoint, prefix).write([object]);
    await s3Store(proxy.endpoint, prefix).read(object.key, object.expected, join(folder, 'out'));
    expect(counts()).toEqual({ GET: 1 });
  });

  test('a large object goes in parts, comes in ranges, and is whole', async () => {
    const object = await bigFile(17 * MIB + 3);
    let sent = 0;
    const store = s3Store(proxy.endpoint, prefix, { onBytes: (bytes) => (sent += bytes) });
    expect(await store.write([object])).toMatchObject({ written: 1, writtenBytes: 17 * MIB + 3 });
    expect(counts()).toEqual({ HEAD: 1, GET: 1, POST: 2, PUT: 3 });
    expect(sent).toBe(17 * MIB + 3);
    expect(await store.write([object])).toMatchObject({ written: 0, present: 1 });
    await store.read(object.key, object.expected, join(folder, 'out'));
    expect(counts()).toMatchObject({ GET: 1 + 3 });
    expect(
      createHash('md5')
        .update(await readFile(join(folder, 'out')))
        .digest('hex'),
    ).toBe(object.expected.md5);
    expect(sent).toBe(2 * (17 * MIB + 3));
  });

  test('a large source that changed becomes no object, and nothing of it stays', async () => {
    const object = await bigFile(9 * MIB);
    const other = { ...object, expected: { ...object.expected, md5: '0'.repeat(32), sha256: undefined } };
    await expect(
      s3Store(proxy.endpoint, prefix).write([{ ...other, key: `files/md5/00/${'0'.repeat(30)}` }]),
    ).rejects.toMatchObject({
      code: 'E_STORE_SOURCE_CHANGED',
    });
    expect(await s3Store(proxy.endpoint, prefix).list('')).toEqual([]);
    const client = s3Client(server.endpoint);
    const uploads = await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET, Prefix: prefix }));
    client.destroy();
    expect(uploads.Uploads ?? []).toEqual([]);
  });

  test.each<[string, FaultPlan, string, string]>([
    ['parts are checked by their CRC32', () => undefined, 'x-amz-checksum-crc32', 'content-md5'],
    [
      'and by their MD5 where the service refuses that',
      ({ headers }) =>
        headers['x-amz-checksum-algorithm'] === undefined
          ? undefined
          : { kind: 'status', status: 400, code: 'InvalidArgument' },
      'content-md5',
      'x-amz-checksum-crc32',
    ],
  ])('%s', async (_what, plan, given, left) => {
    const object = await bigFile(17 * MIB);
    proxy.use(plan);
    expect(await s3Store(proxy.endpoint, prefix).write([object])).toMatchObject({ written: 1 });
    const parts = proxy.requests.filter(({ path }) => path.includes('partNumber='));
    expect(parts).toHaveLength(3);
    for (const { headers } of parts) {
      expect(headers).toHaveProperty(given);
      expect(headers).not.toHaveProperty(left);
    }
    await s3Store(server.endpoint, prefix).read(object.key, object.expected, join(folder, 'out'));
  });

  test('an upload that somebody began with MD5 is taken up with it', async () => {
    const object = await bigFile(17 * MIB);
    const client = s3Client(server.endpoint);
    const at = { Bucket: BUCKET, Key: `${prefix}/${object.key}` };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(at));
    const file = 'file' in object.source ? await readFile(object.source.file) : expect.fail('no file');
    const Body = file.subarray(0, 8 * MIB);
    await client.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body }));
    client.destroy();
    expect(await s3Store(proxy.endpoint, prefix).write([object])).toMatchObject({ written: 1 });
    expect(counts()).toMatchObject({ PUT: 2 });
    await s3Store(server.endpoint, prefix).read(object.key, object.expected, join(folder, 'out'));
  });

  test('an upload that was interrupted is taken up where it broke', async () => {
    const object = await bigFile(33 * MIB);
    proxy.use(({ path }) => (path.includes('partNumber=4&') ? { kind: 'status', status: 500 } : undefined));
    await expect(s3Store(proxy.endpoint, prefix).write([object])).rejects.toMatchObject({
      code: 'E_STORE_UNREACHABLE',
    });
    expect(await s3Store(server.endpoint, prefix).list('')).toEqual([]);
    const before = counts().PUT ?? 0;
    proxy.use(() => undefined);
    expect(await s3Store(proxy.endpoint, prefix).write([object])).toMatchObject({ written: 1 });
    expect((counts().PUT ?? 0) - before).toBeLessThan(5);
    await s3Store(server.endpoint, prefix).read(object.key, object.expected, join(folder, 'out'));
    expect((await stat(join(folder, 'out'))).size).toBe(33 * MIB);
  });

  test.each([
    ['another size', 'wEight'],
    ['the same size', 'wEights'],
  ])('an object with other bytes of %s is found, never delivered, and replaced by writing', async (_what, bytes) => {
    const object = objectOf('weights');
    const client = s3Client(server.endpoint);
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${prefix}/${object.key}`, Body: bytes }));
    client.destroy();
    const store = s3Store(server.endpoint, prefix);
    await expect(store.read(object.key, object.expected, join(folder, 'out'))).rejects.toMatchObject({
      code: 'E_STORE_OBJECT_CORRUPT',
      message: expect.stringContaining(object.key),
    });
    expect(await readdir(folder)).toEqual([]);
    expect(await store.write([object])).toMatchObject({ written: 1 });
    await store.read(object.key, object.expected, join(folder, 'out'));
    expect(await readFile(join(folder, 'out'), 'utf8')).toBe('weights');
  });

  test('an aborted transfer leaves nothing', async () => {
    const object = await bigFile(20 * MIB);
    const abort = new AbortController();
    const store = s3Store(proxy.endpoint, prefix, {
      signal: abort.signal,
      onBytes: () => abort.abort(new Error('enough')),
    });
    await expect(store.write([object])).rejects.toThrow('enough');
    expect(await s3Store(server.endpoint, prefix).list('')).toEqual([]);
  });
});
