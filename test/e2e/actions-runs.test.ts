import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Git } from '../../lib/git/git.ts';
import { files, newWorkspace, runsIn, WEIGHTS, type Workspace } from '../commands/repository.ts';
import { predict, TRAIN } from '../commands/train/user-code.ts';
import { addArtifact, TOKENS } from '../forge/github-server.ts';
import { checkout } from './fixtures/checkouts.ts';
import { dispatchEvent } from './fixtures/events.ts';
import { githubOfEachTest } from './fixtures/github-of-each-test.ts';
import { weightsYaml } from './fixtures/production.ts';
import { said } from './fixtures/pull-requests.ts';
import { runStep, SECRETS, type Step, type StepResult } from './fixtures/runner.ts';

/** A user's code that says what it can see, and tries to speak to the runner. */
const CURIOUS = `import { writeFileSync as spill } from 'node:fs';
spill(process.env.SPY + '-' + process.argv[1].split('/').at(-1) + '.json', JSON.stringify(process.env));
console.log('::set-output name=verdict::pass');
console.log('::add-mask::late');
console.log('  ::error::not ours');
console.error('##[error]not ours either');
console.log('a line' + String.fromCharCode(13) + '::warning::after a return');
console.log('::stop-commands::x');
`;

let workspace: Workspace;
let first: StepResult;
let git: Git;
beforeAll(async () => {
  const curious = { 'train.mjs': CURIOUS + TRAIN, 'predict.mjs': CURIOUS + predict() };
  workspace = await newWorkspace({ ...files(weightsYaml(WEIGHTS.good)), ...curious });
  git = await checkout(workspace);
  first = await step(git);
});

const github = githubOfEachTest();

function step({ folder }: Git, rest: Partial<Step> = {}): Promise<StepResult> {
  const env = { SPY: join(folder, '../spy'), MY_API_KEY: 'a bucket of the team', ...rest.env };
  return runStep({ action: 'train', workspace: folder, event: dispatchEvent(), ...rest, env });
}

/** The run as upload-artifact packs it. */
async function packed(change: (files: Record<string, Uint8Array>) => void = () => {}): Promise<Uint8Array> {
  const folder = first.outputs.folder ?? '';
  const paths = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const contents: Record<string, Uint8Array> = {};
  for (const { parentPath, name } of paths) {
    const path = join(parentPath, name);
    contents[path.slice(folder.length + 1)] = new Uint8Array(await readFile(path));
  }
  change(contents);
  return zipSync(contents);
}

describe('train', () => {
  it('leaves a run and tells where it is', async () => {
    const { run = '', folder = '', file = '', ...outputs } = first.outputs;
    expect(first.exitCode).toBe(0);
    expect(outputs).toMatchObject({ verdict: 'pass', reused: 'false', model: 'late' });
    expect(JSON.parse(outputs.metrics ?? '')).toEqual({ rows: 720, 'nested.x': 1.5 });
    expect(folder).toBe(join(git.folder, '.assay/runs', run));
    const record = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8'));
    expect(record).toMatchObject({ key: `sha256:${run}`, git: { dirty: false } });
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(record);
    expect(first.summary).toContain(run.slice(0, 12));
    expect(await git.text(['status', '--porcelain'])).toBe('');
  });

  it('finds the run again in another process, and in a job that restored nothing but the checkout does not', async () => {
    const again = await step(git);
    expect(again).toMatchObject({ exitCode: 0, outputs: { reused: 'true', run: first.outputs.run } });
    const elsewhere = await step(await checkout(workspace), { inputs: { 'github-token': '' } });
    expect(elsewhere.outputs).toMatchObject({ reused: 'false', run: first.outputs.run });
  });
});

