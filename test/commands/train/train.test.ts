import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type TrainRequest, train } from '../../../lib/commands/train/train.ts';
import { digestOf } from '../../../lib/digest.ts';
import { loadBuiltInModel } from '../../../lib/model/built-in-model.ts';
import { Profile } from '../../../lib/profile/profile.ts';
import { modelFolder } from '../../../lib/train/run-folder.ts';
import { runKey } from '../../../lib/train/run-key.ts';
import { RunRecord } from '../../../lib/train/run-record.ts';
import { rowsOf } from '../days.ts';
import {
  commandYaml,
  commit,
  configure,
  copyOf,
  ENVIRONMENT,
  errorOf,
  files,
  flipByte,
  NODE,
  newWorkspace,
  opened,
  runsIn,
  treesYaml,
  WEIGHTS,
  type Workspace,
} from '../repository.ts';

let base: Workspace;
beforeAll(async () => {
  base = await newWorkspace();
});

async function trained(workspace: Workspace, request: Partial<TrainRequest> = {}, env = ENVIRONMENT) {
  const { context, project } = await opened(workspace, { env });
  return { ...(await train(context, { project, ...request })), said: context.said };
}

describe('a command', () => {
  it('leaves record, profile and model, each known by its digest', async () => {
    const workspace = await copyOf(base);
    const { run, reused, said } = await trained(workspace);
    expect(reused).toBe(false);
    const read = async (name: string) => JSON.parse(await readFile(join(run.folder, name), 'utf8'));
    const record = RunRecord.parse(await read('run.json'));
    expect(record).toEqual(run.record);
    expect(record.key).toBe(runKey(record.inputs));
    const profile = Profile.parse(await read('profile.json'));
    expect(record.profile).toBe(digestOf(profile));
    // What tells the rows apart is nobody's business.
    expect(profile.columns.map(({ name }) => name)).not.toContain('id');
    expect(profile.columns.map(({ name }) => name)).toContain('region');
    expect(record).toMatchObject({
      rows: 720,
      metrics: { rows: 720, 'nested.x': 1.5 },
      git: { commit: await workspace.git.text(['rev-parse', 'HEAD']), branch: 'main', dirty: false },
      inputs: {
        recipe: { command: [NODE, 'train.mjs'] },
        predict: [NODE, 'predict.mjs'],
        parameters: WEIGHTS.good,
        seed: 1,
        target: 'late',
        data: { dataset: 'days', from: '2024-01-01T00:00:00.000Z', to: '2024-03-01T00:00:00.000Z' },
        backend: 'command',
      },
      signature: { task: 'binary', target: { name: 'late', type: 'integer' } },
    });
    expect(record.outputs.map(({ path }) => path)).toEqual(['metrics.json', 'model.json']);
    expect(record.signature.inputs.map(({ name }) => name)).toEqual(['id', 'at', 'x', 'z', 'region']);
    // The training data are known by their own digest, not as one more file of the tree.
    expect(Object.keys(record.inputs.dependencies)).toEqual([
      'README.md',
      'assay.yaml',
      'checks.yaml',
      'predict.mjs',
      'train.mjs',
    ]);
    expect(said).toContain('trained on 720 rows');
    expect(await workspace.git.text(['status', '--porcelain'])).toBe('');
  });

  it('sees neither the holdout nor the secrets of the job', async () => {
    const workspace = await copyOf(base);
    await commit(workspace, {
      'train.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const { ASSAY_DATA, ASSAY_OUTPUT, ASSAY_SEED, ASSAY_TARGET, ASSAY_PARAMETERS } = process.env;
const secrets = Object.keys(process.env).filter((name) => /TOKEN|ACTIONS|INPUT|AWS/.test(name));
const days = readFileSync(ASSAY_DATA, 'utf8').trim().split('\\n').slice(1).map((line) => line.split(',')[1].slice(0, 10));
const seen = { secrets, last: days.at(-1), ASSAY_SEED, ASSAY_TARGET, ASSAY_PARAMETERS };
writeFileSync(ASSAY_OUTPUT + '/model.json', JSON.stringify(seen));
`,
    });
    const secrets = { GITHUB_TOKEN: 's', ACTIONS_RUNTIME_TOKEN: 's', INPUT_GITHUB_TOKEN: 's', AWS_REGION: 'x' };
    const { run } = await trained(workspace, {}, { ...ENVIRONMENT, ...secrets });
    expect(JSON.parse(await readFile(join(run.folder, 'model/model.json'), 'utf8'))).toEqual({
      secrets: ['AWS_REGION'],
      last: '2024-02-29',
      ASSAY_SEED: '1',
      ASSAY_TARGET: 'late',
      ASSAY_PARAMETERS: JSON.stringify(WEIGHTS.good),
    });
  });

  it.each([
    [
      'that fails',
      "console.error('no memory left'); process.exit(7);",
      'E_COMMAND_FAILED',
      3,
      /exit code 7.*no memory left/,
    ],
    ['that writes no model', "console.log('done');", 'E_COMMAND_NO_OUTPUT', 2, /train command.*wrote nothing/],
  ])('%s leaves no run', async (_name, code, error, exitCode, message) => {
    const workspace = await copyOf(base);
    await commit(workspace, { 'train.mjs': code });
    const found = await errorOf(trained(workspace));
    expect(found).toMatchObject({ code: error, exitCode, message: expect.stringMatching(message) });
    expect(await runsIn(workspace)).toEqual([]);
  });

  it('that does not exist leaves no run', async () => {
    const workspace = await copyOf(base);
    await configure(workspace, commandYaml({}, { run: ['no-such-program', 'train'] }));
    const found = await errorOf(trained(workspace));
    expect(found).toMatchObject({ code: 'E_COMMAND_MISSING', exitCode: 3 });
    expect(found.message).toContain('no-such-program');
    expect(await runsIn(workspace)).toEqual([]);
  });
});

describe('trees', () => {
  it('learn what is there and can be loaded again', async () => {
    const workspace = await newWorkspace(files(treesYaml()));
    const { run } = await trained(workspace);
    expect(run.record).toMatchObject({
      rows: 720,
      inputs: { recipe: { trainer: 'trees' }, backend: 'assay-trees/1', dependencies: {} },
    });
    expect(run.record.signature.inputs.map(({ name }) => name)).toEqual(['x', 'z']);
    expect(run.record.metrics.train_roc_auc).toBeGreaterThan(0.8);
    const model = await loadBuiltInModel(modelFolder(run.folder));
    const values = (...list: number[]) => ({
      kind: 'number' as const,
      type: 'float' as const,
      values: Float64Array.from(list),
      valid: Uint8Array.from(list, () => 1),
    });
    const columns = new Map([
      ['x', values(-2, 2)],
      ['z', values(0, 0)],
    ]);
    const [low = 1, high = 0] = model.score({ rows: 2, columns });
    expect(low).toBeLessThan(0.4);
    expect(high).toBeGreaterThan(0.6);
    const again = await trained(workspace, { force: true });
    expect(again.reused).toBe(false);
    expect(again.run.record.outputs).toEqual(run.record.outputs);
  });

  it('of one class are refused, by name', async () => {
    const rows = rowsOf().map((row) => ({ ...row, late: 0 }));
    const workspace = await newWorkspace(files(treesYaml(), rows));
    const found = await errorOf(trained(workspace));
    expect(found).toMatchObject({ code: 'E_MODEL_ONE_CLASS', exitCode: 2 });
    expect(found.message).toContain('late = 0');
    expect(await runsIn(workspace)).toEqual([]);
  });
});

describe('a damaged run', () => {
  it.each(['model/model.json', 'profile.json', 'run.json'])('with another byte in %s is refused', async (file) => {
    const workspace = await copyOf(base);
    const { run } = await trained(workspace);
    await flipByte(join(run.folder, file));
    const found = await errorOf(trained(workspace));
    expect(found).toMatchObject({ code: 'E_RUN_CORRUPT', exitCode: 2 });
    expect(found.message).toContain(file);
    expect((await trained(workspace, { force: true })).reused).toBe(false);
    expect((await readdir(run.folder)).sort()).toEqual(['model', 'profile.json', 'run.json']);
  });

  it('without its model is refused', async () => {
    const workspace = await copyOf(base);
    const { run } = await trained(workspace);
    await rm(modelFolder(run.folder), { recursive: true });
    expect(await errorOf(trained(workspace))).toMatchObject({ code: 'E_RUN_CORRUPT' });
  });
});
