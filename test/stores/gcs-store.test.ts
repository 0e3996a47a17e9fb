import { Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, describe } from 'vitest';
import { createGcsBucket, gcsOptions } from '../../lib/stores/gcs-bucket.ts';
import { createObjectStore } from '../../lib/stores/object-store.ts';
import { createRetry } from '../../lib/stores/retry.ts';
import { bucketConformance, PARTS } from './bucket-conformance.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { missingServer, type ObjectServer, startObjectServer } from './object-servers.ts';

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
