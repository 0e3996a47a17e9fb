import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ErrorOutput } from '../../lib/commands/error-output.ts';
import { InitOutput } from '../../lib/commands/init/init-output.ts';
import { loadProject } from '../../lib/project/project.ts';
import { csv, type Row, rowsOf } from '../commands/days.ts';
import { ourAddresses, Workflow, workflowProblems } from '../docs/workflow-problems.ts';
import { commitAll, newFolder, newRepository, write } from '../git/repository.ts';
import { assay } from './command-line.ts';

/** Rows of few days: every number of them is quick to judge. */
const few = (days = 60, perDay = 2): Row[] => rowsOf({ days, perDay });

const withRows = (change: (row: Row, index: number) => object, rows: readonly Row[] = few()): string =>
  csv(rows.map(change));

/** A repository that holds these files. */
async function repository(files: Readonly<Record<string, string>>): Promise<string> {
  const { folder } = await newRepository(files);
  return folder;
}

async function init(root: string, ...args: string[]): Promise<InitOutput> {
  const { code, out, err } = await assay(root, ['init', '--json', ...args]);
  expect({ code, err, out: code === 0 ? '' : out }).toEqual({ code: 0, err: '', out: '' });
  return InitOutput.parse(JSON.parse(out));
}

async function refused(root: string, ...args: string[]): Promise<ErrorOutput> {
  const { code, out } = await assay(root, ['init', '--json', ...args]);
  const error = ErrorOutput.parse(JSON.parse(out));
  expect({ code, out: error.code }).toEqual({ code: 2, out: expect.stringMatching(/^E_/) });
  return error;
}

async function everything(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  return paths.filter((path) => !path.startsWith('.git/')).sort();
}

describe('a repository with one CSV', () => {
  it('gets an assay.yaml of few lines and workflows that stand', async () => {
    const root = await repository({ 'data/departures.csv': csv(few()) });
    const { files, models, choices } = await init(root);
    expect(files.map(({ path, state }) => [path, state])).toEqual([
      ['assay.yaml', 'written'],
      ['.github/workflows/assay.yml', 'written'],
      ['.github/workflows/assay-retrain.yml', 'written'],
    ]);
    expect(models).toEqual([
      {
        model: 'late',
        task: 'binary',
        target: 'late',
        dataset: 'departures',
        id: ['id'],
        time: 'at',
        primary: 'roc_auc',
        guardrails: ['log_loss'],
      },
    ]);
    expect(choices.join('\n')).toMatch(/--target takes another: .*x/);
    const text = await readFile(join(root, 'assay.yaml'), 'utf8');
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
    const { config } = await loadProject(root);
    expect(config.data.departures).toMatchObject({ path: ['data/departures.csv'], time: 'at', id: ['id'] });
    expect(config.models.late?.train).toMatchObject({ trainer: 'trees', data: 'departures' });
    const ours = await ourAddresses();
    for (const { path } of files.slice(1)) {
      const workflow = Workflow.parse(parse(await readFile(join(root, path), 'utf8')));
      expect(workflowProblems(ours, workflow)).toEqual([]);
      expect(workflow.permissions).toEqual({});
    }
  });

  it('stays as it is when init runs again, also when the data have grown or the file was changed', async () => {
    const root = await repository({ 'days.csv': csv(few()) });
    await init(root);
    const before = await readFile(join(root, 'assay.yaml'), 'utf8');
    await write(root, { 'days.csv': csv(few(70)), 'assay.yaml': before.replace('roc_auc', 'accuracy') });
    const again = await init(root);
    expect(again.files.map(({ state }) => state)).toEqual(['kept', 'kept', 'kept']);
    expect(again.models[0]?.primary).toBe('accuracy');
    expect(await readFile(join(root, 'assay.yaml'), 'utf8')).toContain('accuracy');
    expect((await refused(root, '--target', 'x')).code).toBe('E_INIT_EXISTS');
    expect((await init(root, '--force', '--target', 'x')).models[0]).toMatchObject({ model: 'x', task: 'regression' });
  });

  it('is only shown in a dry run', async () => {
    const root = await repository({ 'days.csv': csv(few()) });
    const before = await everything(root);
    const shown = await assay(root, ['init', '--dry-run']);
    expect(shown.code).toBe(0);
    expect(shown.out).toContain('trainer: trees');
    // Sixty days are too few for two halves, so every look is recorded.
    expect(shown.out).toContain('pull-request-counted.yml@v1');
    expect(await everything(root)).toEqual(before);
  });

  it('says what a person has to say', async () => {
    const root = await repository({ 'days.csv': csv(few()) });
    const asked = ['--target', 'x', '--model', 'level', '--primary', 'mae', '--id', 'at,id', '--time', 'at'];
    const { models } = await init(root, ...asked);
    expect(models).toEqual(
      [
        {
          model: 'level',
          task: 'regression',
          target: 'x',
          dataset: 'days',
          id: ['at', 'id'],
          time: 'at',
          primary: 'mae',
          guardrails: ['rmse'],
        },
      ].map(({ guardrails: _none, ...rest }) => ({ ...rest, guardrails: expect.any(Array) })),
    );
  });
});

