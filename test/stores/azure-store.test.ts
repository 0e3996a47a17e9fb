import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAzureBucket } from '../../lib/stores/azure-bucket.ts';
import { azureOptions, withAzureEnvironment } from '../../lib/stores/azure-options.ts';
import { createObjectStore } from '../../lib/stores/object-store.ts';
import { createRetry } from '../../lib/stores/retry.ts';
import { objectOf, storeConformance } from './conformance.ts';
import { type FaultProxy, seededFaults, startFaultProxy } from './fault-proxy.ts';
import { AZURE_ACCOUNT, AZURE_KEY, missingServer, type ObjectServer, startObjectServer } from './object-servers.ts';

const MIB = 1024 * 1024;
const CONTAINER = 'team-container';
const missing = missingServer('azurite');

function azureStore(endpoint: string, prefix: string, key = AZURE_KEY, container = CONTAINER) {
  const retry = createRetry({ sleep: async () => {} });
  const remote = new Map([
    ['account_name', AZURE_ACCOUNT],
    ['account_key', key],
    ['endpointurl', `${endpoint}/${AZURE_ACCOUNT}`],
  ]);
  const options = azureOptions(`azure://${container}/${prefix}`, remote);
  return createObjectStore(createAzureBucket(options, { retry, connections: 16 }), {
    retry,
    partBytes: 8 * MIB,
    rangeBytes: 8 * MIB,
  });
}

describe.skipIf(missing !== undefined)(`Azure Blob Storage${missing === undefined ? '' : ` (${missing})`}`, () => {
  let server: ObjectServer;
  let proxy: FaultProxy;
  beforeAll(async () => {
    server = await startObjectServer('azurite');
    proxy = await startFaultProxy(server.endpoint);
    const credential = new StorageSharedKeyCredential(AZURE_ACCOUNT, AZURE_KEY);
    const service = new BlobServiceClient(`${server.endpoint}/${AZURE_ACCOUNT}`, credential);
    await service.getContainerClient(CONTAINER).create();
  }, 60_000);
  afterAll(async () => {
    await proxy?.stop();
    await server?.stop();
  });

  storeConformance('the Azure store', async () => {
    const prefix = `team/${randomUUID()}`;
    const reopen = () => azureStore(server.endpoint, prefix);
    return { store: reopen(), reopen, close: async () => {} };
  });

  describe('every fifth request fails', () => {
    beforeAll(() =>
      proxy.use(
        seededFaults('azure', 5, (draw) =>
          draw % 2 === 0 ? { kind: 'status', status: 503, retryAfter: '1' } : { kind: 'drop', after: 0 },
        ),
      ),
    );
    afterAll(() => proxy.use(() => undefined));
    storeConformance('the Azure store', async () => {
      const prefix = `team/${randomUUID()}`;
      const reopen = () => azureStore(proxy.endpoint, prefix);
      return { store: reopen(), reopen, close: async () => {} };
    });
  });

  test('a large object goes in blocks and comes in ranges; one that changed is not there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assay-azure-'));
    try {
      const bytes = randomBytes(17 * MIB + 3);
      await writeFile(join(folder, 'big'), bytes);
      const object = { ...objectOf(bytes), source: { file: join(folder, 'big') } };
      const store = azureStore(server.endpoint, randomUUID());
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

  test('a container that is not there is named', async () => {
    const store = azureStore(server.endpoint, 'x', AZURE_KEY, 'absent-container');
    await expect(store.write([objectOf('x')])).rejects.toMatchObject({
      code: 'E_STORE_BUCKET',
      message: expect.stringContaining('absent-container'),
    });
  });

  test('a wrong key is refused and not shown', async () => {
    const wrong = Buffer.from('another key').toString('base64');
    await expect(azureStore(server.endpoint, 'x', wrong).has(objectOf('x').key)).rejects.toMatchObject({
      code: 'E_STORE_DENIED',
      message: expect.not.stringContaining(wrong),
    });
  });
});

describe('the options of an Azure remote', () => {
  test('come from the file first, then from the environment', () => {
    const environment = { AZURE_STORAGE_ACCOUNT: 'other', AZURE_STORAGE_SAS_TOKEN: '?sig=x', AZURE_STORAGE_KEY: '' };
    const remote = withAzureEnvironment(new Map([['account_name', 'team']]), environment);
    expect(azureOptions('azure://data/x', remote)).toEqual({
      bucket: 'data',
      prefix: 'x',
      access: {
        account: 'team',
        endpoint: 'https://team.blob.core.windows.net',
        key: undefined,
        sas: '?sig=x',
        anonymous: undefined,
      },
    });
  });

  test('need an account', () => {
    expect(() => azureOptions('azure://data')).toThrow(
      expect.objectContaining({ code: 'E_STORE_OPTION', message: expect.stringContaining('account_name') }),
    );
  });
});
