import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { get } from '../../../lib/commands/registry/get.ts';
import type { RegisterRequestInput } from '../../../lib/commands/registry/register.ts';
import { digestFile, digestOf } from '../../../lib/digest.ts';
import { VersionRecord } from '../../../lib/registry/records.ts';
import { newFolder } from '../../git/repository.ts';
import { commit, copyOf, errorOf, flipByte, opened, WEIGHTS, type Workspace } from '../repository.ts';
import {
  branches,
  newCandidate,
  newProduction,
  newTrained,
  promoted,
  registered,
  stateOf,
  storeFiles,
  trained,
} from '../verbs.ts';

let fresh: Workspace;
let production: Workspace;
let candidate: Workspace;
beforeAll(async () => {
  fresh = await newTrained();
  production = await newProduction();
  candidate = await newCandidate();
});

describe('register', () => {
  it('keeps artifact, run, profile, signature, lineage and decision, and a GTO tag', async () => {
    const workspace = await copyOf(production);
    const { run } = await trained(workspace, WEIGHTS.good);
    const { record, decision, tags, existed } = await registered(workspace);
    expect(existed).toBe(false);
    expect(tags).toEqual(['late@v1.1.0']);
    const { remote } = workspace;
    const show = async (path: string) => JSON.parse(await remote.text(['show', `assay/registry:${path}`]));
    const paths = (await remote.text(['ls-tree', '-r', '--name-only', 'assay/registry'])).split('\n');
    const find = (kind: string, digest: string) =>
      paths.find((path) => path.includes(`/${kind}/`) && path.includes(digest.slice(7))) ?? `no ${kind}`;
    expect(VersionRecord.parse(await show(paths.find((path) => path.endsWith('versions/1.1.0.json')) ?? ''))).toEqual(
      record,
    );
    expect(await show(find('runs', record.run))).toEqual(run.record);
    expect(digestOf(await show(find('profiles', record.profile)))).toBe(run.record.profile);
    expect(await show(find('decisions', record.decision ?? ''))).toEqual(decision);
    expect(record).toMatchObject({
      signature: digestOf(run.record.signature),
      recipe: run.record.recipe,
      runKey: run.record.key,
      registeredBy: 'Ada',
      lineage: {
        commit: await workspace.git.text(['rev-parse', 'HEAD']),
        data: [{ dataset: 'days', digest: run.record.inputs.data.digest }],
        baseline: '1.0.0',
      },
    });
    for (const file of record.artifact.files) {
      const stored = join(workspace.store, 'assay/files/md5', file.md5.slice(0, 2), file.md5.slice(2));
      expect(await digestFile(stored)).toBe(file.sha256);
      expect(await digestFile(join(run.folder, 'model', file.path))).toBe(file.sha256);
    }
    expect(await remote.text(['cat-file', '-t', 'late@v1.1.0'])).toBe('tag');
    expect(await remote.text(['rev-parse', 'late@v1.1.0^{commit}'])).toBe(
      await remote.text(['rev-parse', 'assay/registry']),
    );
  });

  it('does the same run only once', async () => {
    const workspace = await copyOf(candidate);
    const before = await workspace.remote.text(['rev-parse', 'assay/registry']);
    expect(await registered(workspace)).toMatchObject({ existed: true, version: '1.1.0', tags: [] });
    expect(await workspace.remote.text(['rev-parse', 'assay/registry'])).toBe(before);
  });

  it('refuses a version that is taken, what is no version, and a run that is not here, and writes nothing', async () => {
    const workspace = await copyOf(candidate);
    await trained(workspace, { x: 2, z: 0.6 });
    const before = { refs: await branches(workspace), files: (await storeFiles(workspace)).length };
    const refused = async (request: Partial<RegisterRequestInput>) =>
      (await errorOf(registered(workspace, request))).code;
    expect(await refused({ version: '1.0.0' })).toBe('E_REGISTRY_VERSION_EXISTS');
    expect(await refused({ version: 'new' })).toBe('E_REGISTRY_SEMVER');
    expect(await refused({ run: 'feedbeef' })).toBe('E_RUN_MISSING');
    expect({ refs: await branches(workspace), files: (await storeFiles(workspace)).length }).toEqual(before);
    expect(await registered(workspace, { bump: 'major' })).toMatchObject({ version: '2.0.0' });
  });

  it('writes nothing when predict fails its smoke test', async () => {
    const workspace = await copyOf(fresh);
    // Scores the holdout, where there are rows from May on, but not the first rows of the table.
    const code = `import { readFileSync } from 'node:fs';
if (readFileSync(process.env.ASSAY_DATA, 'utf8').includes('2024-01-01')) throw new Error('no January in my calendar');
await import('./score.mjs');
`;
    const score = await readFile(join(workspace.root, 'predict.mjs'), 'utf8');
    await commit(workspace, { 'predict.mjs': code, 'score.mjs': score });
    await trained(workspace, WEIGHTS.weak);
    const found = await errorOf(registered(workspace));
    expect(found).toMatchObject({ code: 'E_COMMAND_FAILED', exitCode: 3 });
    expect(found.message).toContain('no January in my calendar');
    expect(await branches(workspace)).toBe('refs/heads/main');
    expect(await storeFiles(workspace)).toEqual([]);
  });

  it('without a remote computes and pushes nothing', async () => {
    const workspace = await copyOf(fresh);
    await workspace.git.run(['remote', 'remove', 'origin']);
    const found = await errorOf(registered(workspace));
    expect(found).toMatchObject({
      code: 'E_GIT_NO_REMOTE',
      exitCode: 2,
      fix: expect.stringContaining('git remote add'),
    });
    expect(await storeFiles(workspace)).toEqual([]);
  });

  it('refuses a store that is not DVC’s remote, naming both', async () => {
    const workspace = await copyOf(fresh);
    const config = '[core]\n    remote = team\n[\'remote "team"\']\n    url = /somewhere/else\n';
    await commit(workspace, { '.dvc/config': config });
    const found = await errorOf(registered(workspace));
    expect(found).toMatchObject({ code: 'E_STORE_CONFLICT', exitCode: 2 });
    expect(found.message).toMatch(/\.\.\/store.*\/somewhere\/else/);
    expect(await branches(workspace)).toBe('refs/heads/main');
  });
});

