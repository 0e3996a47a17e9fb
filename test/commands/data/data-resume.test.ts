import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { md5 } from '../../../lib/pointers/md5.ts';
import { objectKey } from '../../../lib/pointers/object-key.ts';
import { assay } from '../../cli/command-line.ts';
import { newFolder, newRepository } from '../../git/repository.ts';
import { writeFiles } from '../../pointers/checkout/work-data.ts';
import { missingServer } from '../../stores/object-servers.ts';
import { freshPrefix, s3RemoteConfig, startBucket } from '../../stores/s3/s3-fixture.ts';
import { breakOff, killReading, type LargeRead, proxied, readToEnd, startWeb } from './broken-read.ts';

const MIB = 1024 * 1024;
const SIZE = 6 * MIB;
const missing = missingServer('versitygw');

interface Origin {
  readonly endpoint: string;
  /** Configuration of a DVC remote `r` that reads through the proxy at an address. */
  readonly remote: (endpoint: string) => string;
  /** Has the bytes pushed, or puts them where the remote finds them. */
  readonly fill: (root: string, bytes: Buffer) => Promise<void>;
  readonly stop: () => Promise<void>;
}

async function s3(versions: boolean): Promise<Origin> {
  const server = await startBucket({ versions });
  const prefix = freshPrefix();
  const more = versions ? ['version_aware = true'] : [];
  return {
    endpoint: server.endpoint,
    stop: server.stop,
    remote: (endpoint) => s3RemoteConfig('r', endpoint, `/${prefix}`, more),
    fill: async (root) => {
      expect((await assay(root, ['data', 'push', '--json'])).code).toBe(0);
    },
  };
}

async function web(): Promise<Origin> {
  const files = new Map<string, Buffer>();
  const server = await startWeb((request, response) => {
    const bytes = files.get(request.url ?? '');
    if (bytes === undefined) return response.writeHead(404).end();
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? -1);
    if (start < 0) return response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    if (start >= bytes.length) return response.writeHead(416).end();
    const range = { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
    return response.writeHead(206, { ...range, 'content-length': bytes.length - start }).end(bytes.subarray(start));
  });
  return {
    ...server,
    remote: (endpoint) => `['remote "r"']\n    url = ${endpoint}/team\n`,
    fill: async (_root, bytes) => void files.set(`/team/${objectKey(md5(bytes))}`, bytes),
  };
}

const ORIGINS: readonly (readonly [string, boolean, () => Promise<Origin>])[] = [
  ['S3', missing === undefined, () => s3(false)],
  ['versions on S3', missing === undefined, () => s3(true)],
  ['a web server', true, web],
];

describe.each(ORIGINS)('a large object from %s', (_name, there, open) => {
  describe.skipIf(!there)(missing ?? 'the server is here', () => {
    const { origin, proxy } = proxied(open);
    let cache: string;
    let large: LargeRead;
    beforeEach(async () => {
      const root = (await newRepository()).folder;
      cache = await newFolder();
      const config = `[core]\n    remote = r\n[cache]\n    dir = ${cache}\n${origin().remote(proxy().endpoint)}`;
      writeFiles(root, { '.dvc/config': config });
      const [file, bytes, staging] = [join(root, 'big'), randomBytes(SIZE), join(cache, 'assay-tmp')];
      large = { root, proxy: proxy(), verb: ['data', 'pull'], done: { fetched: 1 }, file, bytes, staging };
      writeFileSync(file, bytes);
      expect((await assay(root, ['data', 'add', 'big', '--json'])).code).toBe(0);
      await origin().fill(root, bytes);
      forget();
    });

    function forget(): void {
      rmSync(large.file);
      rmSync(join(cache, 'files'), { recursive: true });
    }

    test('goes on after a failure where it stopped', async () => {
      const { size } = statSync(await breakOff(large, 4 * MIB));
      expect(size).toBeGreaterThan(2 * MIB);
      expect(await readToEnd(large)).toBe(size);
    });

    test('goes on after the process was killed', async () => {
      await killReading(large, { stallAfter: 4 * MIB, killAfter: MIB });
      expect(await readToEnd(large)).toBeGreaterThanOrEqual(MIB);
    });

    test('begins anew where what was left is damaged, or longer than the object', async () => {
      const longer = (old: Buffer) => Buffer.concat([old, large.bytes]);
      for (const damage of [(old: Buffer) => old.fill(0, 1000, 1001), longer]) {
        const file = await breakOff(large, 4 * MIB);
        const before = readFileSync(file);
        const after = damage(Buffer.from(before));
        writeFileSync(file, after.equals(before) ? before.fill(1, 1000, 1001) : after);
        await readToEnd(large);
        forget();
      }
    });
  });
});
