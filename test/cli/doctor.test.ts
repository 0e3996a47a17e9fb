import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DoctorOutput, type Finding } from '../../lib/commands/doctor/doctor-output.ts';
import { versionPath } from '../../lib/registry/layout.ts';
import { csv, rowsOf } from '../commands/days.ts';
import { newWorkspace, type Workspace } from '../commands/repository.ts';
import { addWorkflowRun, startGitHubServer, TOKENS } from '../forge/github-server.ts';
import { commitAll, newFolder, newRepository, write } from '../git/repository.ts';
import { assay, type Terminal } from './command-line.ts';

/** Rows so alike from day to day that they leave little to a small holdout. */
const DAYS = csv(rowsOf({ days: 60, perDay: 2 }));

const YAML = `data:
  days: { path: days.csv, time: at, id: id }
models:
  late:
    train: { trainer: trees, data: days }
    target: late
    holdout: { last: 50d }
    gate: { primary: accuracy, guardrails: [] }
`;

/** As if by hand: what `assay init` writes, and nothing wrong with it. */
const WORKFLOW = `on: { pull_request: , schedule: [{ cron: "23 5 * * 1" }] }
permissions: {}
jobs:
  gate:
    permissions: { contents: read, actions: read, pull-requests: write, checks: write }
    uses: assay-ml/assay/.github/workflows/pull-request.yml@v1
  drift:
    permissions: { contents: read, issues: write, actions: write }
    uses: assay-ml/assay/.github/workflows/drift.yml@v1
`;

async function doctor(
  root: string,
  args: readonly string[] = [],
  terminal: Terminal = {},
): Promise<DoctorOutput & { code: number }> {
  const { code, out, err } = await assay(root, ['doctor', '--json', ...args], terminal);
  expect(err).toBe('');
  return { code, ...DoctorOutput.parse(JSON.parse(out)) };
}

/** The findings of an area that are not well, a line each. */
function bad({ findings }: DoctorOutput, area?: Finding['area']): string[] {
  return findings
    .filter((one) => one.status !== 'ok' && (area === undefined || one.area === area))
    .map(({ area: of, subject, status, says }) => `${status} ${of} ${subject}: ${says}`);
}

async function repository(files: Readonly<Record<string, string>>): Promise<string> {
  return (await newRepository(files)).folder;
}

/** Every file with its time of change, git's own apart. */
async function stamps(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const kept = files.filter((file) => !file.includes('/.git/')).sort();
  return Promise.all(kept.map(async (file) => `${file} ${(await stat(file)).mtimeMs}`));
}

describe('a project in which all is there', () => {
  let place: Workspace;
  beforeAll(async () => {
    place = await newWorkspace({ 'assay.yaml': YAML, 'days.csv': DAYS, '.github/workflows/a.yml': WORKFLOW });
  });

  it('has warnings of what its data cannot tell alone, and is left as it is', async () => {
    const before = await stamps(place.root);
    const found = await doctor(place.root);
    expect(found.code).toBe(0);
    expect(bad(found).every((line) => line.startsWith('warn gate late: with 25 days'))).toBe(true);
    expect(
      found.findings.filter(({ status }) => status === 'ok').map(({ area, subject }) => `${area} ${subject}`),
    ).toEqual([
      'environment node',
      'environment duckdb',
      'git version',
      'git repository',
      'git remote',
      'project assay.yaml',
      'data days',
      'store store',
      'store where',
      'registry registry',
      'workflows .github/workflows/a.yml',
    ]);
    for (const { status, fix } of found.findings) expect(fix === undefined).toBe(status === 'ok');
    expect(await stamps(place.root)).toEqual(before);
  });

  it('is told to people with a mark a line, and what to do first', async () => {
    const { code, out } = await assay(place.root, ['doctor']);
    expect(code).toBe(0);
    expect(out).toMatch(/^· ✓ environment, node: Node \d+/);
    expect(out).toMatch(/\n! It works, with reservations: 11 well, \d with a warning, 0 failing\.\n\nNext: /);
  });

  it('is written to where that is asked for, and nothing stays there', async () => {
    const { findings } = await doctor(place.root, ['--write']);
    expect(findings.find(({ area }) => area === 'store')).toMatchObject({
      status: 'ok',
      says: expect.stringContaining('can be written to'),
    });
    const left = await readdir(join(place.root, '.assay/store'), { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile())).toEqual([]);
    await rm(join(place.root, '.assay'), { recursive: true });
  });

  it('in a job asks the forge, and whether its schedule still runs', async () => {
    const server = await startGitHubServer();
    try {
      server.state.workflows.add('a.yml');
      const env = {
        GITHUB_ACTIONS: 'true',
        GITHUB_API_URL: server.url,
        GITHUB_REPOSITORY: 'octo/flights',
        GITHUB_TOKEN: TOKENS.actions,
      };
      const lines = async () =>
        bad(await doctor(place.root, [], { env })).filter((line) => !line.startsWith('warn gate'));
      expect(await lines()).toEqual(['warn workflows .github/workflows/a.yml: its schedule never ran']);
      addWorkflowRun(server.state, { workflow: 'a.yml', event: 'schedule', createdAt: '2020-01-02T03:04:05Z' });
      addWorkflowRun(server.state, { workflow: 'a.yml', event: 'pull_request', createdAt: new Date().toISOString() });
      expect(await lines()).toEqual([
        'warn workflows .github/workflows/a.yml: its schedule is overdue: it ran last at 2020-01-02 03:04 (UTC)',
      ]);
      addWorkflowRun(server.state, { workflow: 'a.yml', event: 'schedule', createdAt: new Date().toISOString() });
      expect(await lines()).toEqual([]);
      expect(server.requests.every(({ method }) => method === 'GET')).toBe(true);
      const { GITHUB_TOKEN: _none, ...without } = env;
      expect(bad(await doctor(place.root, [], { env: without }), 'environment')).toEqual([
        'warn environment forge: this job has no GITHUB_TOKEN: nothing can be posted or looked up',
      ]);
    } finally {
      await server.close();
    }
  });
});