describe('a run among the artifacts', () => {
  const name = () => `assay-run-${first.outputs.run}`;
  const fresh = async (token: string = TOKENS.actions) => {
    const place = await checkout(workspace);
    return { place, result: await step(place, { apiUrl: github.url, token }) };
  };

  it('of the same repository is taken, and nothing is trained', async () => {
    addArtifact(github.state, { name: name(), zip: await packed() });
    const { place, result } = await fresh();
    expect(result).toMatchObject({ exitCode: 0, outputs: { reused: 'true', run: first.outputs.run } });
    expect(result.log).not.toContain('trained on');
    expect(await runsIn({ root: place.folder })).toEqual([first.outputs.run]);
    expect(github.downloads).toHaveLength(1);
  });

  it("of a fork's run is not", async () => {
    addArtifact(github.state, { name: name(), zip: await packed(), headRepositoryId: 4_242 });
    const { result } = await fresh();
    expect(result).toMatchObject({ exitCode: 0, outputs: { reused: 'false' } });
    expect(github.downloads).toEqual([]);
  });

  const changes: readonly [string, (files: Record<string, Uint8Array>) => void][] = [
    ['a changed model', (it) => (it['model/model.json'] = strToU8('{"x":9,"z":9,"seed":1}'))],
    ['another record', (it) => (it['run.json'] = strToU8('{"schema":"assay/run/1"}'))],
    ['one file more', (it) => (it['model/more.bin'] = strToU8('x'))],
    ['a path that leads out', (it) => (it['../../../spy-escaped'] = strToU8('x'))],
  ];
  it.each(changes)('with %s is not believed: trained anew', async (_what, change) => {
    addArtifact(github.state, { name: name(), zip: await packed(change) });
    const { place, result } = await fresh();
    expect(result).toMatchObject({ exitCode: 0, outputs: { reused: 'false', run: first.outputs.run } });
    expect(result.log).toContain('trained on 720 rows');
    const model = join(place.folder, '.assay/runs', first.outputs.run ?? '', 'model/model.json');
    expect(JSON.parse(await readFile(model, 'utf8'))).toMatchObject(WEIGHTS.good);
    expect(await runsIn({ root: place.folder })).toEqual([first.outputs.run]);
    expect((await readdir(join(place.folder, '..'))).filter((file) => file.includes('escaped'))).toEqual([]);
  });

  it('is not looked for in vain: a forge that is down costs a training, not the job', async () => {
    github.state.faults.push({ path: /artifacts/, status: 404 });
    const { result } = await fresh();
    expect(result).toMatchObject({ exitCode: 0, outputs: { reused: 'false' } });
  });
});

describe("users' code", () => {
  const seen = async (program: string): Promise<Record<string, string>> =>
    JSON.parse(await readFile(join(git.folder, `../spy-${program}.json`), 'utf8'));

  it('sees no token, no input and no file by which a step speaks to later ones', async () => {
    const gate = await step(git, { action: 'evaluate-gate', token: TOKENS.actions, temp: first.temp });
    expect(gate.outputs.verdict).toBe('pass');
    for (const program of ['train.mjs', 'predict.mjs']) {
      const environment = await seen(program);
      expect(environment.ASSAY_SPEC).toBeDefined();
      const names = Object.keys(environment);
      const spoken = /^(GITHUB_(TOKEN|ENV|OUTPUT|PATH|STATE|STEP_SUMMARY)|ACTIONS_.*|INPUT_.*|GIT_CONFIG_.*)$/;
      expect(names.filter((one) => spoken.test(one) && one !== 'GIT_CONFIG_NOSYSTEM')).toEqual([]);
      const values = Object.values(environment).join('\n');
      for (const secret of [...Object.values(SECRETS), TOKENS.actions]) expect(values).not.toContain(secret);
    }
    // A training may have to read a bucket; predict runs the code of any commit and may not.
    expect((await seen('train.mjs')).MY_API_KEY).toBe('a bucket of the team');
    expect((await seen('predict.mjs')).MY_API_KEY).toBeUndefined();
    expect(gate.left).toBe('');
  });

  it('is shown, but what it prints is no command to the runner', () => {
    for (const spoken of ['set-output name=verdict', 'add-mask', 'not ours either', 'after a return']) {
      expect(first.log).toContain(spoken);
    }
    const names = [...new Set(first.commands.map(({ name }) => name))];
    expect(names.filter((name) => !['group', 'endgroup', 'debug'].includes(name))).toEqual([]);
    expect(first.outputs.verdict).toBe('pass');
  });

  it('that fails ends the step with its last lines and leaves no run', async () => {
    const failing = "console.log('::error::lost'); console.error('no module named sklearn'); process.exit(3);\n";
    const broken = await newWorkspace({ ...files(weightsYaml(WEIGHTS.good)), 'train.mjs': failing });
    const place = await checkout(broken);
    const result = await step(place);
    expect(result).toMatchObject({ exitCode: 3, outputs: { verdict: 'error' } });
    expect(said(result, 'error')).toEqual([
      expect.stringMatching(/exit code 3.*no module named sklearn.*E_COMMAND_FAILED/),
    ]);
    expect(await runsIn({ root: place.folder })).toEqual([]);
  });
});
