import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { md5 } from '../../lib/pointers/md5.ts';
import { externalData } from '../../lib/stores/external-data.ts';
import { type BucketStoreLocation, openBucket, parseStoreLocation } from '../../lib/stores/open-store.ts';
import { createRetry } from '../../lib/stores/retry.ts';
import { AZURE_ACCOUNT, AZURE_KEY, missingServer, type ObjectServer, startObjectServer } from './object-servers.ts';
import { BUCKET, createBucket, s3Remote } from './s3-fixture.ts';

const retry = createRetry({ sleep: async () => {} });

const CLOUDS = {
  S3: {
    server: 'versitygw',
    scheme: 's3',
    begin: createBucket,
    remote: s3Remote,
  },
  'Google Cloud Storage': {
    server: 'fake-gcs-server',
    scheme: 'gs',
    begin: async (endpoint: string) => {
      await new Storage({ apiEndpoint: endpoint, projectId: 'team' }).createBucket(BUCKET);
    },
    remote: (endpoint: string) =>
      new Map([
        ['endpointurl', endpoint],
        ['projectname', 'team'],
      ]),
  },
  Azure: {
    server: 'azurite',
    scheme: 'azure',
    begin: async (endpoint: string) => {
      const credential = new StorageSharedKeyCredential(AZURE_ACCOUNT, AZURE_KEY);
      const service = new BlobServiceClient(`${endpoint}/${AZURE_ACCOUNT}`, credential);
      await service.getContainerClient(BUCKET).create();
    },
    remote: (endpoint: string) =>
      new Map([
        ['account_name', AZURE_ACCOUNT],
        ['account_key', AZURE_KEY],
        ['endpointurl', `${endpoint}/${AZURE_ACCOUNT}`],
      ]),
  },
} as const;

function bucketLocation(text: string, remote: ReadonlyMap<string, string>): BucketStoreLocation {
  const location = parseStoreLocation(text, '/', remote);
  if (location.kind === 'folder' || location.kind === 'ref') throw new Error(text);
  return location;
}

/** What an address holds, by path. */
async function contents(location: BucketStoreLocation) {
  const { kind, files } = await externalData(location, 'the address');
  const texts: Record<string, string> = {};
  for (const file of files) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of file.bytes()) chunks.push(chunk);
    texts[file.relpath] = Buffer.concat(chunks).toString('utf8');
    expect(file.tag).toBeDefined();
  }
  return { kind, texts };
}

describe.each(Object.entries(CLOUDS))('data at an address of %s', (_name, cloud) => {
  const missing = missingServer(cloud.server);
  describe.skipIf(missing !== undefined)(missing ?? 'the server is here', () => {
    let server: ObjectServer;
    beforeAll(async () => {
      server = await startObjectServer(cloud.server);
      await cloud.begin(server.endpoint);
    }, 60_000);
    afterAll(() => server?.stop());

    test('are a file, or everything below a folder and nothing beside it', async () => {
      const remote = cloud.remote(server.endpoint);
      const top = `${cloud.scheme}://${BUCKET}/${randomUUID()}`;
      const at = (path: string) => bucketLocation(`${top}/${path}`, remote);
      const bucket = openBucket(bucketLocation(top, remote), {}, retry);
      const files = { 'rows/a.csv': 'one', 'rows/deep/é x': 'two', 'rows/empty': '', 'rows2/c': 'beside', row: 'file' };
      for (const [path, text] of Object.entries(files))
        await bucket.put(path, { bytes: Buffer.from(text), md5: md5(text) }, false);
      const folder = { kind: 'directory', texts: { 'a.csv': 'one', 'deep/é x': 'two', empty: '' } };
      expect(await contents(at('rows'))).toEqual(folder);
      expect(await contents(at('rows/'))).toEqual(folder);
      expect(await contents(at('row'))).toEqual({ kind: 'file', texts: { '': 'file' } });
      await expect(externalData(at('nothing'), 'it')).rejects.toMatchObject({ code: 'E_DATA_SOURCE' });
    });
  });
});

describe('data at an address of the web', () => {
  let server: Server;
  let base: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url !== '/rows/a.csv') return response.writeHead(404).end();
      return response.writeHead(200, { etag: '"1"', 'content-length': 3 }).end(request.method === 'HEAD' ? '' : 'one');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  afterAll(() => new Promise((stopped) => server.close(stopped)));

  test('are a file: nothing says what a folder holds', async () => {
    expect(await contents(bucketLocation(`${base}/rows/a.csv`, new Map()))).toEqual({
      kind: 'file',
      texts: { '': 'one' },
    });
    const folder = externalData(bucketLocation(`${base}/rows`, new Map()), 'it');
    await expect(folder).rejects.toMatchObject({ code: 'E_DATA_SOURCE' });
  });
});