describe('tasks', () => {
  it.each([
    ['numbers', ({ late: _late, ...row }: Row) => ({ ...row, price: row.x * 3 + row.z }), 'regression'],
    ['yes and no', ({ late, ...row }: Row) => ({ ...row, churned: late === 1 ? 'Yes' : 'No' }), 'binary'],
  ] as const)('of %s', async (_what, change, task) => {
    const root = await repository({ 'data.csv': withRows(change) });
    const { models } = await init(root);
    expect(models[0]).toMatchObject({ task });
  });

  it('of classes need commands, which are taken where they are there', async () => {
    const change = ({ late: _late, ...row }: Row, index: number) => ({ ...row, species: ['a', 'b', 'no'][index % 3] });
    const root = await repository({ 'data.csv': withRows(change) });
    expect((await refused(root)).code).toBe('E_INIT_TASK');
    await write(root, { 'train.py': 'print(1)\n', 'predict.py': 'print(1)\n', 'requirements.txt': 'numpy\n' });
    const { warnings, models } = await init(root);
    expect(models[0]).toMatchObject({ task: 'multiclass', primary: 'multiclass_log_loss' });
    expect(warnings.join('\n')).toMatch(/train\.py does not read ASSAY_DATA/);
    const { config } = await loadProject(root);
    expect(config.models.species).toMatchObject({
      classes: ['a', 'b', 'no'],
      train: { run: 'python train.py', lock: ['requirements.txt'] },
      predict: 'python predict.py',
    });
    expect(await readFile(join(root, '.github/workflows/assay.yml'), 'utf8')).toContain(
      'setup: pip install -r requirements.txt',
    );
  });
});

describe('commands', () => {
  const speaking = "import os\nos.environ['ASSAY_SPEC']\n";
  const days = csv(few());
  it('that read what they are told train and predict', async () => {
    const root = await repository({ 'days.csv': days, 'train.py': speaking, 'predict.py': speaking });
    expect((await init(root)).warnings.filter((one) => one.includes('ASSAY_DATA'))).toEqual([]);
    const { config } = await loadProject(root);
    expect(config.models.late).toMatchObject({ train: { run: 'python train.py' }, predict: 'python predict.py' });
  });

  it('that do not know what they are told leave the work to the trees, and the way to take them is told', async () => {
    const root = await repository({ 'days.csv': days, 'train.py': 'fit()\n', 'predict.py': 'score()\n' });
    const { warnings, choices } = await init(root);
    expect(choices).toContain('training: built-in trees (--train and --predict take commands)');
    expect(warnings[0]).toContain('--train "python train.py" --predict "python predict.py"');
    expect((await refused(await repository({ 'days.csv': days }), '--train', 'python train.py')).code).toBe(
      'E_INIT_PREDICT',
    );
  });
});

