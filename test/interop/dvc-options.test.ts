import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DataDiffOutput } from '../../lib/commands/data/data-outputs.ts';
import { md5 } from '../../lib/pointers/md5.ts';
import { objectKey } from '../../lib/pointers/object-key.ts';
import { pythonGlob } from '../../lib/pointers/outputs/python-glob.ts';
import { assay } from '../cli/command-line.ts';
import { readFiles, writeFiles } from '../pointers/checkout/work-data.ts';
import { dvcRepository, TIMEOUT_MS, WITHOUT_DVC } from './dvc-repository.ts';

/** Stages that are made of each other, of parameters with every kind of number, and of folders. */
const PIPELINE = `
vars:
- names: {model: model.bin}
stages:
  prep:
    cmd: mkdir -p prep && cat raw/* > prep/all && echo x > prep/x
    deps: [raw]
    outs: [prep]
  train:
    wdir: .
    cmd: cat prep/all > model.bin && echo '{"m":1}' > m.json && echo '{"p":1}' > p.json && echo more > extra
    deps: [prep/all]
    params: [rate, decay, layers, name, flags]
    outs: ["\${names.model}", extra]
    metrics: [m.json]
    plots: [p.json]
  each:
    foreach: [a, b]
    do:
      cmd: cp \${names.model} \${item}.out && echo \${item} >> \${item}.out
      deps: ["\${names.model}"]
      outs: ["\${item}.out"]
  evaluate:
    cmd: echo done
    deps: ["\${names.model}"]
plots:
- raw/a:
    x: n
`;
const PARAMS = 'rate: 1.0\ndecay: 1e-05\nlayers: 12345678901234567890\nname: "é 😀: x"\nflags: [true, null, -0.0, 3]\n';

