import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { assay } from '../cli/command-line.ts';
import { type ObjectServer, S3_KEYS } from '../stores/object-servers.ts';
import { BUCKET, freshPrefix, keepVersions, s3Client, startBucket } from '../stores/s3/s3-fixture.ts';
import { beginRepository, type DvcRepository, dvcRepository, LACKING, TIMEOUT_MS } from './dvc-repository.ts';

const FILES = { 'data/a': 'one', 'data/deep/é 😀': 'two', 'data/empty': '', 'model.bin': 'model' };
const PIPELINE = 'stages:\n  copy:\n    cmd: cp -r data copied\n    deps: [data]\n    outs: [copied]  # kept\n';

describe.skipIf(LACKING !== undefined)(`version-aware remotes, DVC and Assay (${LACKING ?? 'both are here'})`, () => {
  let server: ObjectServer;
  let base: string;
  let root: string;
  let prefix: string;
  beforeAll(async () => {
    server = await startBucket({ versions: true });
  }, TIMEOUT_MS);
  afterAll(() => server.stop());
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'assay-dvc-versions-'));
    root = join(base, 'repository');
    prefix = freshPrefix();
    await beginRepository(base, root);
    await mkdir(join(root, 'data', 'deep'), { recursive: true });
    const remote = ['[core]', '    remote = team', '[\'remote "team"\']', `    url = s3://${BUCKET}/${prefix}`];
    const settings = [`    endpointurl = ${server.endpoint}`, '    region = us-east-1', '    version_aware = true', ''];
    await writeFile(join(root, '.dvc', 'config'), [...remote, ...settings].join('\n'));
    await writeFile(
      join(root, '.dvc', 'config.local'),
      `['remote "team"']\n    access_key_id = ${S3_KEYS.accessKeyId}\n    secret_access_key = ${S3_KEYS.secretAccessKey}\n`,
    );
    for (const [path, text] of Object.entries(FILES)) await writeFile(join(root, path), text);
    await writeFile(join(root, 'dvc.yaml'), PIPELINE);
  }, TIMEOUT_MS);
  afterEach(() => rm(base, { recursive: true, force: true }));

  const run: DvcRepository['run'] = (...command) => dvcRepository(base, root).run(...command);
  const dvc: DvcRepository['dvc'] = (...args) => dvcRepository(base, root).dvc(...args);
  const ours: DvcRepository['ours'] = (...args) => dvcRepository(base, root).ours(...args);
  const text = (path: string) => readFile(join(root, path), 'utf8');
  const pointers = async () => Promise.all(['data.dvc', 'model.bin.dvc', 'dvc.lock'].map(text));
  async function forget(): Promise<void> {
    for (const path of ['data', 'copied', 'model.bin', '.dvc/cache', '.dvc/tmp'])
      await rm(join(root, path), { recursive: true });
  }
  async function expectFiles(files: Readonly<Record<string, string>> = FILES): Promise<void> {
    for (const [path, content] of Object.entries(files)) expect(await text(path), path).toBe(content);
  }
  async function commit(): Promise<void> {
    await run('git', 'add', '--all');
    await run('git', 'commit', '--quiet', '--message', 'pointers');
  }
  /** Keys below the remote's address, with how many versions they have. */
  async function stored(): Promise<Record<string, number>> {
    const client = s3Client(server.endpoint);
    const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: prefix }));
    client.destroy();
    const counts: Record<string, number> = {};
    for (const { Key = '' } of Versions) {
      const path = Key.slice(prefix.length + 1);
      counts[path] = (counts[path] ?? 0) + 1;
    }
    return counts;
  }
  const withoutVersions = (pointer: string) => pointer.replace(/version_id: \S+/g, 'version_id: …');

  test('DVC pulls what we pushed, finds nothing to do, and would have written the same', {
    timeout: TIMEOUT_MS,
  }, async () => {
    await dvc('add', '--quiet', 'data', 'model.bin');
    await dvc('repro', '--quiet');
    await writeFile(join(root, 'data.dvc'), `# the flights\n${await text('data.dvc')}`);
    await commit();
    const copy = join(base, 'copy');
    await cp(root, copy, { recursive: true });
    expect(await ours('status', '--cloud')).toMatchObject({ clean: false });
    expect(await ours('push')).toMatchObject({
      transferred: 7,
      present: 0,
      written: ['data.dvc', 'dvc.lock', 'model.bin.dvc'],
    });
    const paths = ['a', 'deep/é 😀', 'empty'].flatMap((path) => [`data/${path}`, `copied/${path}`]);
    expect(await stored()).toEqual(Object.fromEntries([...paths, 'model.bin'].map((path) => [path, 1])));
    expect(await ours('status', '--cloud')).toMatchObject({ clean: true });
    expect(await ours('push')).toMatchObject({ transferred: 0, present: 7, written: [] });
    const own = await pointers();
    await commit();

    expect(await dvc('push')).toMatch(/up to date/);
    expect(await pointers()).toEqual(own);
    await forget();
    await dvc('pull', '--quiet');
    await expectFiles();
    expect(await dvc('status')).toMatch(/up to date/);
    expect(JSON.parse(await dvc('data', 'status', '--granular', '--json'))).not.toHaveProperty('uncommitted');
    expect(await pointers()).toEqual(own);

    // The same, pushed by DVC from a copy to another place.
    root = copy;
    await dvc('remote', 'modify', '--quiet', 'team', 'url', `s3://${BUCKET}/${freshPrefix()}`);
    await dvc('push', '--quiet');
    expect((await pointers()).map(withoutVersions)).toEqual(own.map(withoutVersions));
  });

  test('we pull what DVC pushed, by the versions of any commit, and change only what changed', {
    timeout: TIMEOUT_MS,
  }, async () => {
    await dvc('add', '--quiet', 'data', 'model.bin');
    await dvc('repro', '--quiet');
    await dvc('push', '--quiet');
    await commit();
    const first = await pointers();
    await forget();
    expect(await ours('pull')).toMatchObject({ failed: [] });
    await expectFiles();
    expect(await pointers()).toEqual(first);
    expect(await dvc('status')).toMatch(/up to date/);
    expect(await ours('push')).toMatchObject({ transferred: 0 });

    await writeFile(join(root, 'data', 'a'), 'newer');
    await rm(join(root, 'data', 'empty'));
    await ours('add', 'data');
    expect(await ours('push', 'data')).toMatchObject({ transferred: 1, present: 1, written: ['data.dvc'] });
    expect(await stored()).toMatchObject({ 'data/a': 2, 'data/empty': 1, 'data/deep/é 😀': 1 });
    const versionOf = (pointer: string, path: string) =>
      new RegExp(`relpath: ${path}[\\s\\S]*?version_id: (\\S+)`).exec(pointer)?.[1];
    const second = await text('data.dvc');
    expect(versionOf(second, 'deep')).toBe(versionOf(first[0] ?? '', 'deep'));
    expect(versionOf(second, 'a')).not.toBe(versionOf(first[0] ?? '', 'a'));
    expect(await dvc('push', 'data')).toMatch(/up to date/);

    await commit();
    await forget();
    await dvc('pull', '--quiet', 'data.dvc');
    await expectFiles({ 'data/a': 'newer', 'data/deep/é 😀': 'two' });
    // The older commit's versions, which are not the newest.
    await run('git', 'checkout', '--quiet', 'HEAD~1');
    await rm(join(root, '.dvc', 'cache'), { recursive: true });
    await ours('pull', '--force');
    await expectFiles();
  });

  test('get and import read another repository’s versions; executables stay so', { timeout: TIMEOUT_MS }, async () => {
    await chmod(join(root, 'model.bin'), 0o755);
    await ours('add', 'data', 'model.bin');
    await rm(join(root, 'dvc.yaml'));
    await ours('push');
    expect(await text('model.bin.dvc')).toContain('isexec: true');
    await commit();
    await rm(join(root, '.dvc', 'cache'), { recursive: true });
    const source = root;
    root = join(base, 'reader');
    await mkdir(root);
    await run('git', 'init', '--quiet');
    await writeFile(join(root, '.gitignore'), '');
    expect(await ours('get', source, 'data/deep', '--out', 'got')).toMatchObject({ files: 1 });
    expect(await text('got/é 😀')).toBe('two');
    expect(await ours('import', source, 'data')).toMatchObject({ files: 3 });
    expect(await text('data/a')).toBe('one');
  });

  test('a dvc.lock whose outputs go by the default remote and by its name is told once', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const outs = 'outs: [one, two: {remote: team}]';
    await writeFile(join(root, 'dvc.yaml'), `stages:\n  make:\n    cmd: echo 1 | tee one > two\n    ${outs}\n`);
    await dvc('repro', '--quiet');
    expect(await ours('push')).toMatchObject({ transferred: 2, written: ['dvc.lock'] });
    expect(await ours('status', '--cloud')).toMatchObject({ clean: true });
  });

  test('what is not there under its version is named, and a bucket without versions is refused', {
    timeout: TIMEOUT_MS,
  }, async () => {
    await rm(join(root, 'dvc.yaml'));
    await ours('add', 'data');
    await ours('push');
    const pointer = await text('data.dvc');
    await writeFile(
      join(root, 'data.dvc'),
      pointer.replace(/version_id: \S+/, 'version_id: 01ARZ3NDEKTSV4RRFFQ69G5FAV'),
    );
    await rm(join(root, '.dvc', 'cache'), { recursive: true });
    await rm(join(root, 'data'), { recursive: true });
    const { out, code } = await assay(root, ['data', 'pull', '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ failed: [{ path: 'data/a', code: 'E_STORE_OBJECT_MISSING' }] });

    await keepVersions(server.endpoint, 'Suspended');
    await ours('add', 'model.bin');
    const refused = await assay(root, ['data', 'push', 'model.bin', '--json']);
    await keepVersions(server.endpoint);
    expect(refused).toMatchObject({ code: 2 });
    expect(JSON.parse(refused.out)).toMatchObject({ code: 'E_STORE_UNVERSIONED' });
    expect(await text('model.bin.dvc')).not.toContain('cloud');
  });
});
