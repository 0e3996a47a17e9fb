import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { md5 } from '../../../lib/pointers/md5.ts';
import { objectKey } from '../../../lib/pointers/object-key.ts';
import { runCacheKey } from '../../../lib/pointers/runs/run-cache-key.ts';
import { assay } from '../../cli/command-line.ts';
import { commitAll, newFolder, newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';

/** What stages made, by their paths. */
const MADE = { 'p/prep.csv': 'prepared', 'p/model.bin': 'model', 'p/m.json': 'metrics', 'p/curve.csv': 'curve' };
const PIPELINE = `
plots:
- ../raw/a.csv
stages:
  prep:
    cmd: prepare
    deps: [../raw]
    outs: [prep.csv]
  train:
    cmd: train
    deps: [prep.csv, "\${lib}"]
    outs: [model.bin]
    metrics: [m.json]
    plots: [curve.csv]
  report:
    cmd: report
    deps: [./]
`;

/** A repository whose stages in a folder are made of a tracked folder, and a remote in a folder. */
async function pipeline() {
  const git = await newRepository({ 'p/dvc.yaml': PIPELINE, 'p/params.yaml': 'lib: ../lib.py\n', 'lib.py': '1' });
  const root = git.folder;
  const remote = join(await newFolder(), 'remote');
  writeFiles(root, { 'raw/a.csv': 'a', 'raw/b.csv': 'bb', 'lone.bin': 'lone', ...MADE });
  await run(root, 'add', 'raw', 'lone.bin');
  writeFileSync(join(root, '.dvc', 'config'), `['remote "team"']\n    url = ${remote}\n[core]\n    remote = team\n`);
  const outs = (...paths: (keyof typeof MADE)[]) =>
    paths.map((path) => ({ path: path.slice(2), hash: 'md5', md5: md5(MADE[path]), size: MADE[path].length }));
  const stages = {
    prep: { cmd: 'prepare', outs: outs('p/prep.csv') },
    train: { cmd: 'train', outs: outs('p/model.bin', 'p/m.json', 'p/curve.csv') },
  };
  writeFileSync(join(root, 'p', 'dvc.lock'), JSON.stringify({ schema: '2.0', stages }));
  for (const text of Object.values(MADE)) {
    const object = join(root, '.dvc', 'cache', objectKey(md5(text)));
    mkdirSync(dirname(object), { recursive: true });
    writeFileSync(object, text);
  }
  return { git, root, remote, cache: join(root, '.dvc', 'cache') };
}

async function run(root: string, ...args: string[]) {
  const { out, code } = await assay(root, ['data', ...args, '--json']);
  return { exit: code, ...Object(JSON.parse(out)) };
}

/** The texts of the files that a cache or remote has, sorted. */
const texts = (folder: string) =>
  Object.entries(readFiles(folder))
    .filter(([path]) => path.startsWith('files/') && !path.endsWith('.dir'))
    .map(([, text]) => text)
    .sort();

describe('--with-deps', () => {
  const all = ['a', 'bb', ...Object.values(MADE)].sort();

  test.each<[string, string[], string[]]>([
    ['a stage', ['p/dvc.yaml:prep'], ['a', 'bb', 'prepared']],
    ['a stage of another', ['p/dvc.yaml:train'], all],
    ['an output', ['p/prep.csv'], ['a', 'bb', 'prepared']],
    ['an output, and not what the same stage makes beside it', ['p/m.json'], ['a', 'bb', 'metrics', 'prepared']],
    ['a stage without outputs', ['p/dvc.yaml:report'], all],
    ['a pointer', ['lone.bin.dvc'], ['lone']],
    ['part of a folder', ['raw/a.csv'], ['a']],
    ['part of what is needed whole', ['raw/a.csv', 'p/prep.csv'], ['a', 'bb', 'prepared']],
    ['everything', [], [...all, 'lone'].sort()],
  ])('pushes %s with what it is made of', async (_what, targets, expected) => {
    const { root, remote } = await pipeline();
    expect(await run(root, 'push', '--with-deps', ...targets)).toMatchObject({ exit: 0, failed: [] });
    expect(texts(remote)).toEqual(expected);
  });

  test('is meant for pull, fetch, checkout and status as well', async () => {
    const { root, cache } = await pipeline();
    await run(root, 'push');
    rmSync(cache, { recursive: true });
    await run(root, 'fetch', '--with-deps', 'p/dvc.yaml:prep');
    expect(texts(cache)).toEqual(['a', 'bb', 'prepared']);
    for (const path of ['raw', 'p/prep.csv', 'p/model.bin']) rmSync(join(root, path), { recursive: true });
    const { outputs } = await run(root, 'status', '--with-deps', 'p/dvc.yaml:prep');
    expect(outputs).toMatchObject([
      { path: 'p/prep.csv', state: 'deleted' },
      { path: 'raw', state: 'deleted' },
    ]);
    await run(root, 'checkout', '--with-deps', 'p/dvc.yaml:prep');
    expect(existsSync(join(root, 'raw', 'b.csv'))).toBe(true);
    expect(existsSync(join(root, 'p', 'model.bin'))).toBe(false);
    expect(await run(root, 'pull', '--with-deps', 'p/dvc.yaml:train')).toMatchObject({ exit: 0 });
    expect(existsSync(join(root, 'p', 'model.bin'))).toBe(true);
    const cloud = await run(root, 'status', '--cloud', '--with-deps', 'p/dvc.yaml:prep');
    expect(cloud).toMatchObject({ clean: true, exit: 0 });
  });

  test('goes by the stages of each commit', async () => {
    const { git, root, remote } = await pipeline();
    await git.run(['add', '--all', '--', 'p/dvc.lock', 'raw.dvc', 'lone.bin.dvc']);
    await git.run(['commit', '--quiet', '--message', 'older']);
    writeFileSync(join(root, 'p', 'dvc.yaml'), PIPELINE.replace('deps: [../raw]', 'deps: []'));
    await run(root, 'push', '--with-deps', 'p/dvc.yaml:prep');
    expect(texts(remote)).toEqual(['prepared']);
    await run(root, 'push', '--with-deps', '--all-commits', 'p/dvc.yaml:prep');
    expect(texts(remote)).toEqual(['a', 'bb', 'prepared']);
  });

  test('a target that nothing has is an error, and so is a stage that cannot be resolved', async () => {
    const { root } = await pipeline();
    expect(await run(root, 'push', '--with-deps', 'none')).toMatchObject({ code: 'E_OUTPUT_TARGET', exit: 2 });
    rmSync(join(root, 'p', 'params.yaml'));
    expect(await run(root, 'push', 'p/prep.csv')).toMatchObject({ exit: 0 });
    expect(await run(root, 'push', '--with-deps', 'p/prep.csv')).toMatchObject({ code: 'E_DVC_TEMPLATE', exit: 2 });
  });
});

describe('fetch of some', () => {
  test.each<[string[], string[]]>([
    [['--type', 'metrics'], ['metrics']],
    // A plot that is drawn from a file of the folder has the folder brought, as with DVC.
    [
      ['--type', 'plots'],
      ['a', 'bb', 'curve'],
    ],
    [
      ['--max-size', '6'],
      ['a', 'bb', 'curve', 'lone', 'model'],
    ],
    [
      ['--max-size', '0.005kB'],
      ['a', 'bb', 'lone'],
    ],
    [
      ['--type', 'plots', '--type', 'metrics'],
      ['a', 'bb', 'curve', 'metrics'],
    ],
    [
      ['--type', 'plots', '--max-size', '5'],
      ['a', 'bb'],
    ],
  ])('%j', async (options, expected) => {
    const { root, cache } = await pipeline();
    await run(root, 'push');
    rmSync(cache, { recursive: true });
    expect(await run(root, 'fetch', ...options)).toMatchObject({ exit: 0 });
    expect(texts(cache)).toEqual(expected);
  });

  test.each([
    ['--type', 'params'],
    ['--max-size', 'much'],
  ])('%s %s is refused', async (option, value) => {
    const { root } = await pipeline();
    expect(await run(root, 'fetch', option, value)).toMatchObject({ code: 'E_USAGE', exit: 2 });
  });
});

describe('--glob', () => {
  test.each<[string[], string[]]>([
    [['p/*.csv'], ['curve', 'prepared']],
    [['raw/a*'], ['a']],
    [['*.dvc'], ['a', 'bb', 'lone']],
    [
      ['**/m*', 'lone.bin'],
      ['lone', 'metrics', 'model'],
    ],
    [['p/dvc.y?ml'], Object.values(MADE).sort()],
  ])('%j', async (patterns, expected) => {
    const { root, remote } = await pipeline();
    // What is pushed need not be in the work tree.
    for (const path of ['raw', 'lone.bin']) rmSync(join(root, path), { recursive: true });
    expect(await run(root, 'push', '--glob', ...patterns)).toMatchObject({ exit: 0, failed: [] });
    expect(texts(remote)).toEqual(expected);
  });

  test('starts where the verb does, and has to match something', async () => {
    const { root, remote, cache } = await pipeline();
    await run(root, 'push', '--glob', '-C', 'p', '*.bin', '../raw/b*');
    expect(texts(remote)).toEqual(['bb', 'model']);
    expect(await run(root, 'push', '--glob', 'raw/*', 'q*')).toMatchObject({ code: 'E_OUTPUT_TARGET', exit: 2 });
    await run(root, 'push');
    rmSync(cache, { recursive: true });
    await run(root, 'fetch', '--glob', 'p/m*');
    expect(texts(cache)).toEqual(['metrics', 'model']);
    rmSync(join(root, 'lone.bin'));
    await run(root, 'pull', '--glob', 'l*');
    expect(readFileSync(join(root, 'lone.bin'), 'utf8')).toBe('lone');
  });
});

describe('the run cache', () => {
  const entry = (command: string) => {
    const { key, value } = runCacheKey({ cmd: command, outs: [{ path: 'x', md5: md5(command) }] });
    const text = `cmd: ${command}\nouts:\n- path: x\n  md5: ${md5(command)}\n`;
    return { path: `runs/${key.slice(0, 2)}/${key}/${value}`, text };
  };
  const [one, two, evil] = [entry('one'), entry('two'), entry('evil')];

  test('is sent and brought when asked for, and counted', async () => {
    const { root, remote, cache } = await pipeline();
    writeFiles(cache, { [one.path]: one.text });
    expect(await run(root, 'push')).not.toHaveProperty('runs');
    expect(await run(root, 'push', '--no-run-cache')).not.toHaveProperty('runs');
    expect(existsSync(join(remote, 'runs'))).toBe(false);
    const nothing = { refused: [], differing: [] };
    expect(await run(root, 'push', '--run-cache')).toMatchObject({ runs: { transferred: 1, present: 0, ...nothing } });
    writeFiles(remote, { [two.path]: two.text });
    expect(await run(root, 'pull', '--run-cache')).toMatchObject({ runs: { transferred: 1, present: 1, ...nothing } });
    expect(readFileSync(join(cache, two.path), 'utf8')).toBe(two.text);
    const { out } = await assay(root, ['data', 'fetch', '--run-cache']);
    expect(out).toContain('0 runs of the run cache fetched, 2 there already.');
  });

  test('nothing of it is taken that is not what its name says, or has no name of a run', async () => {
    const { root, remote, cache } = await pipeline();
    await run(root, 'push');
    writeFiles(remote, {
      [one.path]: evil.text,
      [two.path]: `${two.text}# ${'x'.repeat(5_000_000)}\n`,
      'runs/ab/x': 'mine',
      'runs/.tmp/y/z': 'mine',
    });
    const { err } = await assay(root, ['data', 'fetch', '--run-cache']);
    expect(err).toContain('warning: the run');
    const { runs, exit } = await run(root, 'fetch', '--run-cache');
    expect(exit).toBe(0);
    expect(runs.refused.map(({ path }: { path: string }) => `runs/${path}`).sort()).toEqual(
      [one.path, two.path].sort(),
    );
    expect(Object.keys(readFiles(cache)).filter((path) => path.startsWith('runs'))).toEqual([]);
  });

  test('what is there with other bytes stays, on both sides, and is told', async () => {
    const { root, remote, cache } = await pipeline();
    const sized = one.text.replace('  md5', '  size: 3\n  md5');
    writeFiles(cache, { [one.path]: one.text });
    writeFiles(remote, { [one.path]: sized });
    for (const verb of ['push', 'fetch'] as const) {
      const { runs } = await run(root, verb, '--run-cache');
      expect(runs).toEqual({ transferred: 0, present: 1, refused: [], differing: [one.path.slice('runs/'.length)] });
    }
    expect(readFileSync(join(cache, one.path), 'utf8')).toBe(one.text);
    expect(readFileSync(join(remote, one.path), 'utf8')).toBe(sized);
  });

  test('a remote that cannot hold one is a warning, none at all an error', async () => {
    const { root } = await pipeline();
    writeFileSync(
      join(root, '.dvc', 'config'),
      `['remote "web"']\n    url = http://127.0.0.1:9\n[core]\n    remote = web\n`,
    );
    const { err, code } = await assay(root, ['data', 'fetch', '--run-cache']);
    expect(err).toContain('the run cache is left out: a web server holds none');
    expect(code).toBe(0);
    writeFileSync(join(root, '.dvc', 'config'), '');
    expect(await run(root, 'push', '--run-cache')).toMatchObject({ code: 'E_DATA_NO_REMOTE', exit: 2 });
  });
});

describe('what is shown', () => {
  test.each<[string[]]>([
    [['add', 'raw']],
    [['status']],
    [['push']],
    [['fetch']],
    [['pull']],
    [['checkout']],
    [['diff', 'HEAD']],
    [['diff', '--md']],
    [['ls', '.']],
    [['du']],
    [['verify']],
    [['gc', '-w', '--dry']],
  ])('%j --quiet prints nothing, with --json its document alone', async (given) => {
    const { root } = await pipeline();
    await run(root, 'push');
    expect(await assay(root, ['data', ...given, '--quiet'])).toEqual({ code: 0, out: '', err: '' });
    const { out, err } = await assay(root, ['data', ...given, '-q', '--json']);
    expect(JSON.parse(out)).toMatchObject({ schema: expect.stringContaining('assay/data-') });
    expect(err).toBe('');
  });

  test('errors are told all the same, and what is left over when the rest was done', async () => {
    const { root, remote } = await pipeline();
    await run(root, 'push');
    expect(await assay(root, ['data', 'push', '-q', 'none'])).toMatchObject({ code: 2, out: '' });
    expect((await assay(root, ['data', 'push', '-q', 'none'])).err).toMatch(
      /^error: .*E_OUTPUT_TARGET\)\n {2}fix: .*\n$/,
    );
    rmSync(join(remote, objectKey(md5('lone'))));
    rmSync(join(root, '.dvc', 'cache', objectKey(md5('lone'))));
    const { code, out, err } = await assay(root, ['data', 'pull', '--quiet']);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(/^error: .*\(E_\w+\)\n {2}fix: .*\n$/);
    writeFiles(root, { 'raw/a.csv': 'changed' });
    expect(await assay(root, ['data', 'status', '-q'])).toEqual({ code: 1, out: '', err: '' });
  });

  test('checkout --summary tells numbers of files', async () => {
    const { root } = await pipeline();
    const summary = async () => (await assay(root, ['data', 'checkout', '--summary', '--force'])).out.trim();
    expect(await summary()).toBe('No changes.');
    rmSync(join(root, 'lone.bin'));
    writeFiles(root, { 'raw/a.csv': 'other', 'raw/c.csv': 'c' });
    rmSync(join(root, 'raw', 'b.csv'));
    expect(await summary()).toBe('1 file modified, 2 files added and 1 file deleted');
  });

  test('hostile names stay in their cells of the Markdown table', async () => {
    const git = await newRepository({ 'README.md': 'x' });
    const name = 'a|b`c`<img src=x>_*.txt';
    writeFiles(git.folder, { [name]: 'x' });
    await run(git.folder, 'add', name);
    const { out } = await assay(git.folder, ['data', 'diff', '--md', '--show-hash']);
    const rows = out.trim().split('\n');
    expect(rows).toHaveLength(3);
    expect(rows[2]?.match(/(?<!\\)\|/g)).toHaveLength(4);
    expect(out).not.toContain('<img');
  });
});

