import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ObjectServer, S3_KEYS } from '../stores/object-servers.ts';
import { BUCKET, freshPrefix, s3Store, startBucket } from '../stores/s3/s3-fixture.ts';
import { beginRepository, type DvcRepository, dvcRepository, LACKING, TIMEOUT_MS } from './dvc-repository.ts';

/** MD5 of the text `registered`. */
const REGISTERED = 'a2b8ed9c305b8ea86116b603cca78a97';

describe.skipIf(LACKING !== undefined)(`one bucket, DVC and Assay (${LACKING ?? 'both are here'})`, () => {
  let server: ObjectServer;
  let base: string;
  let root: string;
  let prefix: string;
  beforeAll(async () => {
    server = await startBucket();
  }, TIMEOUT_MS);
  afterAll(() => server.stop());
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'assay-dvc-s3-'));
    root = join(base, 'repository');
    prefix = freshPrefix();
    await beginRepository(base, root);
    await mkdir(join(root, 'data', 'deep'), { recursive: true });
    await dvc('remote', 'add', '--quiet', '-d', 'team', `s3://${BUCKET}/${prefix}`);
    for (const [key, value] of [
      ['endpointurl', server.endpoint],
      ['region', 'us-east-1'],
    ] as const)
      await dvc('remote', 'modify', 'team', key, value);
    for (const [key, value] of [
      ['access_key_id', S3_KEYS.accessKeyId],
      ['secret_access_key', S3_KEYS.secretAccessKey],
    ] as const)
      await dvc('remote', 'modify', '--local', 'team', key, value);
    for (const [path, text] of Object.entries(FILES)) await writeFile(join(root, path), text);
  }, TIMEOUT_MS);
  afterEach(() => rm(base, { recursive: true, force: true }));

  const FILES = { 'data/a': 'one', 'data/deep/é 😀': 'two', 'data/empty': '', 'model.bin': 'model' };

  const dvc: DvcRepository['dvc'] = (...args) => dvcRepository(base, root).dvc(...args);
  const ours: DvcRepository['ours'] = (...args) => dvcRepository(base, root).ours(...args);
  async function forget(): Promise<void> {
    for (const path of ['data', 'model.bin', '.dvc/cache']) await rm(join(root, path), { recursive: true });
  }
  async function expectFiles(): Promise<void> {
    for (const [path, text] of Object.entries(FILES)) expect(await readFile(join(root, path), 'utf8')).toBe(text);
  }

  test('DVC reads what we pushed, and pushes nothing again', { timeout: TIMEOUT_MS }, async () => {
    await ours('add', 'data', 'model.bin');
    expect(await ours('push')).toMatchObject({ transferred: 5 });
    expect(JSON.parse(await dvc('status', '--cloud', '--json'))).toEqual({});
    expect(await dvc('push')).toMatch(/up to date/);
    await forget();
    await dvc('pull', '--quiet');
    await expectFiles();
  });

  test('we read what DVC pushed, and push nothing again', { timeout: TIMEOUT_MS }, async () => {
    await dvc('add', '--quiet', 'data', 'model.bin');
    await dvc('push', '--quiet');
    expect(await ours('status', '--cloud')).toMatchObject({ clean: true });
    expect(await ours('push')).toMatchObject({ transferred: 0, present: 5 });
    await forget();
    await ours('pull');
    await expectFiles();
  });

  test('the run cache goes through the bucket both ways', { timeout: TIMEOUT_MS }, async () => {
    await writeFile(
      join(root, 'dvc.yaml'),
      'stages:\n  copy:\n    cmd: cp model.bin out\n    deps: [model.bin]\n    outs: [out]\n',
    );
    await dvc('repro', '--quiet');
    expect(await ours('push', '--run-cache')).toMatchObject({ runs: { transferred: 1, present: 0, refused: [] } });
    expect(await ours('push', '--run-cache')).toMatchObject({ runs: { transferred: 0, present: 1, differing: [] } });
    for (const path of ['out', 'dvc.lock', '.dvc/cache']) await rm(join(root, path), { recursive: true });
    await dvc('fetch', '--quiet', '--run-cache', 'dvc.yaml');
    await dvc('push', '--quiet', '--run-cache');
    await rm(join(root, '.dvc', 'cache'), { recursive: true });
    expect(await ours('fetch', '--run-cache')).toMatchObject({ runs: { transferred: 1, present: 0, refused: [] } });
    expect(await dvc('repro', '--pull')).toContain("Stage 'copy' is cached - skipping run");
    expect(await readFile(join(root, 'out'), 'utf8')).toBe('model');
  });

  test("DVC's gc leaves what is registered, and an import of the bucket is DVC's", {
    timeout: TIMEOUT_MS,
  }, async () => {
    const store = s3Store(server.endpoint, prefix);
    const bytes = Buffer.from('registered');
    await dvc('add', '--quiet', 'model.bin');
    await dvc('push', '--quiet');
    const registered = `assay/files/md5/${REGISTERED.slice(0, 2)}/${REGISTERED.slice(2)}`;
    await store.write([{ key: registered, expected: { md5: REGISTERED, size: bytes.length }, source: { bytes } }]);
    await writeFile(join(root, 'model.bin'), 'newer');
    await dvc('add', '--quiet', 'model.bin');
    await dvc('push', '--quiet');
    await dvc('gc', '--workspace', '--cloud', '--force', '--quiet');
    expect((await store.list('')).filter((key) => !key.endsWith('.dir'))).toHaveLength(2);
    expect(await store.has(registered)).toBe(true);

    const url = `remote://team/${registered}`;
    await dvc('import-url', '--quiet', url, 'brought');
    const expected = await readFile(join(root, 'brought.dvc'), 'utf8');
    await ours('import-url', url, 'brought', '--force');
    expect(await readFile(join(root, 'brought.dvc'), 'utf8')).toBe(expected);
  });
});
