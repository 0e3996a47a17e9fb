import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe } from 'vitest';
import { silentLog } from '../../lib/ports.ts';
import { openStore, parseStoreLocation } from '../../lib/stores/open-store.ts';
import type { Store, TransferOptions } from '../../lib/stores/store.ts';
import { storeConformance } from './conformance.ts';
import { missingServer, type ObjectServer, S3_KEYS, startObjectServer } from './object-servers.ts';

const BUCKET = 'team-bucket';

function open(endpoint: string, prefix: string, transfer: TransferOptions = {}): Store {
  const remote = new Map([
    ['endpointurl', endpoint],
    ['region', 'us-east-1'],
    ['access_key_id', S3_KEYS.accessKeyId],
    ['secret_access_key', S3_KEYS.secretAccessKey],
  ]);
  const location = parseStoreLocation(`s3://${BUCKET}/${prefix}`, '/', remote);
  const tree = () => {
    throw new Error('no ref here');
  };
  return openStore(location, { tree, log: silentLog, ...transfer });
}

for (const name of ['versitygw', 'moto'] as const) {
  const missing = missingServer(name);
  describe.skipIf(missing !== undefined)(`on ${name}${missing === undefined ? '' : ` (${missing})`}`, () => {
    let server: ObjectServer;
    beforeAll(async () => {
      server = await startObjectServer(name);
      const client = new S3Client({
        endpoint: server.endpoint,
        region: 'us-east-1',
        forcePathStyle: true,
        credentials: S3_KEYS,
      });
      await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
      client.destroy();
    }, 60_000);
    afterAll(() => server?.stop());

    storeConformance(`the S3 store`, async () => {
      const prefix = `team/${randomUUID()}`;
      return {
        store: open(server.endpoint, prefix),
        reopen: () => open(server.endpoint, prefix),
        close: async () => {},
      };
    });
  });
}
