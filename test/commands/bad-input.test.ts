import { beforeAll, describe, expect, it } from 'vitest';
import { publish } from '../../lib/commands/publish.ts';
import { train } from '../../lib/commands/train/train.ts';
import { validateData } from '../../lib/commands/validate-data.ts';
import { newFolder, write } from '../git/repository.ts';
import { csv, rowsOf } from './days.ts';
import { dataset, failing, rows, trained, yaml } from './failing.ts';
import { errorOf, files, newWorkspace, opened, runsIn, treesYaml, type Workspace } from './repository.ts';

/** A clone with a finished run. */
let base: Workspace;
beforeAll(async () => {
  base = await newWorkspace();
  await trained(base);
});

describe('data that cannot be learnt from', () => {
  it.each<[string, Record<string, string>, string, RegExp]>([
    ['no file', dataset({ path: 'data/dayz.csv' }), 'E_DATASET_NO_FILES', /"days".*"data\/dayz\.csv"/],
    ['a path that leads out', dataset({ path: '../days.csv' }), 'E_PATH_OUTSIDE', /\.\.\/days\.csv/],
    ['an empty file', { 'data/days.csv': '' }, 'E_TABLE_EMPTY', /days\.csv/],
    [
      'no rows',
      { 'data/days.csv': 'id,at,x,z,region,late\n' },
      'E_DATASET_NO_TIMES',
      /"days" has no row with a time in "at"/,
    ],
    [
      'a ragged line',
      { 'data/days.csv': `${csv(rowsOf())}e1,2024-05-01,1\n` },
      'E_TABLE_CSV_RAGGED',
      /3 of 6.*days\.csv:1442/,
    ],
    [
      'no target',
      rows(({ late, ...row }) => ({ ...row, lat: late })),
      'E_COLUMN_MISSING',
      /no column "late" \(target\)/,
    ],
    ['no time', dataset({ time: 'att' }), 'E_COLUMN_MISSING', /no column "att" \(time\)/],
    ['a time of numbers', dataset({ time: 'x' }), 'E_COLUMN_NOT_TIME', /"x" of "days" is float/],
    ['no id', dataset({ id: 'ids' }), 'E_COLUMN_MISSING', /no column "ids" \(id\)/],
    [
      'too few days for the holdout',
      yaml((config) => Object.assign(config.models.late ?? {}, { holdout: { last: '400d' } })),
      'E_TRAINING_EMPTY',
      /"days".*before 2023/,
    ],
    [
      'a feature that is not there',
      yaml(() => {}, treesYaml({}, { features: ['x', 'zz'] })),
      'E_COLUMN_MISSING',
      /no column "zz" \(feature\)/,
    ],
    [
      'a parameter that there is not',
      yaml(() => {}, treesYaml({}, { parameters: { max_iterations: 5 } })),
      'E_TRAINER_PARAMETER',
      /"max_iterations"/,
    ],
    [
      'a value that it cannot be',
      yaml(() => {}, treesYaml({}, { parameters: { max_iter: 'many' } })),
      'E_TRAINER_PARAMETER_VALUE',
      /"max_iter".*"many"/,
    ],
  ])('%s', async (_what, contents, code, message) => {
    const found = await failing(base, contents, trained);
    expect(found).toMatchObject({ code, exitCode: 2, message: expect.stringMatching(message) });
  });
});

describe('a configuration that is wrong', () => {
  it.each<[string, string, string, RegExp, RegExp]>([
    ['an unknown key', 'data: {}\nmodles: {}\n', 'E_PROJECT_UNKNOWN_KEY', /"modles" in assay\.yaml:2/, /models/],
    ['a missing key', 'data: {}\n', 'E_PROJECT_MISSING_KEY', /"models"/, /models/],
    [
      'a wrong type',
      'data: { days: { path: 7 } }\nmodels: {}\n',
      'E_PROJECT_VALUE',
      /"data\.days\.path" in assay\.yaml:1:/,
      /path/,
    ],
    ['no YAML', 'data: {\n', 'E_PROJECT_YAML', /assay\.yaml:\d/, /./],
  ])('%s', async (_what, text, code, message, fix) => {
    const found = await failing(base, { 'assay.yaml': text }, trained);
    expect(found).toMatchObject({
      code,
      exitCode: 2,
      message: expect.stringMatching(message),
      fix: expect.stringMatching(fix),
    });
  });

  it('no assay.yaml, no such model, no such dataset', async () => {
    const missing = await errorOf(opened({ root: await newFolder() }));
    expect(missing).toMatchObject({ code: 'E_PROJECT_MISSING', exitCode: 2 });
    const { context, project } = await opened(base);
    expect(await errorOf(train(context, { project, model: 'early' }))).toMatchObject({
      code: 'E_PROJECT_MODEL',
      fix: 'Known: late.',
    });
    expect(await errorOf(validateData(context, { project, datasets: ['nights'] }))).toMatchObject({
      code: 'E_PROJECT_DATASET',
      fix: 'Known: days.',
    });
  });

  it('a checks file that is not there, or says what it must not', async () => {
    const validated = async (workspace: Workspace) => {
      const { context, project } = await opened(workspace);
      return validateData(context, { project });
    };
    const missing = await failing(base, dataset({ checks: 'check.yaml' }), validated);
    expect(missing).toMatchObject({ exitCode: 2, message: expect.stringContaining('check.yaml') });
    const wrong = await failing(base, { 'checks.yaml': 'columns:\n  x: { minn: 0 }\n' }, validated);
    expect(wrong).toMatchObject({
      code: 'E_PROJECT_UNKNOWN_KEY',
      message: expect.stringMatching(/checks\.yaml:2/),
      fix: 'Did you mean "min"?',
    });
  });
});

describe('surroundings', () => {
  it('without git, or before the first commit', async () => {
    const root = await newFolder();
    await write(root, files(treesYaml()));
    expect(await errorOf(trained({ ...base, root }))).toMatchObject({ code: 'E_GIT_NOT_A_REPOSITORY', exitCode: 2 });
    expect(await runsIn({ root })).toEqual([]);
  });

  it('without a token post nothing', async () => {
    const { context } = await opened(base);
    const evaluation = {
      schema: 'assay/evaluation/1',
      commit: 'a'.repeat(40),
      validations: [],
      runs: [],
      decisions: [],
      notes: [],
    } as const;
    const request = {
      evaluation: { ...evaluation, validations: [], runs: [], decisions: [], notes: [] },
      key: 'gate',
      sha: 'a'.repeat(40),
      links: {},
    };
    const found = await errorOf(publish(context, request));
    expect(found).toMatchObject({
      code: 'E_FORGE_NO_TOKEN',
      exitCode: 3,
      fix: expect.stringContaining('GITHUB_TOKEN'),
    });
  });
});