describe('newer imports', () => {
  test.each<[string, string[], boolean]>([
    ['HEAD', [], true],
    ['a branch', ['--rev', 'main'], true],
    ['an annotated tag that moved', ['--rev', 'v1'], true],
    ['a branch that stands still', ['--rev', 'still'], false],
    ['a commit', ['--rev', 'COMMIT'], false],
  ])('status asks for %s', async (_what, rev, newer) => {
    const source = await newRepository({ 'x.csv': 'one' });
    const commit = await source.text(['rev-parse', 'HEAD']);
    await source.run(['branch', 'still']);
    await source.run(['tag', '-a', 'v1', '-m', 'one']);
    const { root } = await pipeline();
    await run(root, 'import', source.folder, 'x.csv', ...rev.map((one) => one.replace('COMMIT', commit)));
    expect(await run(root, 'status', 'x.csv')).toMatchObject({ clean: true });
    const now = await commitAll(source, { 'x.csv': 'another' }, 'second');
    await source.run(['tag', '-f', '-a', 'v1', '-m', 'two']);
    const { clean, outputs } = await run(root, 'status', 'x.csv');
    expect({ clean, outputs }).toMatchObject({ clean: !newer, outputs: [{ state: 'unchanged' }] });
    expect(outputs[0].update).toBe(newer ? now : undefined);
    expect((await assay(root, ['data', 'status', '-q', 'x.csv'])).code).toBe(newer ? 1 : 0);
    expect((await assay(root, ['data', 'status', '-q', '--no-updates', 'x.csv'])).code).toBe(0);
    const { out } = await assay(root, ['data', 'status', 'x.csv']);
    if (newer) expect(out).toContain(`update available (${now.slice(0, 12)})`);
    else expect(out).toContain('up to date');
  });

  test('a repository that cannot be asked is a warning, and asked about by nobody who does not want to', async () => {
    const source = await newRepository({ 'x.csv': 'one' });
    const { root } = await pipeline();
    await run(root, 'import', source.folder, 'x.csv');
    rmSync(source.folder, { recursive: true });
    const { code, out, err } = await assay(root, ['data', 'status', 'x.csv']);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('up to date') });
    expect(err).toMatch(/^warning: whether .* has something newer is not known: /);
    expect((await assay(root, ['data', 'status', '--no-updates', 'x.csv'])).err).toBe('');
  });
});

