import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { md5 } from '../../lib/pointers/md5.ts';
import { type ExternalData, externalData } from '../../lib/stores/external-data.ts';
import { type BucketStoreLocation, openBucket, parseStoreLocation } from '../../lib/stores/open-store.ts';
import { createRetry } from '../../lib/stores/requests/retry.ts';
import { AZURE_ACCOUNT, AZURE_KEY, missingServer, type ObjectServer, startObjectServer } from './object-servers.ts';
import { BUCKET, createBucket, keepVersions, s3Remote } from './s3/s3-fixture.ts';

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

async function textOf(bytes: AsyncIterable<Uint8Array> | undefined): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes ?? []) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function textsOf({ files }: ExternalData): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const file of files) texts[file.relpath] = await textOf(file.bytes());
  return texts;
}

/** What an address holds, by path. */
async function contents(location: BucketStoreLocation) {
  const found = await externalData(location, 'the address');
  for (const file of found.files) expect(file.tag).toBeDefined();
  return { kind: found.kind, texts: await textsOf(found) };
}

/** A server of the kind, for as long as the tests around run; gives folders of their own in it. */
function servedPlace(cloud: (typeof CLOUDS)[keyof typeof CLOUDS] | (typeof VERSIONED)[keyof typeof VERSIONED]) {
  let server: ObjectServer | undefined;
  beforeAll(async () => {
    server = await startObjectServer(cloud.server);
    await cloud.begin(server.endpoint);
  }, 60_000);
  afterAll(() => server?.stop());
  return () => {
    const endpoint = server?.endpoint ?? '';
    const remote = cloud.remote(endpoint);
    const top = `${cloud.scheme}://${BUCKET}/${randomUUID()}`;
    const bucket = openBucket(bucketLocation(top, remote), {}, retry);
    const put = (path: string, text: string) => bucket.put(path, { bytes: Buffer.from(text), md5: md5(text) }, true);
    return { endpoint, bucket, put, at: (path: string) => bucketLocation(`${top}/${path}`, remote) };
  };
}

describe.each(Object.entries(CLOUDS))('data at an address of %s', (_name, cloud) => {
  const missing = missingServer(cloud.server);
  describe.skipIf(missing !== undefined)(missing ?? 'the server is here', () => {
    const place = servedPlace(cloud);

    test('are a file, or everything below a folder and nothing beside it', async () => {
      const { at, put } = place();
      const files = { 'rows/a.csv': 'one', 'rows/deep/é x': 'two', 'rows/empty': '', 'rows2/c': 'beside', row: 'file' };
      for (const [path, text] of Object.entries(files)) await put(path, text);
      const folder = { kind: 'directory', texts: { 'a.csv': 'one', 'deep/é x': 'two', empty: '' } };
      expect(await contents(at('rows'))).toEqual(folder);
      expect(await contents(at('rows/'))).toEqual(folder);
      expect(await contents(at('row'))).toEqual({ kind: 'file', texts: { '': 'file' } });
      await expect(externalData(at('nothing'), 'it')).rejects.toMatchObject({ code: 'E_DATA_SOURCE' });
    });

    test('are refused at once where something else is there than what was looked at', async () => {
      const { at, put } = place();
      for (const [path, text] of [
        ['file', 'first'],
        ['empty', ''],
      ] as const)
        await put(path, text);
      const look = async (path: string) => (await externalData(at(path), 'it')).files[0];
      const [file, empty] = [await look('file'), await look('empty')];
      expect(await textOf(file?.bytes())).toBe('first');
      expect(await textOf(file?.bytes(2))).toBe('rst');
      expect(await textOf(empty?.bytes())).toBe('');
      // Of the same size, so that nothing but its name tells it apart.
      await put('file', 'other');
      for (const start of [0, 2]) {
        await expect(textOf(file?.bytes(start))).rejects.toMatchObject({ code: 'E_STORE_OBJECT_CHANGED' });
      }
    });
  });
});