/** Objects and runs below a cache or a remote. */
const contents = (folder: string): string[] =>
  Object.keys(readFiles(folder))
    .filter((path) => /^(files\/md5|runs)\//.test(path))
    .sort();

describe.skipIf(WITHOUT_DVC !== undefined)(
  `the options of DVC's verbs: ${WITHOUT_DVC ?? 'beside the real one'}`,
  () => {
    const base = mkdtempSync(join(tmpdir(), 'assay-dvc-options-'));
    const root = join(base, 'repository');
    const cache = join(root, '.dvc', 'cache');
    const { run, dvc, ours } = dvcRepository(base, root);
    const git = (...args: string[]) => run('git', '-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args);
    const remote = (name: string) => join(base, name);
    const empty = (...folders: string[]) => {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    };

    beforeAll(async () => {
      mkdirSync(root);
      await git('init', '--quiet', '--initial-branch=main');
      await dvc('init', '--quiet');
      for (const name of ['theirs', 'ours', 'all']) await dvc('remote', 'add', '--quiet', name, remote(name));
      await dvc('remote', 'default', '--quiet', 'all');
      writeFiles(root, { 'raw/a': 'one', 'raw/b': 'two', 'dvc.yaml': PIPELINE, 'params.yaml': PARAMS });
      await dvc('add', '--quiet', 'raw');
      await dvc('repro', '--quiet');
      await dvc('push', '--quiet', '--run-cache');
      await git('add', '--all');
      await git('commit', '--quiet', '--message', 'first');
    }, TIMEOUT_MS);
    afterAll(() => empty(base));

    test.each([[['train']], [['evaluate']], [['each']], [['each@a', 'prep']], [['dvc.yaml', 'raw.dvc']]])(
      'push --with-deps %j sends what DVC sends',
      { timeout: TIMEOUT_MS },
      async (targets) => {
        empty(remote('theirs'), remote('ours'));
        await dvc('push', '--quiet', '--with-deps', '--remote', 'theirs', ...targets);
        await ours('push', '--with-deps', '--remote', 'ours', ...targets);
        expect(contents(remote('ours'))).toEqual(contents(remote('theirs')));
      },
    );

    test('--remote leaves out what names another remote, as DVC does', { timeout: TIMEOUT_MS }, async () => {
      const pointer = readFileSync(join(root, 'raw.dvc'), 'utf8');
      writeFileSync(join(root, 'raw.dvc'), `${pointer.trimEnd()}\n  remote: theirs\n`);
      empty(remote('theirs'), remote('ours'));
      expect(await dvc('push', '--remote', 'ours', 'raw.dvc')).toContain('up to date');
      expect(await ours('push', '--remote', 'ours', 'raw.dvc')).toMatchObject({ transferred: 0 });
      expect(await ours('push', '--remote', 'Theirs', 'raw.dvc')).toMatchObject({ transferred: 3 });
      expect(JSON.parse(await dvc('status', '--cloud', '--json', 'raw.dvc'))).toEqual({});
      writeFileSync(join(root, 'raw.dvc'), pointer);
    });

    test("an output's path has what it is made of too, which DVC leaves out", { timeout: TIMEOUT_MS }, async () => {
      empty(remote('theirs'), remote('ours'));
      await dvc('push', '--quiet', '--with-deps', '--remote', 'theirs', 'm.json');
      expect(contents(remote('theirs'))).toHaveLength(1);
      await ours('push', '--with-deps', '--remote', 'ours', 'm.json');
      // The file; the folder prep with two files, one of which is the model's twin; raw with two.
      expect(contents(remote('ours'))).toHaveLength(1 + 3 + 3);
    });

    test.each([
      [['--with-deps', 'each@a']],
      [['--type', 'metrics']],
      [['--type', 'plots']],
      [['--max-size', '6']],
      [['--run-cache']],
      [['--no-run-cache', 'raw']],
    ])('fetch %j brings what DVC brings', { timeout: TIMEOUT_MS }, async (options) => {
      empty(cache);
      await dvc('fetch', '--quiet', ...options);
      const theirs = contents(cache);
      empty(cache, join(root, '.dvc', 'tmp', 'assay'));
      await ours('fetch', ...options);
      expect(contents(cache)).toEqual(theirs);
    });

    test('runs that DVC made are brought, and restored by DVC', { timeout: TIMEOUT_MS }, async () => {
      empty(cache);
      expect(await ours('pull', '--run-cache')).toMatchObject({
        runs: { transferred: 4, present: 0, refused: [], differing: [] },
      });
      expect(await ours('pull', '--run-cache')).toMatchObject({ runs: { transferred: 0, present: 4, differing: [] } });
      for (const [path, text] of Object.entries(readFiles(join(cache, 'runs')))) {
        expect(text).toBe(readFileSync(join(remote('all'), 'runs', path), 'utf8'));
      }
      empty(join(root, 'model.bin'), join(root, 'dvc.lock'));
      const told = await dvc('repro', 'train');
      expect(told).toContain("Stage 'train' is cached - skipping run");
      await git('checkout', '--', 'dvc.lock');
      await ours('checkout');
    });

    test('runs that we pushed are pulled and restored by DVC', { timeout: TIMEOUT_MS }, async () => {
      empty(remote('ours'));
      await ours('pull', '--run-cache');
      expect(await ours('push', '--run-cache', '--remote', 'ours')).toMatchObject({ runs: { transferred: 4 } });
      empty(cache);
      await dvc('pull', '--quiet', '--run-cache', '--remote', 'ours');
      empty(join(root, 'dvc.lock'));
      expect(await dvc('repro', 'prep')).toContain("Stage 'prep' is cached - skipping run");
      await git('checkout', '--', 'dvc.lock');
    });

    test('add --no-relink leaves files alone as DVC does', { timeout: TIMEOUT_MS }, async () => {
      await dvc('config', '--quiet', '--local', 'cache.type', 'hardlink');
      const linksOf = (name: string) => statSync(join(root, name)).nlink;
      for (const [name, ...options] of [['relinked'], ['kept', '--no-relink']]) {
        writeFiles(root, { [`${name}-theirs`]: `t ${name}`, [`${name}-ours`]: `o ${name}` });
        await dvc('add', '--quiet', ...options, `${name}-theirs`);
        await ours('add', ...options, `${name}-ours`);
        expect([name, linksOf(`${name}-ours`)]).toEqual([name, linksOf(`${name}-theirs`)]);
      }
      expect(linksOf('kept-ours')).toBe(1);
      await dvc('config', '--quiet', '--local', '--unset', 'cache.type');
      await git('clean', '--quiet', '--force', '-x', '--', '*-ours*', '*-theirs*');
      await git('checkout', '--', '.gitignore');
    });

    test('status tells of newer imports unless --no-updates, as DVC does', { timeout: TIMEOUT_MS }, async () => {
      const source = join(base, 'source');
      mkdirSync(source);
      const there = (...args: string[]) => git('-C', source, ...args);
      await there('init', '--quiet', '--initial-branch=main');
      const commit = async (text: string) => {
        writeFiles(source, { 'x.csv': text });
        await there('add', '--all');
        await there('commit', '--quiet', '--message', text);
        return (await there('rev-parse', 'HEAD')).trim();
      };
      await commit('the first');
      await ours('import', source, 'x.csv');
      expect(await ours('status', 'x.csv')).toMatchObject({ clean: true });
      const newer = await commit('another');
      const theirs = await dvc('status', '--json', 'x.csv.dvc');
      expect(theirs).toContain('update available');
      expect(await ours('status', 'x.csv')).toMatchObject({ clean: false, outputs: [{ update: newer }] });
      expect(JSON.parse(await dvc('status', '--json', '--no-updates', 'x.csv.dvc'))).toEqual({});
      const quiet = await ours('status', '--no-updates', 'x.csv');
      expect(quiet).toMatchObject({ clean: true, outputs: [{ state: 'unchanged' }] });
      expect(JSON.stringify(quiet)).not.toContain(newer);
      empty(join(root, 'x.csv'), join(root, 'x.csv.dvc'));
      await git('checkout', '--', '.gitignore');
    });

    test("diff tells what DVC tells, and its Markdown table has DVC's rows", { timeout: TIMEOUT_MS }, async () => {
      const first = (await git('rev-parse', 'HEAD')).trim();
      writeFiles(root, { 'raw/a': 'changed', 'raw/new': 'new', 'we|ird`<b>.txt': 'x', 'old/o': 'o' });
      await dvc('add', '--quiet', 'raw', 'we|ird`<b>.txt', 'old');
      await git('add', '--all');
      await git('commit', '--quiet', '--message', 'second');
      writeFiles(root, { 'raw/moved/b': 'two', 'we|ird`<b>.txt': 'y' });
      empty(join(root, 'raw', 'b'));
      await run('mv', 'old', 'young');
      await git('rm', '--quiet', 'old.dvc');
      await dvc('add', '--quiet', 'young');
      rmSync(join(cache, objectKey(md5('changed'))));
      for (const args of [
        [first, 'HEAD'],
        [first],
        [],
        ['HEAD', 'HEAD'],
        ['--hide-missing'],
        ['--targets', 'raw/a', 'raw/moved'],
        [first, '--targets', 'raw.dvc'],
        ['--targets', 'prep'],
      ]) {
        const theirs = JSON.parse((await dvc('diff', '--json', '--show-hash', ...args)) || '{}');
        const document = DataDiffOutput.parse(await ours('diff', '--show-hash', ...args));
        expect([args, ourLines(document)]).toEqual([args, theirLines(theirs)]);
        if (args.length > 1) continue;
        const table = tableRows(await dvc('diff', '--md', ...args));
        const { out } = await assay(root, ['data', 'diff', '--md', ...args]);
        expect([args, tableRows(out).map(unescaped)]).toEqual([args, table]);
      }
      expect((await assay(root, ['data', 'diff', '--targets', 'nowhere'])).code).toBe(2);
      await git('reset', '--quiet', '--hard', first);
      await ours('pull', '--force');
    });

    test("globs match what Python's do", { timeout: TIMEOUT_MS }, async () => {
      const folder = join(base, 'globs');
      const names = [
        'a',
        'ab',
        'a.b',
        '.h',
        '.h/x',
        'd/a',
        'd/.h/a',
        'd/e/f.csv',
        'd/e/[x]',
        'd-1',
        'd]',
        'd!',
        '^a',
        'é',
      ];
      const paths = names.filter((name) => name !== '.h');
      writeFiles(folder, Object.fromEntries(paths.map((path) => [path, ''])));
      const all = [...new Set([...paths, '.h', 'd', 'd/.h', 'd/e'])];
      const patterns = [
        ...[
          '*',
          '**',
          '?',
          'a*',
          '*b',
          '.*',
          '[a-d]*',
          '[!a]*',
          'd/*',
          'd/**',
          '**/a',
          '**/*',
          'd/**/a',
          '**/.h/*',
          '[]!-]d',
        ],
        ...['d[]]', 'd[!]]', 'd[-1]*', '[z-a]*', '[', 'd/e/[[]x]', '[^]a', '**/**/f.csv', '?.b', 'é', '*é', 'd[!-]'],
        ...['./a*', 'd//a', '**a', 'd/e/**', '[.]h', 'x*'],
      ];
      const script =
        'import glob, json, sys; print(json.dumps([sorted({p.rstrip("/") for p in glob.iglob(q, recursive=True)}) for q in sys.argv[1:]]))';
      const listed: string[][] = JSON.parse(await dvcRepository(base, folder).run('python', '-c', script, ...patterns));
      for (const [index, pattern] of patterns.entries()) {
        const theirs = listed[index]
          ?.filter((path) => path !== '')
          .map((path) => path.replace(/^\.\//, '').replace('//', '/'));
        expect([pattern, all.filter(pythonGlob(pattern)).sort()]).toEqual([pattern, theirs?.sort()]);
      }
    });
  },
);

type Changes = Readonly<Record<string, readonly { readonly path: unknown; readonly hash: unknown }[]>>;

/** What DVC tells, a line each. */
function theirLines(changes: Changes): string[] {
  return Object.entries(changes)
    .flatMap(([state, entries]) => entries.map(({ path, hash }) => `${state} ${pair(path)} ${pair(hash)}`))
    .sort();
}

function pair(value: unknown): string {
  if (typeof value === 'string') return value;
  const { old, new: young } = Object(value);
  return `${old} > ${young}`;
}

/** What we tell, in the same words. */
function ourLines(document: DataDiffOutput): string[] {
  const { folders, missing = [], hashes = [] } = document;
  const known = new Map(hashes.map((one) => [one.path, one]));
  const lines = new Set<string>();
  for (const { added, deleted, modified, renamed } of [document, ...(folders === undefined ? [] : [folders])]) {
    for (const path of added) lines.add(`added ${path} ${known.get(path)?.new}`);
    for (const path of deleted) lines.add(`deleted ${path} ${known.get(path)?.old}`);
    for (const path of modified) lines.add(`modified ${path} ${known.get(path)?.old} > ${known.get(path)?.new}`);
    for (const { from, to } of renamed) lines.add(`renamed ${from} > ${to} ${known.get(to)?.new}`);
  }
  for (const path of missing) lines.add(`not in cache ${path} ${known.get(path)?.old}`);
  return [...lines].sort();
}

/** State and path of each row. DVC escapes nothing, so what stands behind the first column is the path. */
function tableRows(table: string): string[] {
  const rows = table
    .split('\n')
    .slice(2)
    .filter((line) => line !== '');
  return rows.map((row) => {
    const [, state, path = ''] = /^\| (.+?) +\| (.*?) *\|$/.exec(row) ?? [];
    return `${state} ${path}`;
  });
}

/** A row of ours as DVC writes it. */
function unescaped(row: string): string {
  const text = row.replace(/`|<\/?code>/g, '').replace(' → ', ' -> ');
  return text.replace(/&#(\d+);/g, (_all, code) => String.fromCodePoint(Number(code)));
}