describe('options that contradict each other', () => {
  test.each<[string[], string, string]>([
    [['push', '-q', '-v'], 'E_DATA_OPTIONS', '--quiet and --verbose'],
    [['status', '--all-branches'], 'E_DATA_OPTION', '--all-branches'],
    [['status', '-T'], 'E_DATA_OPTION', '--all-tags'],
    [['add', 'x', '--remote', 'team'], 'E_DATA_OPTION', '--remote means'],
    [['add', 'x', '--remote-jobs', '2'], 'E_DATA_OPTION', '--remote-jobs'],
    [['add', 'x', '--out', 'y', '--remote-jobs', '2'], 'E_DATA_OPTION', '--remote-jobs'],
    [['add', 'x', '--out', 'y', '--glob'], 'E_DATA_OPTIONS', '--out and --glob'],
    [['add', 'x', '--to-remote', '--no-commit'], 'E_DATA_OPTIONS', '--to-remote and --no-commit'],
    [['gc', '--dry'], 'E_DATA_SCOPE', 'what to keep'],
    [['gc', '-w', '--dry', '--remote', 'team'], 'E_DATA_OPTION', '--remote means'],
    [['gc', '-w', '--dry', '--num', '2'], 'E_DATA_OPTION', '--num means'],
    [['gc', '-w', '--dry', '--cloud', '--not-in-remote'], 'E_DATA_OPTIONS', '--cloud and --not-in-remote'],
    [['gc', '--date', '2026-02-30', '--dry'], 'E_USAGE', '2026-02-30'],
    [['gc', '--rev', 'nowhere', '--dry'], 'E_GIT_NO_REVISION', 'nowhere'],
    [['gc', '-w', '--projects', 'p', '/nonexistent', '--dry'], 'E_PROJECT_FOLDER', '/nonexistent'],
    [['diff', '--targets', 'nowhere'], 'E_OUTPUT_TARGET', 'nowhere'],
  ])('%j', async (args, code, told) => {
    const { root } = await pipeline();
    const found = await run(root, ...args);
    expect(found).toMatchObject({ code, message: expect.stringContaining(told), exit: expect.any(Number) });
    expect(found.exit).not.toBe(0);
    expect(found.message).not.toContain('\n');
  });
});
