import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { assay } from '../cli/command-line.ts';
import { type ObjectServer, S3_KEYS } from '../stores/object-servers.ts';
import { BUCKET, freshPrefix, s3Client, startBucket } from '../stores/s3/s3-fixture.ts';
import { beginRepository, type DvcRepository, dvcRepository, LACKING, TIMEOUT_MS } from './dvc-repository.ts';

const timeout = { timeout: TIMEOUT_MS };

describe.skipIf(LACKING !== undefined)(`sources of data, DVC and Assay (${LACKING ?? 'both are here'})`, () => {
  let server: ObjectServer;
  let base: string;
  let root: string;
  let prefix: string;
  beforeAll(async () => {
    server = await startBucket({ versions: true });
    vi.stubEnv('AWS_ACCESS_KEY_ID', S3_KEYS.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', S3_KEYS.secretAccessKey);
  }, TIMEOUT_MS);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server.stop();
  });
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'assay-dvc-sources-'));
    prefix = freshPrefix();
    await mkdir(join(base, '.aws'));
    const keys = `aws_access_key_id = ${S3_KEYS.accessKeyId}\naws_secret_access_key = ${S3_KEYS.secretAccessKey}\n`;
    await writeFile(join(base, '.aws', 'credentials'), `[default]\n${keys}`);
    root = await begun('repository');
  }, TIMEOUT_MS);
  afterEach(() => rm(base, { recursive: true, force: true }));

  const run: DvcRepository['run'] = (...command) => dvcRepository(base, root).run(...command);
  const dvc: DvcRepository['dvc'] = (...args) => dvcRepository(base, root).dvc(...args);
  const ours: DvcRepository['ours'] = (...args) => dvcRepository(base, root).ours(...args);
  const text = (path: string) => readFile(join(root, path), 'utf8');
  const forget = async (...paths: string[]) => {
    for (const path of ['.dvc/cache', ...paths]) await rm(join(root, path), { recursive: true, force: true });
  };
  async function begun(name: string): Promise<string> {
    const folder = join(base, name);
    const { run: here } = await beginRepository(base, folder);
    await here('git', 'commit', '--quiet', '--message', 'begin');
    return folder;
  }
  async function commit(): Promise<void> {
    await run('git', 'add', '--all');
    await run('git', 'commit', '--quiet', '--message', 'more');
  }
  /** A copy of the repository, in which DVC does what we do here. */
  async function twin(): Promise<{ readonly dvc: DvcRepository['dvc']; readonly text: typeof text }> {
    const folder = join(base, 'twin');
    await rm(folder, { recursive: true, force: true });
    await cp(root, folder, { recursive: true });
    return { dvc: dvcRepository(base, folder).dvc, text: (path) => readFile(join(folder, path), 'utf8') };
  }
  async function put(files: Readonly<Record<string, string | undefined>>): Promise<Record<string, string>> {
    const client = s3Client(server.endpoint);
    const versions: Record<string, string> = {};
    for (const [path, Body] of Object.entries(files)) {
      const Key = `${prefix}/${path}`;
      if (Body === undefined) await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
      else versions[path] = (await client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }))).VersionId ?? '';
    }
    client.destroy();
    return versions;
  }
  const at = (path: string) => `s3://${BUCKET}/${prefix}/${path}`;
  const spoken = () => ['--fs-config', `endpointurl=${server.endpoint}`, 'region=us-east-1'];

  /** DVC writes the digest of what the stage was before into some pointers, and then finds it changed. */
  const beyondDigest = (pointer: string) => pointer.replace(/^md5: .*\n/, '');

  test(
    'imports from a bucket that keeps versions are those of DVC, and both bring what was imported',
    timeout,
    async () => {
      const { 'file.csv': version = '' } = await put({ 'file.csv': 'one', 'rows/a': 'aaa', 'rows/deep/b': 'bbbb' });
      const imports: [string, string[]][] = [
        ['file.csv', ['--version-aware', at('file.csv')]],
        ['rows', ['--version-aware', at('rows')]],
        ['open', ['--version-aware', at('rows'), 'open', '--no-download']],
        ['open.csv', ['--version-aware', at('file.csv'), 'open.csv', '--no-download']],
        ['unseen', ['--version-aware', at('file.csv'), 'unseen', '--no-exec']],
        ['plain', [at('file.csv'), 'plain']],
        ['folder', [at('rows'), 'folder']],
        ['folder-open', [at('rows'), 'folder-open', '--no-download']],
        ['named', [`${at('file.csv')}?versionId=${version}`, 'named']],
      ];
      const beside = await twin();
      for (const [name, args] of imports) {
        await beside.dvc('import-url', '--quiet', ...args, ...spoken());
        await ours('import-url', ...args, ...spoken());
        expect(await text(`${name}.dvc`), args.join(' ')).toBe(await beside.text(`${name}.dvc`));
      }
      await put({ 'file.csv': 'newer', 'rows/a': 'AAAA', 'rows/c': 'cc', 'rows/deep/b': undefined });
      const known = ['file.csv', 'rows', 'plain', 'named'];
      const then = async () => {
        for (const path of ['file.csv', 'plain', 'named']) expect(await text(path), path).toBe('one');
        expect(await text('rows/a')).toBe('aaa');
        expect(await text('rows/deep/b')).toBe('bbbb');
      };
      await forget(...known);
      await dvc('pull', '--quiet', ...known);
      await then();
      await forget(...known);
      // Of these no versions are known, and the source has changed.
      for (const name of ['folder', 'folder-open']) await rm(join(root, `${name}.dvc`));
      expect(await ours('pull')).toMatchObject({ failed: [], written: ['open.csv.dvc', 'open.dvc', 'unseen.dvc'] });
      await then();
      expect(await text('open/deep/b')).toBe('bbbb');
      expect(await text('open.csv')).toBe('one');
      // Nothing was noted of it, so it is what is there now.
      expect(await text('unseen')).toBe('newer');
      await forget();
      await dvc('fetch', '--quiet', 'open.csv');
    },
  );

  test('updates of what versions tell are those of DVC', timeout, async () => {
    const { 'file.csv': first = '' } = await put({ 'file.csv': 'one', 'rows/a': 'aaa', 'rows/b': 'bbbb' });
    for (const name of ['file.csv', 'rows'])
      await dvc('import-url', '--quiet', '--version-aware', at(name), ...spoken());
    for (const [from, name] of [
      ['rows', 'open'],
      ['file.csv', 'left'],
    ] as const) {
      await dvc('import-url', '--quiet', '--version-aware', at(from), name, ...spoken());
    }
    await commit();
    await put({ 'file.csv': 'newer', 'rows/a': 'AAAA', 'rows/c': 'cc', 'rows/b': undefined });
    const beside = await twin();
    await beside.dvc('update', '--quiet', 'file.csv.dvc', 'rows.dvc');
    await beside.dvc('update', '--quiet', '--no-download', 'open.dvc', 'left.dvc');
    expect(await ours('update', 'file.csv', 'rows')).toMatchObject({
      updated: [{ state: 'changed' }, { state: 'changed' }],
    });
    const left = [
      { path: 'left', pointer: 'left.dvc', state: 'changed' },
      { path: 'open', pointer: 'open.dvc', state: 'changed' },
    ];
    expect(await ours('update', '--no-download', 'open', 'left')).toMatchObject({ updated: left });
    for (const name of ['file.csv', 'rows'])
      expect(await text(`${name}.dvc`), name).toBe(await beside.text(`${name}.dvc`));
    for (const name of ['open', 'left']) {
      expect(beyondDigest(await text(`${name}.dvc`)), name).toBe(beyondDigest(await beside.text(`${name}.dvc`)));
      expect(await dvc('status', `${name}.dvc`), name).not.toContain('changed checksum');
    }
    expect([await text('file.csv'), await text('rows/c'), await text('left')]).toEqual(['newer', 'cc', 'one']);
    expect(await ours('update', 'file.csv', 'rows')).toMatchObject({
      updated: [{ state: 'unchanged' }, { state: 'unchanged' }],
    });
    await ours('pull', 'open', 'left', '--force');
    expect(await text('left')).toBe('newer');

    await beside.dvc('update', '--quiet', '--rev', first, 'file.csv.dvc');
    await ours('update', '--rev', first, 'file.csv');
    expect(await text('file.csv.dvc')).toBe(await beside.text('file.csv.dvc'));
    expect(await text('file.csv')).toBe('one');
  });

  test('a version in an address is what is brought, and an update does not stay with it', timeout, async () => {
    const { file: first = '' } = await put({ file: 'one' });
    await put({ file: 'two' });
    await ours('import-url', `${at('file')}?versionId=${first}`, ...spoken());
    // DVC imports what is there now, and after an update cannot read its own pointer.
    expect(await text('file')).toBe('one');
    await forget('file');
    await ours('pull');
    expect(await text('file')).toBe('one');
    await ours('update', 'file');
    expect(await text('file')).toBe('two');
    expect(await text('file.dvc')).toContain(`path: ${at('file')}\n`);
    await dvc('update', '--quiet', 'file.dvc');
    await forget('file');
    await dvc('pull', '--quiet', 'file');
    expect(await text('file')).toBe('two');
  });

  async function mirrored(): Promise<void> {
    const remote = ['[core]', '    remote = team', '[\'remote "team"\']', `    url = s3://${BUCKET}/${prefix}`];
    const settings = [`    endpointurl = ${server.endpoint}`, '    region = us-east-1', '    worktree = true', ''];
    await writeFile(join(root, '.dvc', 'config'), [...remote, ...settings].join('\n'));
    await mkdir(join(root, 'data', 'deep'), { recursive: true });
    const files = { 'data/a': 'one', 'data/deep/b': 'two', 'data/c': 'three', model: 'model', kept: 'kept' };
    for (const [path, content] of Object.entries(files)) await writeFile(join(root, path), content);
    await writeFile(
      join(root, 'dvc.yaml'),
      'stages:\n  copy:\n    cmd: cp -r data copied\n    deps: [data]\n    outs: [copied]\n',
    );
    await dvc('add', '--quiet', 'data', 'model', 'kept');
    await dvc('repro', '--quiet');
    await dvc('push', '--quiet');
    await commit();
  }

  test('what others put into a worktree remote comes here as with DVC, and both pull it', timeout, async () => {
    await mirrored();
    await writeFile(join(root, 'never'), 'never');
    await dvc('add', '--quiet', 'never');
    // One file has new bytes, one the same as a new version, one is new, one is gone.
    await put({ 'data/a': 'ONE!', 'data/c': 'three', 'data/n/new': 'new', 'data/deep/b': undefined });
    await put({ model: 'another', 'copied/a': 'xxx' });
    const targets = ['data.dvc', 'model.dvc', 'kept.dvc', 'never.dvc', 'dvc.yaml'];
    const beside = await twin();
    await beside.dvc('update', '--quiet', ...targets);
    const state = ({ path, ...rest }: { path: string; state: string }) => [path, rest.state];
    const { updated } = Object(await ours('update', ...targets));
    expect(updated.map(state)).toEqual([
      ['copied', 'changed'],
      ['data', 'changed'],
      ['kept', 'unchanged'],
      ['model', 'changed'],
      ['never', 'skipped'],
    ]);
    expect([await text('data/a'), await text('data/n/new'), await text('model')]).toEqual(['ONE!', 'new', 'another']);
    await expect(text('data/deep/b')).rejects.toThrow('ENOENT');
    for (const name of ['model.dvc', 'kept.dvc', 'never.dvc']) expect(await text(name)).toBe(await beside.text(name));
    // DVC forgets of which remote the versions of new files are: both forms are read, ours says it.
    const nameless = (pointer: string) =>
      pointer
        .replace(/ *cloud:\n *team:\n/g, '')
        .split('\n')
        .map((line) => line.trim());
    for (const name of ['data.dvc', 'dvc.lock']) {
      expect(nameless(await text(name)).sort(), name).toEqual(nameless(await beside.text(name)).sort());
    }
    await forget('data', 'model', 'copied');
    await dvc('pull', '--quiet', 'data', 'model', 'copied');
    expect([await text('data/a'), await text('copied/a'), await text('model')]).toEqual(['ONE!', 'xxx', 'another']);
    expect(await dvc('push', 'data', 'model', 'copied')).toMatch(/up to date/);

    await writeFile(join(root, 'data.dvc'), await beside.text('data.dvc'));
    await forget('data');
    expect(await ours('pull', 'data')).toMatchObject({ failed: [] });
    expect([await text('data/a'), await text('data/n/new')]).toEqual(['ONE!', 'new']);
    expect(await ours('push', 'data')).toMatchObject({ transferred: 0 });
  });

  test(
    'an update of a worktree remote loses nothing that is nowhere else, and takes no options of imports',
    timeout,
    async () => {
      await mirrored();
      await put({ 'data/a': 'ONE!' });
      await writeFile(join(root, 'data', 'a'), 'mine');
      const refused = async (...args: string[]) => {
        const { out, code } = await assay(root, ['data', 'update', 'data', ...args, '--json']);
        return { exit: code, ...Object(JSON.parse(out)) };
      };
      expect(await refused()).toMatchObject({ exit: 2, code: 'E_CHECKOUT_LOSES' });
      expect(await text('data/a')).toBe('mine');
      for (const option of [['--rev', 'main'], ['--to-remote'], ['--no-download']]) {
        expect(await refused(...option)).toMatchObject({ exit: 2, code: 'E_DATA_OPTION' });
      }
      await ours('update', 'data', '--force');
      expect(await text('data/a')).toBe('ONE!');
    },
  );

  test('data known by versions alone are brought, and verified from then on', timeout, async () => {
    await mirrored();
    const before = [await text('data.dvc'), await text('model.dvc')];
    const without = (pointer: string) =>
      pointer.replace(/^( *)md5: .*\n/gm, '').replace('- md5: 20f35e630daf44dbfa4c3f68f5399d8c\n  size', '- size');
    await writeFile(join(root, 'data.dvc'), without(before[0] ?? ''));
    await writeFile(join(root, 'model.dvc'), without(before[1] ?? ''));
    await commit();
    await forget('data', 'model');
    await put({ 'data/a': 'newer', model: 'newer' });
    expect(await ours('status', '--cloud', 'data', 'model')).toMatchObject({ clean: false });
    expect(await ours('pull', 'data', 'model')).toMatchObject({ failed: [], written: ['data.dvc', 'model.dvc'] });
    expect([await text('data/a'), await text('model')]).toEqual(['one', 'model']);
    expect(await text('data.dvc')).toBe(before[0]);
    const lines = (pointer: string) => pointer.replaceAll('- ', '  ').split('\n').sort();
    expect(lines(await text('model.dvc'))).toEqual(lines(before[1] ?? ''));
    expect(await dvc('status', 'data.dvc', 'model.dvc')).toMatch(/up to date/);
    expect(await ours('status', '--cloud', 'data', 'model')).toMatchObject({ clean: true });

    // What was noted has to be what comes.
    await writeFile(
      join(root, 'data.dvc'),
      without(before[0] ?? '').replace(/etag: \w{32}/, `etag: ${'f'.repeat(32)}`),
    );
    await forget('data');
    const { out, code } = await assay(root, ['data', 'pull', 'data', '--json']);
    expect({ code, ...Object(JSON.parse(out)) }).toMatchObject({
      code: 3,
      failed: [{ code: 'E_STORE_OBJECT_CORRUPT' }],
    });
    await run('git', 'checkout', '--quiet', 'data.dvc');
    expect(await ours('get', '.', 'data/deep/b', '--out', 'copy', '--rev', 'HEAD')).toMatchObject({ size: 3 });
    expect(await text('copy')).toBe('two');
  });

  test('what DVC takes out of a database is data like all other', timeout, async () => {
    await writeFile(join(root, 'rows.csv'), 'a,b\n1,2\n');
    const script = [
      'from dvc.repo import Repo',
      "repo = Repo('.')",
      "db = {'connection': 'pg', 'file_format': 'csv', 'query': 'select * from rows'}",
      'with repo.lock:',
      "    kind = dict(single_stage=True, validate=False, fname='rows.csv.dvc', wdir='.', db=db)",
      "    stage = repo.stage.create(deps=[None], outs=['rows.csv'], **kind)",
      '    stage.save()',
      '    stage.commit()',
      '    stage.frozen = True',
      '    stage.dump()',
    ];
    await run(join(process.env.ASSAY_TEST_VENV ?? '', 'bin', 'python'), '-c', script.join('\n'));
    const before = await text('rows.csv.dvc');
    expect(before).toContain('query: select * from rows');
    await dvc('remote', 'add', '--quiet', '--default', 'team', join(base, 'remote'));
    expect(await ours('push')).toMatchObject({ transferred: 1 });
    await forget('rows.csv');
    expect(await ours('pull')).toMatchObject({ fetched: 1, failed: [] });
    expect(await text('rows.csv')).toBe('a,b\n1,2\n');
    expect(await ours('status')).toMatchObject({ clean: true });
    const { out, code } = await assay(root, ['data', 'update', 'rows.csv', '--json']);
    expect({ code, ...Object(JSON.parse(out)) }).toMatchObject({ code: 'E_DATA_DATABASE', fix: /dvc update/ });
    expect(await text('rows.csv.dvc')).toBe(before);
  });

  /** A repository with data on its second remote alone. */
  async function source(): Promise<string> {
    const folder = await begun('source');
    const there = dvcRepository(base, folder);
    await mkdir(join(folder, 'data', 'deep'), { recursive: true });
    for (const [path, content] of [
      ['data/a', 'one'],
      ['data/deep/b', 'twotwo'],
      ['read.me', 'text'],
    ] as const)
      await writeFile(join(folder, path), content);
    await there.dvc('add', '--quiet', 'data');
    for (const name of ['one', 'two']) await there.dvc('remote', 'add', '--quiet', name, join(base, name));
    await there.dvc('remote', 'default', '--quiet', 'one');
    await there.dvc('push', '--quiet', '--remote', 'two');
    await there.run('git', 'add', '--all');
    await there.run('git', 'commit', '--quiet', '--message', 'data');
    await rm(join(folder, '.dvc', 'cache'), { recursive: true });
    return folder;
  }

  test('a source repository is read with another configuration, as DVC notes it', timeout, async () => {
    const from = await source();
    await writeFile(join(root, 'over.ini'), '[core]\n    remote = two\n');
    const two = ['--remote-config', `url=${join(base, 'two')}`];
    const imports = [
      ['by-remote', '--remote', 'two'],
      ['by-config', '--config', 'over.ini'],
      ['by-options', ...two],
      ['by-both', '--remote', 'third', ...two],
    ] as const;
    const beside = await twin();
    for (const [name, ...how] of imports) {
      await beside.dvc('import', '--quiet', from, 'data', '-o', name, ...how);
      await ours('import', from, 'data', '-o', name, ...how);
      expect(await text(`${name}.dvc`), name).toBe(await beside.text(`${name}.dvc`));
      // Each comes anew by what its pointer says.
      await forget(name);
      expect(await ours('pull', name), name).toMatchObject({ failed: [] });
      expect(await text(`${name}/a`)).toBe('one');
      expect(await ours('get', from, 'data/a', '--out', `${name}.got`, ...how)).toMatchObject({ size: 3 });
    }
    await forget(...imports.map(([name]) => name));
    await dvc('pull', '--quiet');
    expect(await text('by-both/deep/b')).toBe('twotwo');
    const paths = Object(await ours('ls', from, 'data', '-R', '--remote', 'two')).entries.map(
      ({ path }: { path: string }) => path,
    );
    expect(paths).toEqual(['data/a', 'data/deep/b']);
  });

  test('what a repository holds, how much, and where, is what DVC says', timeout, async () => {
    const from = await source();
    const there = dvcRepository(base, from);
    await there.dvc('pull', '--quiet', '--remote', 'two');
    const listed = JSON.parse(await dvc('list', from, '--recursive', '--json'));
    const { entries } = Object(await ours('ls', from, '-R', '--size'));
    const plain = ({ path, size, md5 }: { path: string; size?: number; md5?: string | null }) => [
      path,
      size,
      md5 ?? undefined,
    ];
    expect(entries.map(plain)).toEqual(listed.map(plain));
    const levels = JSON.parse(await dvc('list', from, '--recursive', '--level', '2', '--json'));
    expect(Object(await ours('ls', from, '-R', '-L', '2')).entries.map(({ path }: { path: string }) => path)).toEqual(
      levels.map(({ path }: { path: string }) => path),
    );
    const { out: drawn } = await assay(root, ['data', 'ls', from, '-T']);
    const branches = (tree: string) =>
      tree
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => /^[│├└]/.test(line));
    expect(branches(drawn)).toEqual(branches(await dvc('list', from, '--tree')));

    for (const path of ['.', 'data', 'data/deep']) {
      const last = (await dvc('du', from, path === '.' ? '' : path)).trimEnd().split('\n').at(-1);
      expect(Object(await ours('du', from, path, '--summarize')).size, path).toBe(Number(last?.trim().split(/\s+/)[0]));
    }
    for (const args of [['data'], ['data/deep/b'], ['data/a', '--remote', 'two']]) {
      const [url] = (await dvc('get', from, '--show-url', ...args)).trim().split('\n');
      expect(await ours('get', from, '--show-url', ...args), args.join(' ')).toMatchObject({ url });
    }
  });

  test('an update goes straight to the remote as with DVC', timeout, async () => {
    const outside = join(base, 'rows');
    await mkdir(outside);
    await writeFile(join(outside, 'a'), 'one');
    await dvc('remote', 'add', '--quiet', '--default', 'team', join(base, 'remote'));
    await dvc('import-url', '--quiet', outside, 'rows');
    await commit();
    await writeFile(join(outside, 'a'), 'other');
    const beside = await twin();
    await beside.dvc('update', '--quiet', '--to-remote', 'rows.dvc');
    await rm(join(base, 'remote'), { recursive: true });
    expect(await ours('update', '--to-remote', 'rows')).toMatchObject({ updated: [{ state: 'changed' }] });
    expect(beyondDigest(await text('rows.dvc'))).toBe(beyondDigest(await beside.text('rows.dvc')));
    expect(await dvc('status', 'rows.dvc')).not.toContain('changed checksum');
    expect(await text('rows/a')).toBe('one');
    await forget('rows');
    await dvc('pull', '--quiet');
    expect(await text('rows/a')).toBe('other');
  });
});
