import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGcsBucket, gcsOptions } from '../../lib/stores/gcs-bucket.ts';
import { createObjectStore } from '../../lib/stores/object-store.ts';
import { createRetry } from '../../lib/stores/retry.ts';
import { objectOf, storeConformance } from './conformance.ts';
import { type FaultProxy, seededFaults, startFaultProxy } from './fault-proxy.ts';
import { missingServer, type ObjectServer, startObjectServer } from './object-servers.ts';

const MIB = 1024 * 1024;
const BUCKET = 'team-bucket';
const missing = missingServer('fake-gcs-server');

function gcsStore(endpoint: string, prefix: string, bucket = BUCKET) {
  const retry = createRetry({ sleep: async () => {} });
  const options = gcsOptions(`gs://${bucket}/${prefix}`, new Map([['endpointurl', endpoint]]));
  return createObjectStore(createGcsBucket({ ...options, project: 'team' }, { retry, connections: 16 }), {
    retry,
    partBytes: 8 * MIB,
    rangeBytes: 8 * MIB,
  });
}

describe.skipIf(missing !== undefined)(`Google Cloud Storage${missing === undefined ? '' : ` (${missing})`}`, () => {
  let server: ObjectServer;
  let proxy: FaultProxy;
  beforeAll(async () => {
    server = await startObjectServer('fake-gcs-server');
    proxy = await startFaultProxy(server.endpoint);
    await new Storage({ apiEndpoint: server.endpoint, projectId: 'team' }).createBucket(BUCKET);
  }, 60_000);
  afterAll(async () => {
    await proxy?.stop();
    await server?.stop();
  });

  storeConformance('the GCS store', async () => {
    const prefix = `team/${randomUUID()}`;
    const reopen = () => gcsStore(server.endpoint, prefix);
    return { store: reopen(), reopen, close: async () => {} };
  });

  describe('every fifth request fails', () => {
    beforeAll(() =>
      proxy.use(
        seededFaults('gcs', 5, (draw) =>
          draw % 2 === 0 ? { kind: 'status', status: 503, retryAfter: '1' } : { kind: 'drop', after: 0 },
        ),
      ),
    );
    afterAll(() => proxy.use(() => undefined));
    storeConformance('the GCS store', async () => {
      const prefix = `team/${randomUUID()}`;
      const reopen = () => gcsStore(proxy.endpoint, prefix);
      return { store: reopen(), reopen, close: async () => {} };
    });
  });

  test('a large object is whole, one that changed is not there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assay-gcs-'));
    try {
      const bytes = randomBytes(17 * MIB + 3);
      await writeFile(join(folder, 'big'), bytes);
      const object = { ...objectOf(bytes), source: { file: join(folder, 'big') } };
      const store = gcsStore(server.endpoint, randomUUID());
      const other = { ...object, expected: { ...object.expected, sha256: `sha256:${'0'.repeat(64)}` } };
      await expect(store.write([other])).rejects.toMatchObject({ code: 'E_STORE_SOURCE_CHANGED' });
      expect(await store.list('')).toEqual([]);
      expect(await store.write([object])).toMatchObject({ written: 1 });
      await store.read(object.key, object.expected, join(folder, 'out'));
      expect(Buffer.compare(await readFile(join(folder, 'out')), bytes)).toBe(0);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('a bucket that is not there is named', async () => {
    await expect(gcsStore(server.endpoint, 'x', 'absent-bucket').write([objectOf('x')])).rejects.toMatchObject({
      code: 'E_STORE_BUCKET',
      message: expect.stringContaining('absent-bucket'),
    });
  });
});