describe('data', () => {
  it('behind a pointer of DVC are brought from its remote, and named as the pointer names them', async () => {
    const source = await newRepository({ '.keep': '' });
    const remote = await newFolder();
    await write(source.folder, {
      'data/days.csv': csv(few()),
      '.dvc/config': `[core]\n    remote = r\n['remote "r"']\n    url = ${remote}\n`,
    });
    for (const args of [['add', 'data/days.csv'], ['push']]) {
      const done = await assay(source.folder, ['data', ...args]);
      expect([done.code, done.err]).toEqual([0, expect.any(String)]);
    }
    await commitAll(source, {}, 'data');
    const root = join(await newFolder(), 'clone');
    await source.run(['clone', '--quiet', source.folder, root]);
    const { warnings } = await init(root);
    expect((await loadProject(root)).config).toMatchObject({ data: { days: { path: ['data/days.csv'] } } });
    expect((await loadProject(root)).config.store).toBeUndefined();
    expect(warnings.filter((one) => one.includes('git ignores'))).toEqual([]);
  });

  it('of several files that git ignores, newest rows without a label: a glob, a warning, a label_delay', async () => {
    const rows = few(80).map((row, index) => (index < 76 * 2 ? row : { ...row, late: null }));
    const root = await repository({
      '.gitignore': 'data/\n',
      'data/2024-01.csv': csv(rows.slice(0, 62)),
      'data/2024-02.csv': csv(rows.slice(62)),
    });
    expect((await init(root)).warnings).toContainEqual(
      expect.stringMatching(/^git ignores data\/2024-01\.csv and 1 more/),
    );
    const { config } = await loadProject(root);
    expect(config.data).toMatchObject({ data: { path: ['data/*.csv'], label_delay: 4 * 86_400_000 } });
  });

  it("that a stage of DVC makes are brought by the workflow's own step", async () => {
    const text = csv(few());
    const md5 = createHash('md5').update(text).digest('hex');
    const out = `      - { path: data/days.csv, hash: md5, md5: ${md5}, size: ${text.length} }`;
    const root = await repository({
      '.dvc/config': '',
      '.gitignore': '/data\n',
      'dvc.yaml': 'stages:\n  prepare: { cmd: python prepare.py, outs: [data/days.csv] }\n',
      'dvc.lock': `schema: '2.0'\nstages:\n  prepare:\n    cmd: python prepare.py\n    outs:\n${out}\n`,
      'data/days.csv': text,
    });
    expect((await init(root)).warnings.filter((one) => one.includes('git ignores'))).toEqual([]);
    const workflow = Workflow.parse(parse(await readFile(join(root, '.github/workflows/assay.yml'), 'utf8')));
    for (const { with: inputs } of Object.values(workflow.jobs)) expect(inputs?.['pull-data']).toBe('data/days.csv');
  });

  it('with a file of held-out rows need no times', async () => {
    const rows = few(60).map(({ at: _at, ...row }) => row);
    const root = await repository({ 'data/train.csv': csv(rows.slice(0, 100)), 'data/test.csv': csv(rows.slice(100)) });
    await init(root);
    const { config } = await loadProject(root);
    expect(config.models.late?.holdout).toMatchObject({ data: 'test', halves: true });
    expect((await refused(await repository({ 'train.csv': csv(rows) }))).code).toBe('E_INIT_TIME');
  });

  it('that only several columns tell apart have an id of several', async () => {
    const change = ({ id: _id, x, ...row }: Row, index: number) => ({
      ...row,
      carrier: `c${index % 4}`,
      x: Math.round(x),
    });
    const root = await repository({
      'days.csv': withRows(
        change,
        few(60, 8).map((row) => ({ ...row, at: row.at.slice(0, 10) })),
      ),
    });
    expect((await refused(root)).code).toBe('E_INIT_ID');
    const other = await repository({
      'days.csv': withRows(
        change,
        few(60, 4).map((row) => ({ ...row, at: row.at.slice(0, 10) })),
      ),
    });
    await init(other);
    expect((await loadProject(other)).config.data.days?.id).toEqual(['at', 'carrier']);
  });

  it('of hostile names are named as they are', async () => {
    const names = {
      id: 'the id: {x}',
      at: '- "at" #1',
      x: "it's; DROP",
      z: `$${'{{ secrets.X }}'}`,
      region: '@a|b',
      late: 'is_late\u202e',
    };
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const [, ...lines] = csv(few()).split('\n');
    const root = await repository({
      'a [1] & b.csv': csv(few()),
      'data/we ird #.csv': [Object.values(names).map(quoted).join(','), ...lines].join('\n'),
    });
    await init(root, '--data', 'data/we ird #.csv');
    const { config } = await loadProject(root);
    expect(config).toMatchObject({
      data: { 'we-ird': { path: ['data/we ird #.csv'], time: names.at, id: [names.id] } },
      models: { is_late: { target: names.late } },
    });
    expect((await assay(root, ['validate-data', '--json'])).code).toBe(0);
    expect((await assay(root, ['simulate', '--json'])).code).toBe(0);
  });
});