describe('what is missing', () => {
  it('of everything: an empty folder', async () => {
    const found = await doctor(await newFolder());
    expect(found).toMatchObject({ code: 1, status: 'fail' });
    expect(bad(found).map((line) => line.split(':')[0])).toEqual(['fail git repository', 'fail project assay.yaml']);
    expect(found.findings.at(-1)?.fix).toMatch(/^assay init/);
  });

  it.each([
    [
      'an unknown key',
      { 'assay.yaml': YAML.replace('target', 'taget') },
      ['fail project assay.yaml: unknown key "models.late.taget" in assay.yaml:6:5'],
    ],
    ['no YAML', { 'assay.yaml': 'a: [' }, [expect.stringMatching(/^fail project assay\.yaml: not valid YAML/)]],
    ['no model', { 'assay.yaml': 'data: {}\nmodels: {}\n' }, ['fail project assay.yaml: it names no model']],
    [
      'no data',
      { 'assay.yaml': YAML },
      ['fail data days: the dataset "days" has no files: nothing matches "days.csv" (assay.yaml)'],
    ],
    [
      'columns that are not there, and a time that is none',
      {
        'assay.yaml': YAML.replace('id: id', 'id: ide')
          .replace('time: at', 'time: x')
          .replace('target: late', 'target: latr'),
        'days.csv': DAYS,
      },
      [
        'fail data days: the dataset "days" has no column "ide" (id)',
        'fail data days: the dataset "days" has no column "latr" (target)',
        'fail data days: the time column "x" of "days" is float, not a timestamp or date',
      ],
    ],
    [
      'no rows',
      { 'assay.yaml': YAML, 'days.csv': DAYS.slice(0, DAYS.indexOf('\n') + 1) },
      [expect.stringMatching(/^fail data days: /)],
    ],
    [
      'no labels',
      { 'assay.yaml': YAML, 'days.csv': DAYS.replace(/[01]$/gm, '') },
      ['fail data days: no row has a value in "late", the target'],
    ],
    [
      'a checks file that is not there',
      { 'assay.yaml': YAML.replace('id: id }', 'id: id, checks: c.yaml }'), 'days.csv': DAYS },
      ['fail data days: there is no c.yaml here'],
    ],
    [
      'data that git ignores',
      { 'assay.yaml': YAML.replace('days.csv', 'd/days.csv'), 'd/days.csv': DAYS, '.gitignore': 'd/\n' },
      ['warn data git: git ignores d/days.csv, so no job has it: assay data add, then assay data push'],
    ],
  ] as const)('%s', async (_what, files, expected) => {
    const lines = bad(await doctor(await repository(files))).filter((line) => / (project|data) /.test(line));
    expect(lines).toEqual(expected);
  });

  it('programs, scripts and lock files of commands', async () => {
    const run = 'train: { run: no-such-program train.py, data: days, lock: [gone.txt] }\n    predict: node predict.js';
    const root = await repository({
      'assay.yaml': YAML.replace('train: { trainer: trees, data: days }', run),
      'days.csv': DAYS,
    });
    expect(bad(await doctor(root), 'commands')).toEqual([
      'fail commands late.train: the program no-such-program is not on the PATH',
      'fail commands late.predict: predict.js is not here',
      'fail commands late.train: the lock file gone.txt is not here',
    ]);
  });

  it('of a project: a repository without assay.yaml', async () => {
    const root = await repository({ 'days.csv': DAYS });
    expect(bad(await doctor(root)).map((line) => line.split(':')[0])).toEqual([
      'warn git remote',
      'fail project assay.yaml',
    ]);
  });

  it('a commit of assay.yaml, an identity, a remote', async () => {
    const git = await newRepository({ 'days.csv': DAYS });
    await write(git.folder, { 'assay.yaml': YAML });
    await git.run(['config', '--unset', 'user.email']);
    expect(bad(await doctor(git.folder), 'git').map((line) => line.split(':')[0])).toEqual([
      'warn git committed',
      'warn git identity',
      'warn git remote',
    ]);
  });

  it('a remote that answers', async () => {
    const git = await newRepository({ 'assay.yaml': YAML, 'days.csv': DAYS });
    await git.run(['remote', 'add', 'origin', join(git.folder, 'nowhere.git')]);
    expect(bad(await doctor(git.folder), 'registry')).toEqual([
      expect.stringMatching(/^fail registry registry: the remote .* cannot be reached/),
    ]);
  });
});

