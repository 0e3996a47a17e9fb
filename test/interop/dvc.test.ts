import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dirObjectOf, isFolder } from '../../lib/pointers/artifacts/artifact.ts';
import { describeArtifact } from '../../lib/pointers/artifacts/describe-artifact.ts';
import { pullArtifact } from '../../lib/pointers/artifacts/pull-artifact.ts';
import { pushArtifact } from '../../lib/pointers/artifacts/push-artifact.ts';
import { resolvePointer } from '../../lib/pointers/artifacts/resolve-pointer.ts';
import { readDvcConfig } from '../../lib/pointers/config/dvc-config.ts';
import { parsePointer, renderPointer, updatePointer } from '../../lib/pointers/formats/pointer-file.ts';
import { objectKey } from '../../lib/pointers/object-key.ts';
import { createLocalStore } from '../../lib/stores/folder/local-store.ts';
import { beginRepository, type DvcRepository, TIMEOUT_MS, WITHOUT_DVC } from './dvc-repository.ts';

describe.skipIf(WITHOUT_DVC !== undefined)(`the real DVC${WITHOUT_DVC === undefined ? '' : `: ${WITHOUT_DVC}`}`, () => {
  let base: string;
  let root: string;
  let place: DvcRepository;
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'assay-dvc-'));
    root = join(base, 'repository');
    place = await beginRepository(base, root);
    await dvc('remote', 'add', '--quiet', '-d', 'Team', join(base, 'remote'));
  }, TIMEOUT_MS);
  afterEach(() => rm(base, { recursive: true, force: true }));

  const dvc = (...args: string[]) => place.dvc(...args);

  async function write(files: Record<string, string>, folder = root): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
  }
  /** The team's remote as our store, found as DVC finds it. */
  async function remoteStore() {
    const { defaultRemote = '', remotes } = await readDvcConfig(root);
    return createLocalStore(remotes.get(defaultRemote) ?? '');
  }

  const FOLDER = { 'data/a-b': 'x', 'data/a.b': 'y', 'data/a/b': 'z', 'data/é 😀.txt': 'ü', 'data/\uff5e.txt': '~' };

  test('what we describe and render is byte for byte what dvc add writes', { timeout: TIMEOUT_MS }, async () => {
    await write({ ...FOLDER, 'run.sh': '#!/bin/sh\n', yes: 'no' });
    await chmod(join(root, 'run.sh'), 0o755);
    await dvc('add', '--quiet', 'data', 'run.sh', 'yes');
    for (const name of ['data', 'run.sh', 'yes']) {
      const text = await readFile(join(root, `${name}.dvc`), 'utf8');
      const record = await describeArtifact(join(root, name));
      const { md5, size, files, path } = record;
      const nfiles = isFolder(record) ? { nfiles: files.length } : {};
      expect(renderPointer({ md5, size, ...nfiles, isexec: name === 'run.sh', path })).toBe(text);
      if (isFolder(record)) {
        const listing = await readFile(join(root, '.dvc', 'cache', ...objectKey(md5).split('/')), 'utf8');
        expect(dirObjectOf(files)).toBe(listing);
      }
    }
  });

  test('we bring what DVC pushed', { timeout: TIMEOUT_MS }, async () => {
    await write(FOLDER);
    await dvc('add', '--quiet', 'data');
    await dvc('push', '--quiet');
    await rm(join(root, 'data'), { recursive: true });
    await rm(join(root, '.dvc', 'cache'), { recursive: true });
    const store = await remoteStore();
    const [resolved] = await resolvePointer(join(root, 'data.dvc'), { root, storeFor: () => store });
    expect(resolved?.state).toBe('brought');
    for (const [path, text] of Object.entries(FOLDER)) expect(await readFile(join(root, path), 'utf8')).toBe(text);
    // Not "modified": the data is what the pointer names; only DVC's cache, which is not ours to fill, lacks it.
    expect(JSON.parse(await dvc('status', '--json'))).toEqual({
      'data.dvc': [{ 'changed outs': { data: 'not in cache' } }],
    });
  });

  test('DVC brings what we pushed, and takes our changed pointer', { timeout: TIMEOUT_MS }, async () => {
    await write(FOLDER, join(base, 'made'));
    const record = await describeArtifact(join(base, 'made', 'data'));
    const remote = createLocalStore(join(base, 'remote', 'assay'));
    // An artifact's root is a DVC remote of its own.
    await pushArtifact(join(base, 'made', 'data'), record, createLocalStore(join(base, 'remote')));
    expect(await remote.list('')).not.toEqual([]);
    await dvc('remote', 'add', '--quiet', 'registered', join(base, 'remote', 'assay'));
    const { md5, size, files, path } = record;
    await writeFile(join(root, 'data.dvc'), renderPointer({ md5, size, nfiles: files.length, isexec: false, path }));
    await dvc('pull', '--quiet', '-r', 'registered', 'data.dvc');
    for (const [file, text] of Object.entries(FOLDER)) expect(await readFile(join(root, file), 'utf8')).toBe(text);

    await write({ 'made/data/new': 'new' }, base);
    const changed = await describeArtifact(join(base, 'made', 'data'));
    await pushArtifact(join(base, 'made', 'data'), changed, createLocalStore(join(base, 'remote')));
    const before = await readFile(join(root, 'data.dvc'), 'utf8');
    const content = { md5: changed.md5, size: changed.size, nfiles: changed.files.length, isexec: false, path };
    await writeFile(join(root, 'data.dvc'), updatePointer(`# ours\n${before}`, content, 'data.dvc'));
    await dvc('pull', '--quiet', '--force', '-r', 'registered', 'data.dvc');
    expect(await readFile(join(root, 'data', 'new'), 'utf8')).toBe('new');
  });

  test('a team that clears its remote does not lose registered artifacts', { timeout: TIMEOUT_MS }, async () => {
    await write({ 'model/weights': 'weights', 'old.csv': 'old', 'rows.csv': 'rows' });
    await dvc('add', '--quiet', 'old.csv', 'rows.csv');
    await dvc('push', '--quiet');
    const store = await remoteStore();
    const record = await describeArtifact(join(root, 'model'));
    await pushArtifact(join(root, 'model'), record, store);
    const [old] = parsePointer(await readFile(join(root, 'old.csv.dvc'), 'utf8'), 'old.csv.dvc').outs;
    await rm(join(root, 'old.csv.dvc'));
    await place.run('git', 'add', '-A');
    await place.run('git', 'commit', '--quiet', '-m', 'rows only');
    await dvc('gc', '--quiet', '--workspace', '--cloud', '--force');
    expect(await store.has(objectKey(old?.md5 ?? ''))).toBe(false);
    expect(await pullArtifact(record, store, join(base, 'pulled'))).toBe('pulled');
    expect(await readdir(join(base, 'pulled'))).toEqual(['weights']);
  });
});
