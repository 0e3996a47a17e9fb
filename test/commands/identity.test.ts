import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { register } from '../../lib/commands/registry/register.ts';
import { type TrainResult, train } from '../../lib/commands/train/train.ts';
import { commitAll, write } from '../git/repository.ts';
import { csv, rowsOf } from './days.ts';
import {
  commandYaml,
  commit,
  configure,
  copyOf,
  errorOf,
  files,
  newWorkspace,
  opened,
  treesYaml,
  WEIGHTS,
  type Workspace,
} from './repository.ts';
import { TRAIN } from './train/user-code.ts';

/** deps: what the run depends on; the README is not among it. */
const DEPS = { deps: ['train.mjs', 'predict.mjs'] };

let base: Workspace;
let first: TrainResult;
beforeAll(async () => {
  base = await newWorkspace(files(commandYaml({}, DEPS)));
  first = await trained(base);
});

async function trained(workspace: Workspace): Promise<TrainResult> {
  const { context, project } = await opened(workspace);
  return train(context, { project });
}

async function registered(workspace: Workspace) {
  const { context, project } = await opened(workspace);
  return register(context, { project });
}

describe('the same run', () => {
  it('is found again after an unrelated merge landed first', async () => {
    const workspace = await copyOf(base);
    const { git } = workspace;
    await git.run(['switch', '--quiet', '--create', 'other', 'main']);
    await commitAll(git, { 'README.md': 'Another text.\n', 'docs/new.md': 'New.\n' }, 'Words');
    await git.run(['switch', '--quiet', 'main']);
    await git.run(['merge', '--quiet', '--no-ff', '--message', 'Merge words', 'other']);
    const again = await trained(workspace);
    expect(again.reused).toBe(true);
    expect(again.run.record).toEqual(first.run.record);
  });

  it('is found after a squash merge, and is then repeatable from the commit on main', async () => {
    const workspace = await copyOf(base);
    const { git } = workspace;
    await git.run(['switch', '--quiet', '--create', 'candidate']);
    await configure(workspace, commandYaml({}, { ...DEPS, parameters: WEIGHTS.narrow }));
    const candidate = await trained(workspace);
    expect(candidate.reused).toBe(false);
    await git.run(['switch', '--quiet', 'main']);
    await git.run(['merge', '--quiet', '--squash', 'candidate']);
    await git.run(['commit', '--quiet', '--message', 'The candidate, squashed']);
    await git.run(['push', '--quiet', 'origin', 'main']);
    await git.run(['branch', '--quiet', '-D', 'candidate']);
    const squashed = await trained(workspace);
    expect(squashed.reused).toBe(true);
    const main = await git.text(['rev-parse', 'HEAD']);
    expect(squashed.run.record).toEqual({
      ...candidate.run.record,
      git: { commit: main, branch: 'main', dirty: false },
    });
    expect((await registered(workspace)).record.lineage.commit).toBe(main);
  });

  it('made before its commit cannot be registered, and can be when it is found again after it', async () => {
    const workspace = await copyOf(base);
    await workspace.git.run(['rm', '--quiet', '--cached', 'train.mjs']);
    await workspace.git.run(['commit', '--quiet', '--message', 'Forget a file']);
    const parameters = { ...DEPS, parameters: { x: 1.4, z: 0.6 } };
    await write(workspace.root, { 'assay.yaml': stringify(commandYaml({}, parameters)) });
    const dirty = await trained(workspace);
    expect(dirty.run.record.git.dirty).toBe(true);
    const refused = await errorOf(registered(workspace));
    expect(refused).toMatchObject({ code: 'E_RUN_DIRTY', exitCode: 2 });
    expect(refused.message).toContain('"late"');
    expect(await workspace.remote.text(['for-each-ref', '--format=%(refname)'])).toBe('refs/heads/main');
    await commit(workspace, {}, 'Everything');
    const clean = await trained(workspace);
    expect(clean).toMatchObject({ reused: true, run: { record: { git: { dirty: false } } } });
    expect((await registered(workspace)).version).toBe('1.0.0');
  });
});

describe('another run', () => {
  const retrains: readonly [string, (workspace: Workspace) => Promise<unknown>][] = [
    ['a dependency', (it) => commit(it, { 'train.mjs': `// Another comment.\n${TRAIN}` })],
    ['the predict code', (it) => commit(it, { 'predict.mjs': '// Broken.\n' })],
    ['the seed', (it) => configure(it, commandYaml({}, { ...DEPS, seed: 2 }))],
    ['a parameter', (it) => configure(it, commandYaml({}, { ...DEPS, parameters: { x: 1.5, z: 0.61 } }))],
    ['the data', (it) => commit(it, { 'data/days.csv': csv(rowsOf({ days: 121 })) })],
    ['the holdout', (it) => configure(it, commandYaml({ holdout: { last: '50d' } }, DEPS))],
  ];
  it.each(retrains)('is trained when %s changes', async (_what, change) => {
    const workspace = await copyOf(base);
    await change(workspace);
    const again = await trained(workspace);
    expect(again.reused).toBe(false);
    expect(again.run.record.key).not.toBe(first.run.record.key);
  });

  it('of a command depends on the whole tree where nothing is declared', async () => {
    const workspace = await newWorkspace();
    const before = await trained(workspace);
    await commit(workspace, { 'README.md': 'Another text.\n' });
    const after = await trained(workspace);
    expect(after.reused).toBe(false);
    expect(after.run.record.recipe).not.toBe(before.run.record.recipe);
  });

  it('of a built-in trainer depends on nothing but data and configuration', async () => {
    const workspace = await newWorkspace(files(treesYaml()));
    await trained(workspace);
    await commit(workspace, { 'README.md': 'Another text.\n', 'train.mjs': 'x' });
    expect((await trained(workspace)).reused).toBe(true);
  });

  it('on newer data has the same recipe, also where the data are in the tree', async () => {
    const workspace = await newWorkspace();
    const before = await trained(workspace);
    await commit(workspace, { 'data/days.csv': csv(rowsOf({ days: 125 })) });
    const after = await trained(workspace);
    expect(after.run.record.key).not.toBe(before.run.record.key);
    expect(after.run.record.recipe).toBe(before.run.record.recipe);
  });
});

it('a dependency that names nothing is an error, not a run that never changes', async () => {
  const workspace = await copyOf(base);
  await configure(workspace, commandYaml({}, { deps: ['trian.mjs'] }));
  const found = await errorOf(trained(workspace));
  expect(found).toMatchObject({ code: 'E_GIT_NO_MATCH', exitCode: 2 });
  expect(found.message).toContain('trian.mjs');
});
