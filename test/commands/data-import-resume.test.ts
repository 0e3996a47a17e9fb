import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { md5 } from '../../lib/pointers/md5.ts';
import { OVERLAP_BYTES } from '../../lib/stores/receive-unnamed.ts';
import { assay } from '../cli/command-line.ts';
import { newRepository } from '../git/repository.ts';
import { writeFiles } from '../pointers/work-data.ts';
import { type FaultProxy, type ProxiedRequest, startFaultProxy } from '../stores/fault-proxy.ts';
import { missingServer, S3_KEYS, startObjectServer } from '../stores/object-servers.ts';
import { BUCKET, createBucket, freshPrefix, s3Client } from '../stores/s3-fixture.ts';

const MIB = 1024 * 1024;
const SIZE = 10 * MIB;
const ASSAY = join(import.meta.dirname, '..', '..', 'lib', 'cli', 'assay.ts');
const missing = missingServer('versitygw');

interface Origin {
  readonly endpoint: string;
  /** The address of the data through a proxy, and lines of a remote that it may need. */
  readonly address: (endpoint: string) => { readonly url: string; readonly config: string };
  readonly put: (bytes: Buffer) => Promise<void>;
  readonly stop: () => Promise<void>;
}

async function s3(): Promise<Origin> {
  const server = await startObjectServer('versitygw');
  await createBucket(server.endpoint);
  const client = s3Client(server.endpoint);
  const Key = `${freshPrefix()}/big`;
  return {
    endpoint: server.endpoint,
    address: (endpoint) => ({
      url: `remote://r/${Key}`,
      config: [
        `['remote "r"']\n    url = s3://${BUCKET}`,
        `endpointurl = ${endpoint}`,
        'region = us-east-1',
        `access_key_id = ${S3_KEYS.accessKeyId}`,
        `secret_access_key = ${S3_KEYS.secretAccessKey}\n`,
      ].join('\n    '),
    }),
    put: async (Body) => void (await client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }))),
    async stop() {
      client.destroy();
      await server.stop();
    },
  };
}

async function web(): Promise<Origin> {
  let bytes: Buffer = Buffer.alloc(0);
  const server: Server = createServer((request, response) => {
    const etag = `"${md5(bytes.toString('latin1'))}"`;
    const same = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
    const start = same ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
    const range = start === 0 ? {} : { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(start === 0 ? 200 : 206, { etag, 'content-length': bytes.length - start, ...range });
    response.end(request.method === 'HEAD' ? undefined : bytes.subarray(start));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    address: (endpoint) => ({ url: `${endpoint}/big`, config: '' }),
    put: async (now) => {
      bytes = now;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((stopped) => server.close(stopped));
    },
  };
}

const ORIGINS: readonly (readonly [string, boolean, () => Promise<Origin>])[] = [
  ['S3', missing === undefined, s3],
  ['a web server', true, web],
];

describe.each(ORIGINS)('an import of a large file from %s', (name, there, open) => {
  describe.skipIf(!there)(missing ?? 'the server is here', () => {
    let origin: Origin;
    let proxy: FaultProxy;
    let root: string;
    let url: string;
    let bytes: Buffer;
    beforeAll(async () => {
      origin = await open();
      proxy = await startFaultProxy(origin.endpoint);
    }, 60_000);
    afterAll(async () => {
      await proxy?.stop();
      await origin?.stop();
    });
    beforeEach(async () => {
      proxy.use(() => undefined);
      root = (await newRepository()).folder;
      const { config, ...address } = origin.address(proxy.endpoint);
      url = address.url;
      writeFiles(root, { '.dvc/config': config });
      bytes = randomBytes(SIZE);
      await origin.put(bytes);
    });

    const read = ({ method }: ProxiedRequest) => method === 'GET';
    /** What imports have left. */
    const left = () =>
      readdirSync(join(root, '.dvc', 'tmp', 'assay', 'staging'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
    const run = async () => {
      const { out, code } = await assay(root, ['data', 'import-url', url, '--json']);
      return { exit: code, ...Object(JSON.parse(out)) };
    };
    /** Where the next call begins to read. */
    async function expectRest(): Promise<number> {
      const before = proxy.requests.length;
      expect(await run()).toMatchObject({ exit: 0, size: SIZE });
      expect(readFileSync(join(root, 'big')).equals(bytes)).toBe(true);
      expect(left()).toEqual([]);
      const [first] = proxy.requests.slice(before).filter(read);
      return Number(/^bytes=(\d+)-/.exec(String(first?.headers.range))?.[1] ?? 0);
    }
    /** The first answer breaks, and what is asked then is refused. */
    async function fail(): Promise<string> {
      let broken = false;
      proxy.use((request) => {
        if (!read(request)) return undefined;
        if (broken) return { kind: 'status', status: 403, code: 'AccessDenied' };
        broken = true;
        return { kind: 'drop', after: 8 * MIB };
      });
      expect(await run()).toMatchObject({ exit: 3 });
      proxy.use(() => undefined);
      const [file = '', ...more] = left();
      expect(more).toEqual([]);
      return file;
    }

    test('goes on after a failure where it stopped, but for an overlap', async () => {
      const { size } = statSync(await fail());
      expect(size).toBeGreaterThan(OVERLAP_BYTES);
      expect(await expectRest()).toBe(size - OVERLAP_BYTES);
    });

    test('goes on after the process was killed', async () => {
      proxy.use((request) => (read(request) ? { kind: 'stall', after: 8 * MIB } : undefined));
      const child = spawn(process.execPath, [ASSAY, 'data', 'import-url', url, '-C', root], {
        stdio: 'ignore',
        env: { PATH: process.env.PATH, HOME: root },
      });
      const exited = once(child, 'exit');
      const size = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
      const begun = () => {
        try {
          return left().some((file) => size(file) > OVERLAP_BYTES);
        } catch {
          return false;
        }
      };
      while (child.exitCode === null && !begun()) await new Promise((next) => setTimeout(next, 20));
      child.kill('SIGKILL');
      await exited;
      proxy.use(() => undefined);
      expect(await expectRest()).toBeGreaterThan(0);
    });

    test('begins anew where something else is there by then', async () => {
      await fail();
      bytes = randomBytes(SIZE);
      await origin.put(bytes);
      const before = proxy.requests.length;
      expect(await run()).toMatchObject({ exit: 0, size: SIZE });
      expect(readFileSync(join(root, 'big')).equals(bytes)).toBe(true);
      const [first] = proxy.requests.slice(before).filter(read);
      expect(first?.headers.range).toBeUndefined();
    });

    test('says at once that something else came in the middle', async () => {
      let replaced: Promise<void> | undefined;
      const now = randomBytes(SIZE);
      proxy.use((request) => {
        if (!read(request) || replaced !== undefined) return undefined;
        replaced = origin.put(now);
        return { kind: 'drop', after: 5 * MIB };
      });
      expect(await run()).toMatchObject({ exit: 3, code: 'E_STORE_OBJECT_CHANGED' });
      await replaced;
      expect(left()).toEqual([]);
      bytes = now;
      await expectRest();
    });

    // A web server knows no digest: there what was left has to be trusted.
    if (name !== 'S3') return;
    test('begins anew where what was left is not what the service has', async () => {
      const file = await fail();
      const kept = readFileSync(file);
      writeFileSync(file, kept.fill((kept[10] ?? 0) ^ 1, 10, 11));
      expect(await run()).toMatchObject({ exit: 0, size: SIZE });
      expect(readFileSync(join(root, 'big')).equals(bytes)).toBe(true);
    });
  });
});
