import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assay } from '../../cli/command-line.ts';
import { newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';
import { type Fault, type FaultProxy, seededFaults, startFaultProxy } from '../../stores/fault-proxy.ts';
import { missingServer, type ObjectServer, S3_KEYS } from '../../stores/object-servers.ts';
import { BUCKET, freshPrefix, startBucket } from '../../stores/s3/s3-fixture.ts';

const MISSING = missingServer('versitygw');

/** What a failing request can be without being the end: each must be outlived, or end in a plain error. */
const FAULTS: readonly ((draw: number) => Fault)[] = [
  (draw) => ({ kind: 'drop', after: draw % 2_000 }),
  () => ({ kind: 'drop', after: 0 }),
  (draw) => ({ kind: 'drop-upload', after: draw % 2_000 }),
  () => ({ kind: 'lose-answer' }),
  (draw) => ({ kind: 'truncate', after: draw % 500 }),
  () => ({ kind: 'status', status: 500 }),
  () => ({ kind: 'status', status: 503, code: 'SlowDown' }),
  () => ({ kind: 'status', status: 429, code: 'TooManyRequests' }),
  (draw) => ({ kind: 'flip', at: draw }),
  (draw) => ({ kind: 'flip-upload', at: draw }),
  () => ({ kind: 'slow', pieceBytes: 50_000, pauseMs: 1 }),
];

describe.skipIf(MISSING !== undefined)(`data verbs over a store that fails (${MISSING ?? 'versitygw'})`, () => {
  let server: ObjectServer;
  let proxy: FaultProxy;
  /** Everything that any verb printed. */
  let printed = '';
  beforeAll(async () => {
    server = await startBucket();
    proxy = await startFaultProxy(server.endpoint);
  });
  afterAll(async () => {
    await proxy.stop();
    await server.stop();
  });

  async function data(root: string, verb: string, ...args: string[]) {
    const { out, err, code } = await assay(root, ['data', verb, '--json', '--verbose', ...args]);
    printed += out + err;
    const document = Object(JSON.parse(out));
    const parts = [...(document.failed ?? []), ...(document.outputs ?? [])];
    return { exit: code, code: parts.find((part) => part.code)?.code, ...document };
  }

  const FILES = Object.fromEntries([
    ...Array.from({ length: 40 }, (_, i) => [`part/${i}`, `file ${i} `.repeat(30)] as const),
    ['large', 'large '.repeat(400_000)],
  ]);

  async function repository(keys = S3_KEYS) {
    const { folder: root } = await newRepository();
    mkdirSync(join(root, '.dvc'));
    const url = `s3://${BUCKET}/${freshPrefix()}`;
    writeFileSync(join(root, '.dvc', 'config'), `[core]\n    remote = r\n['remote "r"']\n    url = ${url}\n`);
    const local = [`endpointurl = ${proxy.endpoint}`, 'region = us-east-1', `access_key_id = ${keys.accessKeyId}`];
    const lines = [...local, `secret_access_key = ${keys.secretAccessKey}`].map((line) => `    ${line}\n`);
    writeFileSync(join(root, '.dvc', 'config.local'), `['remote "r"']\n${lines.join('')}`);
    writeFiles(join(root, 'd'), FILES);
    proxy.use(() => undefined);
    expect(await data(root, 'add', 'd')).toMatchObject({ exit: 0 });
    return root;
  }

  const forget = (root: string) => {
    for (const path of ['d', '.dvc/cache']) rmSync(join(root, path), { recursive: true, force: true });
  };

  test.each([1, 2, 3])('push and pull through faults of every kind end whole or say why (seed %i)', async (seed) => {
    const root = await repository();
    const plan = (what: string) =>
      seededFaults(
        `${what} ${seed}`,
        12,
        (draw) => FAULTS[draw % FAULTS.length]?.(draw >>> 4) ?? { kind: 'lose-answer' },
      );
    proxy.use(plan('push'));
    const pushed = await data(root, 'push');
    if (pushed.exit !== 0) expect(pushed).toMatchObject({ exit: 3, code: expect.stringMatching(/^E_STORE_/) });
    proxy.use(() => undefined);
    expect(await data(root, 'push')).toMatchObject({ exit: 0, failed: [] });
    forget(root);
    proxy.use(plan('pull'));
    const pulled = await data(root, 'pull');
    if (pulled.exit !== 0) {
      expect(pulled).toMatchObject({ exit: 3, code: expect.stringMatching(/^E_(STORE|CACHE)_/) });
      expect(existsSync(join(root, 'd'))).toBe(false);
    }
    proxy.use(() => undefined);
    expect(await data(root, 'pull')).toMatchObject({ exit: 0 });
    expect(readFiles(join(root, 'd'))).toEqual(FILES);
    expect(await data(root, 'verify')).toMatchObject({ sound: true });
  });

  test.each([
    ['403', { kind: 'status', status: 403, code: 'AccessDenied' }, 'E_STORE_DENIED'],
    ['401', { kind: 'status', status: 401, code: 'Unauthorized' }, 'E_STORE_DENIED'],
    ['an expired token', { kind: 'status', status: 400, code: 'ExpiredToken' }, 'E_STORE_DENIED'],
    ['400', { kind: 'status', status: 400, code: 'InvalidRequest' }, 'E_STORE_REQUEST'],
  ] as const)('%s ends at once with its own error, and nothing is lost', async (_status, fault, code) => {
    const root = await repository();
    proxy.use(() => fault);
    expect(await data(root, 'push')).toMatchObject({ exit: 3, code });
    forget(root);
    const asked = proxy.requests.length;
    expect(await data(root, 'pull')).toMatchObject({ exit: 3, code });
    expect(proxy.requests.length - asked).toBeLessThan(20);
    expect(existsSync(join(root, 'd'))).toBe(false);
  });

  test('a store that lies about content is named, and nothing of it is used', async () => {
    const root = await repository();
    expect(await data(root, 'push')).toMatchObject({ exit: 0 });
    forget(root);
    const lies = new RegExp(`/${'[0-9a-f]'.repeat(2)}/[0-9a-f]{30}(\\?|$)`);
    proxy.use(({ method, path }) => (method === 'GET' && lies.test(path) ? { kind: 'flip', at: 7 } : undefined));
    expect(await data(root, 'pull')).toMatchObject({ exit: 3, code: 'E_STORE_OBJECT_CORRUPT' });
    expect(existsSync(join(root, 'd'))).toBe(false);
    proxy.use(() => undefined);
    expect(await data(root, 'pull')).toMatchObject({ exit: 0 });
    expect(readFiles(join(root, 'd'))).toEqual(FILES);
  });

  test('credentials are in nothing that was printed or written', async () => {
    const wrong = { accessKeyId: 'wrong-key-id', secretAccessKey: 'never-to-be-seen' };
    const root = await repository(wrong);
    expect(await data(root, 'push')).toMatchObject({ exit: 3 });
    expect(await data(root, 'status', '--cloud')).toMatchObject({ exit: 3 });
    for (const secret of [wrong.secretAccessKey, S3_KEYS.secretAccessKey, 'secret-in-a-message', 'X-Amz-Signature']) {
      expect(printed.includes(secret)).toBe(false);
    }
    rmSync(join(root, '.dvc', 'config.local'));
    rmSync(join(root, '.git'), { recursive: true });
    expect(JSON.stringify(readFiles(root)).includes(wrong.secretAccessKey)).toBe(false);
    expect(readFileSync(join(root, 'd.dvc'), 'utf8')).not.toContain('wrong');
  });
});
