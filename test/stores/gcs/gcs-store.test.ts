import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createObjectStore } from '../../../lib/stores/bucket/object-store.ts';
import { createGcsBucket, gcsOptions } from '../../../lib/stores/gcs/gcs-bucket.ts';
import { createRetry } from '../../../lib/stores/requests/retry.ts';
import { newFolder } from '../../new-folder.ts';
import { bucketConformance, PARTS } from '../bucket/bucket-conformance.ts';
import { type FaultProxy, startFaultProxy } from '../fault-proxy.ts';
import { missingServer, type ObjectServer, startObjectServer } from '../object-servers.ts';

const BUCKET = 'team-bucket';
const missing = missingServer('fake-gcs-server');

function gcsStore(endpoint: string, prefix: string, bucket = BUCKET, idleMs?: number) {
  const retry = createRetry({ sleep: async () => {} });
  const options = gcsOptions(`gs://${bucket}/${prefix}`, new Map([['endpointurl', endpoint]]));
  return createObjectStore(createGcsBucket({ ...options, project: 'team' }, { retry, connections: 16, idleMs }), {
    retry,
    ...PARTS,
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

  bucketConformance('GCS', {
    endpoint: () => server.endpoint,
    proxy: () => proxy,
    open: gcsStore,
  });
});

test.each([
  ['no JSON', '{"private_key": "secret" bad'],
  ['no key', JSON.stringify({ type: 'service_account', client_email: 'a@b', private_key: 'secret' })],
  ['nothing of a key', '{}'],
])('a key file with %s is told at once, and not shown', async (_what, text) => {
  const credentialpath = join(await newFolder(), 'key.json');
  await writeFile(credentialpath, text);
  const options = gcsOptions('gs://bucket/x', new Map(Object.entries({ credentialpath, projectname: 'team' })));
  const bucket = createGcsBucket(options, { retry: createRetry(), connections: 1 });
  await expect(bucket.stat('x')).rejects.toMatchObject({
    code: 'E_STORE_CREDENTIALS',
    exitCode: 3,
    message: expect.not.stringContaining('secret'),
  });
});

test('an upload of which not all was taken is told, and not what lies in the way of the next attempt', async () => {
  const asked: string[] = [];
  const server = createServer((request, answer) => {
    asked.push(`${request.method}`);
    request.resume();
    answer.setHeader('content-type', 'application/json');
    if (asked.length > 1) answer.statusCode = 412;
    request.on('end', () => answer.end(JSON.stringify({ kind: 'storage#object', size: '2', generation: '1' })));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const endpointurl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const options = gcsOptions('gs://team/x', new Map(Object.entries({ endpointurl, projectname: 'p' })));
  const bucket = createGcsBucket(options, { retry: createRetry({ sleep: async () => {} }), connections: 2 });
  const content = { bytes: Buffer.from('three'), md5: '35d6d33467aae9a2e3dccb4b6b027878' };
  await expect(bucket.put('key', content, false)).rejects.toMatchObject({
    code: 'E_STORE_REQUEST',
    message: expect.stringContaining('it took 2 of 5 bytes'),
  });
  expect(asked).toEqual(['POST']);
  server.closeAllConnections();
  server.close();
});