describe('data behind pointers', () => {
  it('are looked for in cache and store, and not brought', async () => {
    const git = await newRepository({ 'assay.yaml': YAML, '.gitignore': '' });
    const remote = await newFolder();
    await write(git.folder, {
      'days.csv': DAYS,
      '.dvc/config': `[core]\n    remote = r\n['remote "r"']\n    url = ${remote}\n`,
    });
    for (const args of [['add', 'days.csv'], ['push']])
      expect((await assay(git.folder, ['data', ...args])).code).toBe(0);
    await commitAll(git, {}, 'data');
    expect(bad(await doctor(git.folder), 'data')).toEqual([]);
    await rm(join(git.folder, 'days.csv'));
    expect(bad(await doctor(git.folder), 'data')).toEqual(["warn data days: days.csv is not here; DVC's cache has it"]);
    await rm(join(git.folder, '.dvc/cache'), { recursive: true });
    expect(bad(await doctor(git.folder), 'data')).toEqual([
      expect.stringMatching(/^warn data days: days\.csv is not here; the store .* has it$/),
    ]);
    expect(await readdir(git.folder)).not.toContain('days.csv');
    await rm(join(remote, 'files'), { recursive: true });
    const gone = await doctor(git.folder);
    expect(bad(gone, 'data')).toEqual([
      expect.stringMatching(/^fail data days: days\.csv is neither here nor in the store /),
    ]);
    expect(bad(gone, 'gate')).toEqual([]);
    await write(git.folder, { 'days.csv': `${DAYS}x\n`, 'assay.yaml': `${YAML}store: ../elsewhere\n` });
    const changed = await doctor(git.folder);
    expect(bad(changed, 'data')).toEqual([expect.stringMatching(/^fail data days: .*days\.csv/)]);
    expect(bad(changed, 'store')).toEqual([
      expect.stringMatching(/^fail store store: store: in assay\.yaml says \.\.\/elsewhere/),
    ]);
  });
});

