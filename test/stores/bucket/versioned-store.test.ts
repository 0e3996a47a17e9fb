import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assayError } from '../../../lib/errors.ts';
import type { ObjectBucket } from '../../../lib/stores/bucket/object-bucket.ts';
import { createVersionedStore } from '../../../lib/stores/bucket/versioned-store.ts';
import { createGcsBucket, gcsOptions } from '../../../lib/stores/gcs/gcs-bucket.ts';
import { createRetry } from '../../../lib/stores/requests/retry.ts';
import { createS3Bucket } from '../../../lib/stores/s3/s3-bucket.ts';
import { s3Options } from '../../../lib/stores/s3/s3-options.ts';
import { type FaultProxy, startFaultProxy } from '../fault-proxy.ts';
import { missingServer, type ObjectServer, startObjectServer } from '../object-servers.ts';
import { BUCKET, createBucket, keepVersions, s3Remote } from '../s3/s3-fixture.ts';
import { memoryBucket } from './memory-bucket.ts';

const MIB = 1024 * 1024;
const retry = createRetry({ sleep: async () => {} });

const CLOUDS = {
  S3: {
    server: 'versitygw',
    async begin(endpoint: string) {
      await createBucket(endpoint);
      await keepVersions(endpoint);
    },
    bucket: (endpoint: string, prefix: string): ObjectBucket =>
      createS3Bucket(s3Options(`s3://${BUCKET}/${prefix}`, s3Remote(endpoint)), { retry, connections: 16 }),
  },
  'Google Cloud Storage': {
    server: 'fake-gcs-server in memory',
    async begin(endpoint: string) {
      const storage = new Storage({ apiEndpoint: endpoint, projectId: 'team' });
      await storage.createBucket(BUCKET, { versioning: { enabled: true } });
    },
    bucket: (endpoint: string, prefix: string): ObjectBucket => {
      const options = gcsOptions(`gs://${BUCKET}/${prefix}`, new Map([['endpointurl', endpoint]]));
      return createGcsBucket({ ...options, project: 'team' }, { retry, connections: 16 });
    },
  },
} as const;