const VERSIONED = {
  S3: { ...CLOUDS.S3, keepVersions },
  'Google Cloud Storage': {
    ...CLOUDS['Google Cloud Storage'],
    server: 'fake-gcs-server in memory',
    keepVersions: async (endpoint: string) => {
      const bucket = new Storage({ apiEndpoint: endpoint, projectId: 'team' }).bucket(BUCKET);
      await bucket.setMetadata({ versioning: { enabled: true } });
    },
  },
} as const;

describe.each(Object.entries(VERSIONED))('versions at an address of %s', (name, cloud) => {
  const missing = missingServer(cloud.server);
  describe.skipIf(missing !== undefined)(missing ?? 'the server is here', () => {
    const place = servedPlace(cloud);

    test('are what was asked for, whatever is there now', async () => {
      const { at, put, bucket, endpoint } = place();
      await put('rows/a', 'one');
      const newest = (path: string) => externalData(at(path), 'it', { versions: 'newest' });
      // Google numbers what it does not keep.
      for (const path of name === 'S3' ? ['rows', 'rows/a'] : []) {
        await expect(newest(path)).rejects.toMatchObject({ code: 'E_STORE_UNVERSIONED' });
      }
      await cloud.keepVersions(endpoint);
      for (const [path, text] of [
        ['rows/a', 'two'],
        ['rows/b', 'gone'],
        ['file', 'first'],
      ] as const)
        await put(path, text);
      const [folder, file] = [await newest('rows'), await newest('file')];
      await put('rows/a', 'three');
      await put('rows/new', 'new');
      await put('file', 'second');
      await bucket.remove(['rows/b']);
      expect(await textsOf(folder)).toEqual({ a: 'two', b: 'gone' });
      expect(await textsOf(file)).toEqual({ '': 'first' });
      expect(await textsOf(await newest('rows'))).toEqual({ a: 'three', new: 'new' });
      const { files } = folder;
      const then = await externalData(at('rows'), 'it', { versions: { files } });
      expect(await textsOf(then)).toEqual({ a: 'two', b: 'gone' });
      const version = file.files[0]?.version ?? '';
      expect(await textsOf(await externalData(at('file'), 'it', { versions: { version } }))).toEqual({ '': 'first' });
      const none = externalData(at('file'), 'it', { versions: { version: 'none' } });
      await expect(none).rejects.toMatchObject({ code: 'E_STORE_OBJECT_MISSING' });
    });
  });
});

describe('data at an address of the web', () => {
  let server: Server;
  let base: string;
  let served: { text: string; etag: string };
  const asked: (string | undefined)[] = [];
  beforeAll(async () => {
    served = { text: 'one', etag: '"1"' };
    server = createServer((request, response) => {
      if (request.url !== '/rows/a.csv') return response.writeHead(404).end();
      const { text, etag } = served;
      const { range, 'if-range': condition } = request.headers;
      if (request.method === 'GET') asked.push(Array.isArray(condition) ? undefined : condition);
      const start =
        condition === undefined || condition === etag ? Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0) : 0;
      const part = start === 0 ? {} : { 'content-range': `bytes ${start}-${text.length - 1}/${text.length}` };
      response.writeHead(start === 0 ? 200 : 206, { etag, 'content-length': text.length - start, ...part });
      return response.end(request.method === 'HEAD' ? '' : text.slice(start));
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
    const versions = externalData(bucketLocation(`${base}/rows/a.csv`, new Map()), 'it', { versions: 'newest' });
    await expect(versions).rejects.toMatchObject({ code: 'E_STORE_UNVERSIONED' });
  });

  test.each([
    ['a strong tag', '"1"', '"2"', '"1"'],
    ['a weak tag, which is no condition of a range', 'W/"1"', 'W/"2"', undefined],
  ])('are refused at once where something else is there by now: %s', async (_name, before, after, condition) => {
    served = { text: 'first', etag: before };
    const [file] = (await externalData(bucketLocation(`${base}/rows/a.csv`, new Map()), 'it')).files;
    asked.length = 0;
    expect(await textOf(file?.bytes(2))).toBe('rst');
    expect(asked).toEqual([condition]);
    served = { text: 'other', etag: after };
    for (const start of [0, 2]) {
      await expect(textOf(file?.bytes(start))).rejects.toMatchObject({ code: 'E_STORE_OBJECT_CHANGED' });
    }
  });
});