describe('what is missing', () => {
  it.each([
    ['an empty folder', {}, [], 'E_INIT_NO_DATA'],
    ['a file without rows', { 'a.csv': 'x,y\n' }, [], 'E_INIT_TARGET'],
    ['no target', { 'a.csv': withRows(({ late: _late, ...row }) => row) }, [], 'E_INIT_TARGET'],
    ['a data path of nothing', { 'a.csv': csv(few()) }, ['--data', 'b.csv'], 'E_INIT_DATA'],
    ['a data path outside', { 'a.csv': csv(few()) }, ['--data', '../b.csv'], 'E_PATH_OUTSIDE'],
    ['an unknown target', { 'a.csv': csv(few()) }, ['--target', 'lat'], 'E_INIT_COLUMN'],
    ['a time that is none', { 'a.csv': csv(few()) }, ['--time', 'x'], 'E_INIT_NOT_TIME'],
    ['an id that is none', { 'a.csv': csv(few()) }, ['--id', 'region'], 'E_INIT_ID'],
    ['a name that is none', { 'a.csv': csv(few()) }, ['--model', 'a b'], 'E_INIT_NAME'],
    ['a metric of another task', { 'a.csv': csv(few()) }, ['--primary', 'rmse'], 'E_INIT_METRIC'],
    ['a task of another target', { 'a.csv': csv(few()) }, ['--target', 'x', '--task', 'binary'], 'E_INIT_TASK'],
    ['a task that there is not', { 'a.csv': csv(few()) }, ['--task', 'ranking'], 'E_USAGE'],
  ] as const)('is said of %s', async (_what, files, args, code) => {
    const root = await newFolder();
    await write(root, files);
    const before = await everything(root);
    expect((await refused(root, ...args)).code).toBe(code);
    expect(await everything(root)).toEqual(before);
  });

  it('days are told with what to do', async () => {
    const root = await repository({ 'days.csv': csv(few(24, 10)) });
    const { warnings, next } = await init(root);
    expect(warnings).toContainEqual(expect.stringMatching(/has 12 days; fewer than 20 are never judged/));
    expect(warnings).toContainEqual(
      expect.stringMatching(/with 12 days, a model whose ROC AUC .* passes 0 times in 100; \d+ days would give 80/),
    );
    expect(next).toMatch(/wait until 2024-\d\d-\d\d, when the data have days for holdout: \{ last: 20d \}/);
  });

  it('a repository: assay.yaml alone is written', async () => {
    const root = await newFolder();
    await write(root, { 'days.csv': csv(few()) });
    const { files, warnings, next } = await init(root);
    expect(files.map(({ path }) => path)).toEqual(['assay.yaml']);
    expect(warnings).toContainEqual(expect.stringContaining('no git repository'));
    expect(next).toMatch(/^git init/);
  });
});

describe('a folder of a larger repository', () => {
  it('has its own workflow at the top, with a comment of its own', async () => {
    const top = await repository({ 'services/late/data.csv': csv(few()), 'README.md': 'x\n' });
    const { files } = await init(join(top, 'services/late'));
    expect(files.map(({ path }) => path)).toEqual([
      'services/late/assay.yaml',
      '.github/workflows/assay-services-late.yml',
      '.github/workflows/assay-services-late-retrain.yml',
    ]);
    const workflow = Workflow.parse(
      parse(await readFile(join(top, '.github/workflows/assay-services-late.yml'), 'utf8')),
    );
    expect(workflow.jobs.gate?.with).toEqual({ project: 'services/late', key: 'assay-services-late' });
    expect(workflowProblems(await ourAddresses(), workflow)).toEqual([]);
  });

  it('whose pull requests are judged already gets no second workflow', async () => {
    const root = await repository({
      'days.csv': csv(few()),
      '.github/workflows/model.yml':
        'on: pull_request\njobs: { g: { uses: assay-ml/assay/.github/workflows/pull-request.yml@v1 } }\n',
    });
    const { files, choices } = await init(root);
    expect(files.map(({ path }) => path)).toEqual(['assay.yaml']);
    expect(choices).toContain('workflow: .github/workflows/model.yml judges pull requests already');
  });

  it('that cannot be written to is left without an assay.yaml', async () => {
    const root = await repository({ 'days.csv': csv(few()), '.github': 'a file\n' });
    const { code, out } = await assay(root, ['init', '--json']);
    expect({ code, error: ErrorOutput.parse(JSON.parse(out)).code }).toEqual({ code: 3, error: 'E_INIT_WRITE' });
    expect(await everything(root)).toEqual(['.github', 'days.csv']);
  });

  it('is not written through a link that leads out', async () => {
    const root = await repository({ 'days.csv': csv(few()) });
    const outside = await newFolder();
    await mkdir(join(root, '.github'));
    await symlink(outside, join(root, '.github/workflows'));
    expect((await refused(root)).code).toBe('E_PATH_OUTSIDE');
    expect(await readdir(outside)).toEqual([]);
  });
});
