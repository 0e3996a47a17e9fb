import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { md5 } from '../../lib/pointers/md5.ts';
import { objectKey } from '../../lib/pointers/object-key.ts';
import { assay } from '../cli/command-line.ts';
import { newFolder, newRepository } from '../git/repository.ts';
import { writeFiles } from '../pointers/work-data.ts';
import { type FaultProxy, type ProxiedRequest, startFaultProxy } from '../stores/fault-proxy.ts';
import { missingServer, S3_KEYS, startObjectServer } from '../stores/object-servers.ts';
import { BUCKET, createBucket, freshPrefix, keepVersions } from '../stores/s3-fixture.ts';

const MIB = 1024 * 1024;
const SIZE = 6 * MIB;
const ASSAY = join(import.meta.dirname, '..', '..', 'lib', 'cli', 'assay.ts');
const missing = missingServer('versitygw');

interface Origin {
  readonly endpoint: string;
  /** Lines of a DVC remote that reads through the proxy at an address. */
  readonly remote: (endpoint: string) => string;
  /** Has the bytes pushed, or puts them where the remote finds them. */
  readonly fill: (root: string, bytes: Buffer) => Promise<void>;
  readonly stop: () => Promise<void>;
}

async function s3(versions: boolean): Promise<Origin> {
  const server = await startObjectServer('versitygw');
  await createBucket(server.endpoint);
  if (versions) await keepVersions(server.endpoint);
  const prefix = freshPrefix();
  return {
    endpoint: server.endpoint,
    stop: server.stop,
    remote: (endpoint) =>
      [
        `url = s3://${BUCKET}/${prefix}`,
        `endpointurl = ${endpoint}`,
        'region = us-east-1',
        `access_key_id = ${S3_KEYS.accessKeyId}`,
        `secret_access_key = ${S3_KEYS.secretAccessKey}`,
        ...(versions ? ['version_aware = true'] : []),
      ].join('\n    '),
    fill: async (root) => {
      expect((await assay(root, ['data', 'push', '--json'])).code).toBe(0);
    },
  };
}

async function web(): Promise<Origin> {
  const files = new Map<string, Buffer>();
  const server: Server = createServer((request, response) => {
    const bytes = files.get(request.url ?? '');
    if (bytes === undefined) return response.writeHead(404).end();
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? -1);
    if (start < 0) return response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    if (start >= bytes.length) return response.writeHead(416).end();
    const range = { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
    return response.writeHead(206, { ...range, 'content-length': bytes.length - start }).end(bytes.subarray(start));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    remote: (endpoint) => `url = ${endpoint}/team`,
    fill: async (_root, bytes) => void files.set(`/team/${objectKey(md5(bytes))}`, bytes),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((stopped) => server.close(stopped));
    },
  };
}

const ORIGINS: readonly (readonly [string, boolean, () => Promise<Origin>])[] = [
  ['S3', missing === undefined, () => s3(false)],
  ['versions on S3', missing === undefined, () => s3(true)],
  ['a web server', true, web],
];

describe.each(ORIGINS)('a large object from %s', (_name, there, open) => {
  describe.skipIf(!there)(missing ?? 'the server is here', () => {
    let origin: Origin;
    let proxy: FaultProxy;
    let root: string;
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
      const cache = await newFolder();
      const config = `[core]\n    remote = r\n[cache]\n    dir = ${cache}\n['remote "r"']\n    ${origin.remote(proxy.endpoint)}\n`;
      writeFiles(root, { '.dvc/config': config });
      bytes = randomBytes(SIZE);
      writeFileSync(join(root, 'big'), bytes);
      expect((await assay(root, ['data', 'add', 'big', '--json'])).code).toBe(0);
      await origin.fill(root, bytes);
      rmSync(join(root, 'big'));
      rmSync(join(cacheOf(), 'files'), { recursive: true });
    });

    const cacheOf = () => /dir = (.*)/.exec(readFileSync(join(root, '.dvc', 'config'), 'utf8'))?.[1] ?? '';
    const read = ({ method }: ProxiedRequest) => method === 'GET';
    /** What pulls have left in the cache, with its size. */
    const left = () =>
      readdirSync(join(cacheOf(), 'assay-tmp'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
    const pull = async () => {
      const { out, code } = await assay(root, ['data', 'pull', '--json']);
      return { exit: code, ...Object(JSON.parse(out)) };
    };
    async function expectRest(): Promise<number> {
      const before = proxy.requests.length;
      expect(await pull()).toMatchObject({ exit: 0, fetched: 1 });
      expect(md5(readFileSync(join(root, 'big')))).toBe(md5(bytes));
      expect(left()).toEqual([]);
      const [first] = proxy.requests.slice(before).filter(read);
      return Number(/^bytes=(\d+)-/.exec(String(first?.headers.range))?.[1] ?? 0);
    }
    /** The first answer breaks in the middle, and what is asked then is refused. */
    async function fail(): Promise<string> {
      let broken = false;
      proxy.use((request) => {
        if (!read(request)) return undefined;
        if (broken) return { kind: 'status', status: 403, code: 'AccessDenied' };
        broken = true;
        return { kind: 'drop', after: 4 * MIB };
      });
      expect(await pull()).toMatchObject({ exit: 3 });
      proxy.use(() => undefined);
      const [file = '', ...more] = left();
      expect(more).toEqual([]);
      return file;
    }

    test('goes on after a failure where it stopped', async () => {
      const size = statSync(await fail()).size;
      expect(size).toBeGreaterThan(2 * MIB);
      expect(await expectRest()).toBe(size);
    });

    test('goes on after the process was killed', async () => {
      proxy.use((request) => (read(request) ? { kind: 'stall', after: 4 * MIB } : undefined));
      const child = spawn(process.execPath, [ASSAY, 'data', 'pull', '-C', root], {
        stdio: 'ignore',
        env: { PATH: process.env.PATH, HOME: root },
      });
      const exited = once(child, 'exit');
      const begun = () => left().some((file) => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) >= MIB);
      while (child.exitCode === null && !begun()) await new Promise((next) => setTimeout(next, 20));
      child.kill('SIGKILL');
      await exited;
      proxy.use(() => undefined);
      expect(await expectRest()).toBeGreaterThanOrEqual(MIB);
    });

    test('begins anew where what was left is damaged, or longer than the object', async () => {
      for (const damage of [(old: Buffer) => old.fill(0, 1000, 1001), (old: Buffer) => Buffer.concat([old, bytes])]) {
        const file = await fail();
        const before = readFileSync(file);
        const after = damage(Buffer.from(before));
        writeFileSync(file, after.equals(before) ? before.fill(1, 1000, 1001) : after);
        await expectRest();
        rmSync(join(root, 'big'));
        rmSync(join(cacheOf(), 'files'), { recursive: true });
      }
    });
  });
});