describe('get', () => {
  it.each([
    ['late@production', '1.0.0'],
    ['late@1.1.0', '1.1.0'],
    ['late@latest', '1.1.0'],
  ])('brings %s, every digest checked', async (reference, version) => {
    const { context, project } = await opened(candidate);
    const cwd = await newFolder();
    const found = await get(context, { project, reference, cwd });
    expect(found).toMatchObject({ state: 'pulled', folder: join(cwd, `late-${version}`), record: { version } });
    for (const file of found.record.artifact.files)
      expect(await digestFile(join(found.folder, file.path))).toBe(file.sha256);
    expect(await get(context, { project, reference, cwd })).toMatchObject({ state: 'present' });
  });

  it('leaves the repository as it was: git does not see its folder', async () => {
    const workspace = await copyOf(candidate);
    const { context, project } = await opened(workspace);
    const cwd = join(workspace.root, 'sub *');
    await mkdir(cwd);
    const status = () => workspace.git.text(['status', '--porcelain', '--untracked-files=all']);
    const before = await status();
    for (let time = 0; time < 2; time++) await get(context, { project, reference: 'late@latest', cwd });
    expect(await status()).toBe(before);
    const exclude = await readFile(join(workspace.root, '.git', 'info', 'exclude'), 'utf8');
    expect(exclude.match(/late-/g)).toHaveLength(1);
    // A folder that was named is its namer's to keep or to commit.
    await get(context, { project, reference: 'late@latest', cwd, output: 'model' });
    expect(await status()).toContain('sub */model/');
  });

  it('refuses bytes that are not the registered ones, and leaves nothing there', async () => {
    const workspace = await copyOf(production);
    const state = await stateOf(workspace);
    const [file] = state?.versions.get('1.0.0')?.artifact.files.filter(({ path }) => path === 'model.json') ?? [];
    const md5 = file?.md5 ?? '';
    await flipByte(join(workspace.store, 'assay/files/md5', md5.slice(0, 2), md5.slice(2)));
    const { context, project } = await opened(workspace);
    const cwd = await newFolder();
    const found = await errorOf(get(context, { project, reference: 'late@production', cwd }));
    expect(found).toMatchObject({ code: 'E_ARTIFACT_DIGEST', exitCode: 3 });
    expect(found.message).toContain('model.json');
    expect(await readdir(cwd)).toEqual([]);
    // A baseline that cannot be brought is an error too, never a missing side.
    await rm(join(workspace.root, '.assay/cache'), { recursive: true });
    expect(
      await errorOf(promoted(workspace, { version: '1.0.0', stage: 'production' }).then(() => registered(workspace))),
    ).toMatchObject({
      code: 'E_ARTIFACT_DIGEST',
    });
  });

  it.each([
    ['late', 'E_REGISTRY_REFERENCE'],
    ['late@9.9.9', 'E_REGISTRY_VERSION'],
    ['late@staging', 'E_REGISTRY_STAGE'],
    ['early@latest', 'E_REGISTRY_MODEL'],
  ])('%s is %s', async (reference, code) => {
    const { context, project } = await opened(candidate);
    expect(await errorOf(get(context, { project, reference, cwd: '/' }))).toMatchObject({ code, exitCode: 2 });
  });
});