describe.each(Object.entries(CLOUDS))('files in versions on %s', (_name, cloud) => {
  const missing = missingServer(cloud.server);
  describe.skipIf(missing !== undefined)(missing ?? 'the server is here', () => {
    let server: ObjectServer;
    let proxy: FaultProxy;
    let folder: string;
    beforeAll(async () => {
      server = await startObjectServer(cloud.server);
      proxy = await startFaultProxy(server.endpoint);
      await cloud.begin(server.endpoint);
      folder = await mkdtemp(join(tmpdir(), 'assay-versions-'));
    }, 60_000);
    afterAll(async () => {
      await proxy?.stop();
      await server?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    const target = () => join(folder, randomUUID());
    const md5 = (bytes: Uint8Array | string) => createHash('md5').update(bytes).digest('hex');
    const content = (text: string) => ({
      expected: { md5: md5(text), size: Buffer.byteLength(text) },
      source: { bytes: Buffer.from(text) },
    });
    function opened(prefix = `team/${randomUUID()}`, endpoint = server.endpoint) {
      const bucket = cloud.bucket(endpoint, prefix);
      return { bucket, store: createVersionedStore(bucket, { retry, jobs: 4, partBytes: 8 * MIB }) };
    }

    test('every version is there under its name, the newest without one', async () => {
      const { store } = opened();
      const path = 'data/é 😀/a b';
      const first = await store.write(path, content('one'));
      const second = await store.write(path, content('three'));
      expect(second.version).not.toBe(first.version);
      for (const [version, text] of [
        [first.version, 'one'],
        [second.version, 'three'],
        [undefined, 'three'],
      ] as const) {
        const file = target();
        await store.read({ path, version }, content(text).expected, file);
        expect(await readFile(file, 'utf8')).toBe(text);
      }
      const empty = await store.write('empty', content(''));
      await store.read({ path: 'empty', version: empty.version }, content('').expected, target());
    });

    test('other bytes than expected leave nothing behind', async () => {
      const { store } = opened();
      const { version } = await store.write('a', content('one'));
      const wrong = { md5: md5('two'), size: 3 };
      const file = target();
      const damaged = { code: 'E_STORE_OBJECT_CORRUPT' };
      await expect(store.read({ path: 'a', version }, wrong, file)).rejects.toMatchObject(damaged);
      await expect(store.read({ path: 'a', version }, { ...wrong, size: 4 }, file)).rejects.toMatchObject(damaged);
      expect(existsSync(file)).toBe(false);
      const absent = { code: 'E_STORE_OBJECT_MISSING' };
      await expect(store.read({ path: 'b' }, wrong, file)).rejects.toMatchObject(absent);
      await expect(store.read({ path: 'a', version: 'unheard-of' }, wrong, file)).rejects.toMatchObject(absent);
    });

    test('what is there is found by listing a folder as by looking at each file', async () => {
      const { bucket, store } = opened();
      const names = Array.from({ length: 9 }, (_, index) => `folder/${index}`);
      const written = new Map<string, string>();
      for (const name of names) written.set(name, (await store.write(name, content(name))).version);
      await store.write('folder/0', content('newer'));
      await bucket.remove(['folder/1']);
      const wanted = [...names, 'folder/absent'].map((path) => ({
        path,
        version: path === 'folder/2' ? undefined : (written.get(path) ?? 'unheard-of'),
      }));
      const found = await store.find(wanted, 'folder');
      const looked = await store.find(wanted);
      for (const each of [found, looked]) {
        expect(each.get('folder/0')?.named).toMatchObject({ version: written.get('folder/0'), md5: md5('folder/0') });
        // What was deleted is kept as a version.
        expect(each.get('folder/1')?.named).toMatchObject({ version: written.get('folder/1') });
        expect(each.get('folder/2')).toMatchObject({ newest: { version: written.get('folder/2'), size: 8 } });
        expect(each.get('folder/2')?.named).toBeUndefined();
        expect(each.get('folder/8')?.named).toMatchObject({ version: written.get('folder/8') });
        expect(each.get('folder/absent')?.named ?? each.get('folder/absent')?.newest).toBeUndefined();
      }
    });

    test('a large file goes and comes in pieces, and a changed source is no version', { timeout: 60_000 }, async () => {
      const { bucket, store } = opened();
      const bytes = randomBytes(17 * MIB);
      const source = join(folder, 'large');
      await writeFile(source, bytes);
      const expected = { md5: md5(bytes), size: bytes.length };
      const { version } = await store.write('large', { expected, source: { file: source } });
      const file = target();
      await store.read({ path: 'large', version }, expected, file);
      expect(md5(await readFile(file))).toBe(expected.md5);
      const changed = store.write('other', { expected: { ...expected, md5: md5('') }, source: { file: source } });
      await expect(changed).rejects.toMatchObject({ code: 'E_STORE_SOURCE_CHANGED' });
      expect(await bucket.stat('other')).toBeUndefined();
    });
  });
});

const lacking = missingServer('versitygw');
describe.skipIf(lacking !== undefined)(`bucket versions behind a bad network (${lacking ?? 'S3'})`, () => {
  let server: ObjectServer;
  let proxy: FaultProxy;
  beforeAll(async () => {
    server = await startObjectServer('versitygw');
    proxy = await startFaultProxy(server.endpoint);
    await createBucket(server.endpoint);
    await keepVersions(server.endpoint);
  }, 60_000);
  afterAll(async () => {
    await proxy.stop();
    await server.stop();
  });

  test('without the right to list versions each file is looked at; a flipped bit is not believed', async () => {
    const bucket = CLOUDS.S3.bucket(proxy.endpoint, `team/${randomUUID()}`);
    const store = createVersionedStore(bucket, { retry, jobs: 4 });
    const text = 'some bytes';
    const expected = { md5: createHash('md5').update(text).digest('hex'), size: text.length };
    const wanted: { path: string; version: string }[] = [];
    for (let index = 0; index < 6; index++) {
      const path = `data/${index}`;
      const { version } = await store.write(path, { expected, source: { bytes: Buffer.from(text) } });
      wanted.push({ path, version });
    }
    proxy.use(({ path }) => (/[?&]versions/.test(path) ? { kind: 'status', status: 403 } : undefined));
    const found = await store.find(wanted, 'data');
    expect([...found.values()].filter(({ named }) => named !== undefined)).toHaveLength(6);
    const folder = await mkdtemp(join(tmpdir(), 'assay-versions-'));
    proxy.use(({ method }) => (method === 'GET' ? { kind: 'flip', at: 3 } : undefined));
    const [first = { path: '' }] = wanted;
    await expect(store.read(first, expected, join(folder, 'a'))).rejects.toMatchObject({
      code: 'E_STORE_OBJECT_CORRUPT',
    });
    expect(existsSync(join(folder, 'a'))).toBe(false);
    await rm(folder, { recursive: true });
  });
});

describe('where nothing may be listed, and what is missing is refused', () => {
  const store = (there: readonly string[]) =>
    createVersionedStore(
      {
        ...memoryBucket(),
        async stat(key) {
          if (there.includes(key)) return { key, size: 1, version: '1' };
          throw assayError('E_STORE_DENIED', { store: 's', operation: 'look', reason: 'HTTP 403', unlisted: true });
        },
      },
      { retry, jobs: 2 },
    );
  const wanted = ['a', 'b', 'c'].map((path) => ({ path }));

  test('nothing is known to be there, which is no error to who writes', async () => {
    expect(await store([]).find(wanted, undefined, { writing: true })).toEqual(new Map());
    await expect(store([]).find(wanted)).rejects.toMatchObject({ code: 'E_STORE_DENIED' });
  });

  test('what is refused beside something that is there is missing', async () => {
    const found = await store(['b']).find(wanted);
    expect([...found]).toMatchObject([['b', { newest: { version: '1' } }]]);
  });
});
