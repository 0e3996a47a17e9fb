import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataPullOutput, DataTransferOutput } from '../../lib/commands/data/data-outputs.ts';
import { md5 } from '../../lib/pointers/md5.ts';
import { commitAll, newFolder, newRepository } from '../git/repository.ts';
import { readFiles, writeFiles } from '../pointers/checkout/work-data.ts';
import { type CacheService, startCacheService } from './fixtures/cache-service.ts';
import { pullRequestEvent } from './fixtures/events.ts';
import { said } from './fixtures/pull-requests.ts';
import { runStep } from './fixtures/runner.ts';

/** A repository whose data a job adds and pushes to a remote in a folder. */
async function published() {
  const git = await newRepository();
  const remote = join(await newFolder(), 'remote');
  writeFiles(git.folder, {
    '.dvc/config': `['remote "team"']\n    url = ${remote}\n[core]\n    remote = team\n`,
    'data/a': 'one',
    'data/b/c': 'two',
    'model.bin': 'model',
  });
  const push = await runStep({
    action: 'push-data',
    workspace: git.folder,
    inputs: { add: 'data,model.bin', 'github-token': '' },
  });
  return { git, root: git.folder, remote, push };
}

/** What a fresh machine has: the pointers alone. */
function emptied(root: string): void {
  for (const path of ['data', 'model.bin', '.dvc/cache', '.dvc/tmp']) {
    rmSync(join(root, path), { recursive: true, force: true });
  }
}

const pull = (workspace: string, step: Partial<Parameters<typeof runStep>[0]> = {}) =>
  runStep({ action: 'pull-data', workspace, ...step });

describe('push-data and pull-data', () => {
  it('bring data from one machine to another', async () => {
    const { root, remote, push } = await published();
    expect(push, push.log).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass', pushed: '4', present: '0' } });
    expect(push.outputs.pointers?.split('\n')).toEqual(['.gitignore', 'data.dvc', 'model.bin.dvc']);
    expect(DataTransferOutput.parse(JSON.parse(push.outputs.result ?? ''))).toMatchObject({ transferred: 4 });
    expect(Object.keys(readFiles(remote))).toHaveLength(4);
    emptied(root);
    const result = await pull(root);
    expect(result, result.log).toMatchObject({
      exitCode: 0,
      outputs: { verdict: 'pass', fetched: '4', cache: 'miss', sentence: '4 objects fetched.' },
    });
    expect(DataPullOutput.parse(JSON.parse(result.outputs.result ?? '')).outputs).toHaveLength(2);
    expect(result.summary).toMatch(/4 objects fetched/);
    expect(readFiles(join(root, 'data'))).toEqual({ a: 'one', 'b/c': 'two' });
  });

  it('work in a project below the checkout, and name its pointers as a later step has to', async () => {
    const { folder } = await newRepository();
    writeFiles(folder, {
      'team/.dvc/config': `['remote "r"']\n    url = ${join(await newFolder(), 'remote')}\n[core]\n    remote = r\n`,
      'team/my data/a': 'one',
      'team/-rf': 'two',
    });
    const inputs = { project: 'team', add: 'my data\n-rf', 'github-token': '' };
    const push = await runStep({ action: 'push-data', workspace: folder, inputs });
    const pointers = 'team/-rf.dvc\nteam/.gitignore\nteam/my data.dvc';
    expect(push, push.log).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass', pushed: '3', pointers } });
    emptied(join(folder, 'team'));
    rmSync(join(folder, 'team', 'my data'), { recursive: true });
    const result = await pull(folder, { inputs: { project: 'team', targets: 'my data' } });
    expect(result, result.log).toMatchObject({ exitCode: 0, outputs: { fetched: '2' } });
    expect(readFileSync(join(folder, 'team/my data/a'), 'utf8')).toBe('one');
  });

  it('bring only what is asked for, and say what is missing', async () => {
    const { root, remote } = await published();
    emptied(root);
    expect(await pull(root, { inputs: { targets: 'model.bin' } })).toMatchObject({ outputs: { fetched: '1' } });
    const gone = md5('two');
    rmSync(join(remote, 'files', 'md5', gone.slice(0, 2), gone.slice(2)));
    emptied(root);
    const result = await pull(root);
    expect(result).toMatchObject({ exitCode: 3, outputs: { verdict: 'error', fetched: '3' } });
    expect(said(result, 'error').join()).toMatch(/\(E_STORE_OBJECT_MISSING\)\. [A-Z]/);
    expect(await pull(root, { inputs: { 'allow-missing': 'true' } })).toMatchObject({ exitCode: 0 });
  });

  it('refuse what is no input, and to push for a stranger', async () => {
    const { git, root } = await published();
    const head = await commitAll(git, {}, 'data');
    expect(await pull(root, { inputs: { jobs: 'many' } })).toMatchObject({ exitCode: 2 });
    const event = pullRequestEvent({ number: 1, head, base: head, merge: head }, { name: 'pull_request_target' });
    const refused = await runStep({ action: 'push-data', workspace: root, event });
    expect(refused.exitCode).not.toBe(0);
    expect(said(refused, 'error').join()).toMatch(/pull_request_target.*E_ACTION_EVENT/);
  });
});

describe("the runner's cache", () => {
  let service: CacheService;
  beforeAll(async () => {
    service = await startCacheService();
  });
  afterAll(() => service.stop());

  it('saves the next machine the way to the remote, believes nothing, and is not written by forks', async () => {
    const { git, root, remote } = await published();
    const head = await commitAll(git, {}, 'data');
    const fork = pullRequestEvent({ number: 1, head, base: head, merge: head }, { fork: true });
    const env = service.env;
    emptied(root);
    expect(await pull(root, { env, event: fork })).toMatchObject({ exitCode: 0, outputs: { cache: 'miss' } });
    expect(service.keys()).toEqual([]);
    emptied(root);
    const first = await pull(root, { env });
    expect(first.outputs, first.log).toMatchObject({ cache: 'miss', fetched: '4' });
    expect(service.keys()).toEqual([expect.stringMatching(/^assay-data-2-[0-9a-f]{8}-[0-9a-f]{64}$/)]);

    // Nothing of the remote is needed, also for a fork.
    rmSync(remote, { recursive: true });
    emptied(root);
    const again = await pull(root, { env, event: fork });
    expect(again.outputs, again.log).toMatchObject({ cache: 'hit', fetched: '0', present: '4' });
    expect(readFiles(join(root, 'data'))).toEqual({ a: 'one', 'b/c': 'two' });
    expect(await pull(root, { env })).toMatchObject({ outputs: { cache: 'unused' } });
    expect(service.keys()).toHaveLength(1);

    // Other pointers: what is still needed is taken, what is not is not kept again.
    writeFileSync(join(root, 'model.bin'), 'another');
    const push = await runStep({ action: 'push-data', workspace: root, inputs: { add: 'model.bin' } });
    expect(push, push.log).toMatchObject({ exitCode: 0 });
    emptied(root);
    const partial = await pull(root, { env });
    expect(partial.outputs, partial.log).toMatchObject({ cache: 'partial', fetched: '1' });
    expect(service.keys()).toHaveLength(2);
    emptied(root);
    expect(await pull(root, { env })).toMatchObject({ outputs: { cache: 'hit', fetched: '0' } });
    expect(Object.keys(readFiles(join(root, '.dvc', 'cache')))).toHaveLength(4);
    expect(readFileSync(join(root, 'model.bin'), 'utf8')).toBe('another');
  });
});