describe('the registry', () => {
  let place: Workspace;
  beforeAll(async () => {
    place = await newWorkspace({ 'assay.yaml': `${YAML}    drift: { window: 7d }\n`, 'days.csv': DAYS });
  });

  it('of GTO alone has versions and stages, and no baseline of drift', async () => {
    const { git } = place;
    for (const tag of ['late@v1.0.0', 'late#production#1', 'late#canary#2'])
      await git.run(['tag', '--annotate', '--message', tag, tag]);
    await git.run(['push', '--quiet', '--tags', 'origin']);
    const found = await doctor(place.root);
    expect(found.code).toBe(1);
    expect(found.findings).toContainEqual(
      expect.objectContaining({
        area: 'registry',
        status: 'ok',
        says: "0 versions; 1 more known by GTO's tags alone; production: 1.0.0",
      }),
    );
    expect(bad(found, 'registry')).toEqual([
      'warn registry late: the registry has stages that assay.yaml does not: canary',
      'fail registry late: 1.0.0, which holds production, was registered by GTO alone: drift has no baseline',
    ]);
  });

  it('that is damaged fails', async () => {
    const { git, root } = place;
    await git.run(['switch', '--quiet', '--orphan', 'assay/registry']);
    const file = versionPath('late', '1.0.0');
    await commitAll(git, { [file]: '{}' }, 'broken');
    await git.run(['push', '--quiet', 'origin', 'assay/registry']);
    await git.run(['switch', '--quiet', 'main']);
    expect(bad(await doctor(root), 'registry')).toEqual([expect.stringContaining(`fail registry registry: ${file}: `)]);
  });
});

describe('workflows', () => {
  const withWorkflow = async (text: string, yaml = YAML): Promise<string[]> => {
    const root = await repository({ 'assay.yaml': yaml, '.github/workflows/w.yml': text });
    return bad(await doctor(root), 'workflows').map((line) => line.replaceAll('.github/workflows/', ''));
  };
  const judged = WORKFLOW.replace(/ {2}drift:[\s\S]*/, '');
  const head = `$${'{{ github.event.pull_request.head.sha }}'}`;

  it.each([
    ['none', 'on: push\njobs: {}\n', ['warn workflows pull requests: no workflow judges pull requests']],
    ['all well', judged, []],
    [
      'broken YAML',
      'on: [',
      [expect.stringMatching(/^warn workflows w\.yml: it cannot be read: not valid YAML/), expect.anything()],
    ],
    [
      'a permission that is missing',
      judged.replace(', checks: write', ''),
      ['fail workflows w.yml: the job "gate" (pull-request.yml) lacks checks: write'],
    ],
    [
      'no permissions at all',
      judged.replace('permissions: {}\n', '').replace(/ {4}permissions: .*\n/, ''),
      ['warn workflows w.yml: the job "gate" has no permissions: what it may do is up to the repository\'s settings'],
    ],
    [
      'all permissions',
      judged.replace(/ {4}permissions: .*/, '    permissions: write-all'),
      ['warn workflows w.yml: the job "gate" may write everything'],
    ],
    [
      'a branch for a version',
      judged.replace('@v1', '@main'),
      ['warn workflows w.yml: pull-request.yml in the job "gate" is of "main", which is no version'],
    ],
    [
      'no version',
      judged.replace('@v1', ''),
      ['warn workflows w.yml: pull-request.yml in the job "gate" names no version'],
    ],
    [
      'the code of a stranger with a token that may write',
      `on: pull_request_target\njobs: { j: { steps: [{ uses: actions/checkout@v7, with: { ref: "${head}" } }] } }\n`,
      [
        expect.stringMatching(/^fail workflows w\.yml: pull_request_target, and the job "j" checks out/),
        expect.anything(),
      ],
    ],
    [
      'our action on pull_request_target',
      'on: pull_request_target\npermissions: { contents: read, pull-requests: write, checks: write }\njobs: { j: { steps: [{ uses: assay-ml/assay@v1 }] } }\n',
      [expect.stringMatching(/^fail workflows w\.yml: pull_request_target, and the job "j" runs/), expect.anything()],
    ],
  ] as const)('%s', async (_what, text, expected) => {
    expect(await withWorkflow(text)).toEqual(expected);
  });

  it('that do not watch the drift that assay.yaml asks for, nor record looks that count', async () => {
    expect(await withWorkflow(judged, `${YAML}    drift: { window: 7d }\n`)).toEqual([
      'warn workflows drift: "late" has drift: in assay.yaml, and no workflow with a schedule (cron) checks it',
    ]);
    expect(await withWorkflow(WORKFLOW, `${YAML}    drift: { window: 7d }\n`)).toEqual([]);
    expect(await withWorkflow(judged, YAML.replace('last: 50d', 'last: 50d, halves: false'))).toEqual([
      'warn workflows w.yml: the holdout of "late" has no halves, and this workflow may not record its looks',
    ]);
  });
});
