import { randomBytes } from 'node:crypto';
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAzureBucket } from '../../../lib/stores/azure/azure-bucket.ts';
import { azureOptions, withAzureEnvironment } from '../../../lib/stores/azure/azure-options.ts';
import { createObjectStore } from '../../../lib/stores/bucket/object-store.ts';
import { createRetry } from '../../../lib/stores/requests/retry.ts';
import { bucketConformance, PARTS } from '../bucket/bucket-conformance.ts';
import { objectOf } from '../conformance.ts';
import { type FaultProxy, startFaultProxy } from '../fault-proxy.ts';
import { AZURE_ACCOUNT, AZURE_KEY, missingServer, type ObjectServer, startObjectServer } from '../object-servers.ts';

const CONTAINER = 'team-container';
/** What the name of an upload's third block begins with. */
const THIRD_BLOCK = Buffer.from('000002').toString('base64');
const missing = missingServer('azurite');

function azureStore(endpoint: string, prefix: string, key = AZURE_KEY, container = CONTAINER, idleMs?: number) {
  const retry = createRetry({ sleep: async () => {} });
  const remote = new Map([
    ['account_name', AZURE_ACCOUNT],
    ['account_key', key],
    ['endpointurl', `${endpoint}/${AZURE_ACCOUNT}`],
  ]);
  const options = azureOptions(`azure://${container}/${prefix}`, remote);
  return createObjectStore(createAzureBucket(options, { retry, connections: 16, idleMs }), {
    retry,
    ...PARTS,
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

  bucketConformance('Azure', {
    endpoint: () => server.endpoint,
    proxy: () => proxy,
    open: (endpoint, prefix, container, idleMs) => azureStore(endpoint, prefix, AZURE_KEY, container, idleMs),
  });

  test.each([20, 46, 64])(
    'what an upload with names of %i bytes left is not in the way, and is used again',
    async (bytes) => {
      const credential = new StorageSharedKeyCredential(AZURE_ACCOUNT, AZURE_KEY);
      const service = new BlobServiceClient(`${server.endpoint}/${AZURE_ACCOUNT}`, credential);
      const content = randomBytes(PARTS.partBytes * 2 + 1);
      const object = objectOf(content);
      const blob = service.getContainerClient(CONTAINER).getBlockBlobClient(`left${bytes}/${object.key}`);
      await blob.stageBlock(Buffer.from('x'.repeat(bytes)).toString('base64'), 'other', 5);
      const sent = () =>
        proxy.requests.filter(({ path }) => path.includes(`left${bytes}`) && path.includes('blockid=')).length;
      // The last part fails, and the call with it.
      proxy.use(({ path }) =>
        path.includes('blockid=') && path.includes(THIRD_BLOCK) ? { kind: 'status', status: 403 } : undefined,
      );
      await expect(azureStore(proxy.endpoint, `left${bytes}`).write([object])).rejects.toMatchObject({
        code: 'E_STORE_DENIED',
      });
      proxy.use(() => undefined);
      const before = sent();
      expect(await azureStore(proxy.endpoint, `left${bytes}`).write([object])).toMatchObject({ written: 1 });
      // A short name tells too little of what is in a block.
      expect(sent() - before).toBe(bytes < 39 ? 3 : 1);
      expect((await blob.downloadToBuffer()).equals(content)).toBe(true);
    },
  );

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

  test.each([
    ['https://team.blob.core.windows.net', true],
    ['https://team.privatelink.blob.core.windows.net', true],
    ['https://team.z1.blob.storage.azure.net/', true],
    ['https://team.blob.core.usgovcloudapi.net', true],
    ['http://team.blob.core.windows.net', false],
    ['https://team.blob.core.windows.net.example.org', false],
    ['https://team.blob.core.windows.net@example.org', false],
    ['https://example.org', false],
    ['http://127.0.0.1:10000/team', false],
  ])('at %s signatures and tokens of the environment are used: %s', (endpointurl, used) => {
    const named = new Map([
      ['account_name', 'team'],
      ['endpointurl', endpointurl],
    ]);
    const signed = withAzureEnvironment(named, { AZURE_STORAGE_SAS_TOKEN: 'sig=x', AZURE_STORAGE_KEY: 'eA==' });
    expect(signed.get('sas_token')).toBe(used ? 'sig=x' : undefined);
    expect(signed.get('account_key')).toBe(used ? 'eA==' : undefined);
    const token = () => azureOptions('azure://data', named);
    if (used) expect(token()).toMatchObject({ access: { endpoint: endpointurl } });
    else expect(token).toThrow(expect.objectContaining({ code: 'E_STORE_OPTION' }));
    // What the remote itself names is meant for it.
    for (const [key, value] of Object.entries({ sas_token: 's', account_key: 'k', allow_anonymous_login: 'true' })) {
      expect(azureOptions('azure://data', new Map([...named, [key, value]]))).toMatchObject({ bucket: 'data' });
    }
  });

  test.each(['example.org/', 'a.b', 'example.org#', 'a@example.org:1?'])('the account %j is none', (account_name) => {
    const remote = withAzureEnvironment(new Map([['account_name', account_name]]), {
      AZURE_STORAGE_SAS_TOKEN: 'sig=x',
    });
    expect(() => azureOptions('azure://data', remote)).toThrow(
      expect.objectContaining({ code: 'E_STORE_OPTION', message: expect.stringContaining('account_name') }),
    );
  });

  test('need an account', () => {
    expect(() => azureOptions('azure://data')).toThrow(
      expect.objectContaining({ code: 'E_STORE_OPTION', message: expect.stringContaining('account_name') }),
    );
  });
});

test.each(['AccountKey=c2VjcmV0;garbage', 'DefaultEndpointsProtocol=ftp;AccountName=;AccountKey=c2VjcmV0'])(
  'a connection string that cannot be read is told at once, and not shown: %s',
  async (text) => {
    const options = azureOptions('azure://container/x', new Map([['connection_string', text]]));
    const bucket = createAzureBucket(options, { retry: createRetry(), connections: 1 });
    await expect(bucket.stat('x')).rejects.toMatchObject({
      code: 'E_STORE_OPTION',
      exitCode: 2,
      message: expect.not.stringContaining('c2VjcmV0'),
    });
  },
);
