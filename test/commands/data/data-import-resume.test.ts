import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from 'vitest';
import { md5 } from '../../../lib/pointers/md5.ts';
import { OVERLAP_BYTES } from '../../../lib/stores/bytes/receive-unnamed.ts';
import { newRepository } from '../../git/repository.ts';
import { writeFiles } from '../../pointers/checkout/work-data.ts';
import { missingServer } from '../../stores/object-servers.ts';
import { BUCKET, freshPrefix, s3Client, s3RemoteConfig, startBucket } from '../../stores/s3/s3-fixture.ts';
import {
  breakOff,
  isRead,
  killReading,
  type LargeRead,
  leftOf,
  proxied,
  readLarge,
  readToEnd,
  readWhole,
  startWeb,
} from './broken-read.ts';

const MIB = 1024 * 1024;
const SIZE = 10 * MIB;
const missing = missingServer('versitygw');

interface Origin {
  readonly endpoint: string;
  /** The address of the data through a proxy, and lines of a remote that it may need. */
  readonly address: (endpoint: string) => { readonly url: string; readonly config: string };
  readonly put: (bytes: Buffer) => Promise<void>;
  readonly stop: () => Promise<void>;
}

async function s3(): Promise<Origin> {
  const server = await startBucket();
  const client = s3Client(server.endpoint);
  const Key = `${freshPrefix()}/big`;
  return {
    endpoint: server.endpoint,
    address: (endpoint) => ({ url: `remote://r/${Key}`, config: s3RemoteConfig('r', endpoint, '') }),
    put: async (Body) => void (await client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }))),
    async stop() {
      client.destroy();
      await server.stop();
    },
  };
}

async function web(): Promise<Origin> {
  let bytes: Buffer = Buffer.alloc(0);
  const server = await startWeb((request, response) => {
    const etag = `"${md5(bytes.toString('latin1'))}"`;
    const same = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
    const start = same ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
    const range = start === 0 ? {} : { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(start === 0 ? 200 : 206, { etag, 'content-length': bytes.length - start, ...range });
    response.end(request.method === 'HEAD' ? undefined : bytes.subarray(start));
  });
  return {
    ...server,
    address: (endpoint) => ({ url: `${endpoint}/big`, config: '' }),
    put: async (now) => {
      bytes = now;
    },
  };
}

const ORIGINS: readonly (readonly [string, boolean, () => Promise<Origin>])[] = [
  ['S3', missing === undefined, s3],
  ['a web server', true, web],
];

describe.each(ORIGINS)('an import of a large file from %s', (name, there, open) => {
  describe.skipIf(!there)(missing ?? 'the server is here', () => {
    const { origin, proxy } = proxied(open);
    let large: LargeRead;
    beforeEach(async () => {
      const root = (await newRepository()).folder;
      const { config, url } = origin().address(proxy().endpoint);
      writeFiles(root, { '.dvc/config': config });
      const verb = ['data', 'import-url', url];
      const staging = join(root, '.dvc', 'tmp', 'assay', 'staging');
      large = {
        root,
        proxy: proxy(),
        verb,
        done: { size: SIZE },
        file: join(root, 'big'),
        bytes: randomBytes(SIZE),
        staging,
      };
      await origin().put(large.bytes);
    });

    test('goes on after a failure where it stopped, but for an overlap', async () => {
      const { size } = statSync(await breakOff(large, 8 * MIB));
      expect(size).toBeGreaterThan(OVERLAP_BYTES);
      expect(await readToEnd(large)).toBe(size - OVERLAP_BYTES);
    });

    test('goes on after the process was killed', async () => {
      await killReading(large, { stallAfter: 8 * MIB, killAfter: OVERLAP_BYTES + 1 });
      expect(await readToEnd(large)).toBeGreaterThan(0);
    });

    test('begins anew where something else is there by then', async () => {
      await breakOff(large, 8 * MIB);
      const bytes = randomBytes(SIZE);
      await origin().put(bytes);
      expect(await readWhole({ ...large, bytes })).toBeUndefined();
    });

    test('says at once that something else came in the middle', async () => {
      let reads = 0;
      const bytes = randomBytes(SIZE);
      // The second request waits for the other bytes: beside it, it could still get the first ones and go on.
      proxy().use((request) => {
        if (!isRead(request)) return undefined;
        reads++;
        if (reads === 1) return { kind: 'drop', after: 5 * MIB };
        return reads === 2
          ? origin()
              .put(bytes)
              .then(() => undefined)
          : undefined;
      });
      expect(await readLarge(large)).toMatchObject({ exit: 3, code: 'E_STORE_OBJECT_CHANGED' });
      expect(reads).toBe(2);
      expect(leftOf(large)).toEqual([]);
      await readToEnd({ ...large, bytes });
    });

    // A web server knows no digest: there what was left has to be trusted.
    if (name !== 'S3') return;
    test('begins anew where what was left is not what the service has', async () => {
      const file = await breakOff(large, 8 * MIB);
      const kept = readFileSync(file);
      writeFileSync(file, kept.fill((kept[10] ?? 0) ^ 1, 10, 11));
      await readToEnd(large);
    });
  });
});
