import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readDvcConfig } from '../../lib/pointers/config/dvc-config.ts';
import { parseDvcFile } from '../../lib/pointers/formats/dvc-file.ts';
import { updatePointer } from '../../lib/pointers/formats/pointer-file.ts';
import { type NewDvcFile, renderDvcFile } from '../../lib/pointers/formats/render-dvc-file.ts';
import { renderYaml } from '../../lib/pointers/formats/yaml-style.ts';
import { addGitignoreEntry, isGitIgnored } from '../../lib/pointers/ignore/gitignore.ts';
import {
  dvcIgnoreDefaults,
  isIgnored,
  NO_IGNORE_RULES,
  withIgnoreFile,
} from '../../lib/pointers/ignore/ignore-rules.ts';
import { readIndex } from '../../lib/pointers/outputs/output-index.ts';
import { workTree } from '../../lib/pointers/repository-tree.ts';
import { DIRECTORIES, FILES, ignoreLines } from '../pointers/ignore/ignore-lines.ts';

/** A Python environment with the real DVC; CI makes one and names it here. */
const BIN = join(process.env.ASSAY_TEST_VENV ?? '/nonexistent', 'bin');
const DVC = join(BIN, 'dvc');
const REASON = 'the real DVC: set ASSAY_TEST_VENV to an environment that has it';

/** Starting DVC takes seconds. */
const TIMEOUT_MS = 180_000;

/** What DVC itself makes of a repository's files. */
const OUTPUTS = `
import json
from dvc.repo import Repo
rows = []
with Repo('.') as repo:
    for stage in repo.index.stages:
        for out in stage.outs:
            if not out.is_in_repo: continue
            rows.append(dict(path=repo.fs.as_posix(repo.fs.relpath(out.fs_path, repo.root_dir)),
              declaredIn=repo.fs.as_posix(repo.fs.relpath(stage.path, repo.root_dir)), stage=getattr(stage, 'name', None),
              md5=out.hash_info.value, hash=out.hash_name, size=out.meta.size, nfiles=out.meta.nfiles,
              isexec=bool(out.meta.isexec), cache=out.use_cache, push=out.can_push, persist=out.persist,
              remote=out.remote, frozen=bool(stage.frozen)))
print(json.dumps(rows))
`;

describe.skipIf(!existsSync(DVC))(REASON, () => {
  let base: string;
  let root: string;
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'assay-dvc-formats-'));
    root = join(base, 'repository');
    await mkdir(root);
    run('git', ['init', '--quiet']);
    dvc('init', '--quiet');
  }, TIMEOUT_MS);
  afterEach(() => rm(base, { recursive: true, force: true }));

  function run(program: string, args: readonly string[], input?: string): string {
    const env = {
      PATH: process.env.PATH,
      HOME: base,
      DVC_NO_ANALYTICS: '1',
      DVC_SITE_CACHE_DIR: join(base, 'site'),
      GIT_AUTHOR_NAME: 'Ada',
      GIT_AUTHOR_EMAIL: 'ada@example.org',
      GIT_COMMITTER_NAME: 'Ada',
      GIT_COMMITTER_EMAIL: 'ada@example.org',
    };
    const stdio: ['pipe', 'pipe', 'pipe'] = ['pipe', 'pipe', 'pipe'];
    return execFileSync(program, args, { cwd: root, env, encoding: 'utf8', stdio, input: input ?? '' });
  }
  const dvc = (...args: string[]) => run(DVC, args);
  const python = (code: string, input?: string) => JSON.parse(run(join(BIN, 'python'), ['-c', code], input));
  const text = (path: string) => readFile(join(root, path), 'utf8');

  async function write(files: Record<string, string>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
  }

  /** Our index as DVC's rows. */
  async function ourRows() {
    const { outputs, problems } = await readIndex(root);
    expect(problems.map((problem) => problem.error.message)).toEqual([]);
    return outputs.map(
      ({ path, declaredIn, stage, md5, hash, size, nfiles, isexec, cache, push, persist, remote, frozen }) => ({
        ...{
          path,
          declaredIn,
          stage: stage ?? null,
          md5: md5 ?? null,
          hash,
          size: size ?? null,
          nfiles: nfiles ?? null,
        },
        ...{ isexec, cache, push, persist, remote: remote ?? null, frozen },
      }),
    );
  }
  const dvcRows = (): { path: string }[] => python(OUTPUTS);
  const byPath = <T extends { path: string }>(rows: readonly T[]) =>
    [...rows].sort((a, b) => (a.path < b.path ? -1 : 1));

  test('our index of a repository that DVC made is what DVC reads', { timeout: TIMEOUT_MS }, async () => {
    await write({
      ...{ 'data/a': 'x\n', 'data/é b': 'y\n', 'deep/er/run.sh': '#!/bin/sh\n', 'ünï code/ f': 'z' },
      ...{ 'kept/one.csv': '1', 'ignored/no.dvc': 'not: [yaml', '.dvcignore': 'ignored/\n' },
      'params.yaml': 'names: [a, b]\nlr: 1.0\nnested: {list: [p, q]}\n',
      'dvc.yaml': `vars: [{out: o}, extra.json:only]
stages:
  one:
    foreach: \${names}
    do:
      cmd: echo \${item} > \${out}-\${item}.txt
      outs: ['\${out}-\${item}.txt']
  pairs:
    foreach: {x: {to: one}, y: {to: two}}
    do:
      wdir: deep
      cmd: echo \${key} > \${item.to}
      outs:
      - \${item.to}: {persist: true}
  mat:
    matrix: {lr: ['\${lr}', 1.0e-5], n: '\${nested.list}'}
    cmd: echo 1 > m-\${item.lr}-\${item.n}; echo 1 > q-\${key}.json
    outs:
    - m-\${item.lr}-\${item.n}: {cache: false}
    metrics:
    - q-\${key}.json: {push: false, remote: other}
  never:
    frozen: true
    cmd: 'false'
    plots:
    - \${only}/plot.csv: {x: a}
`,
      'extra.json': '{"only": "elsewhere", "names": "not taken"}',
    });
    await mkdir(join(root, 'empty'));
    await chmod(join(root, 'deep', 'er', 'run.sh'), 0o755);
    dvc('remote', 'add', '--quiet', 'other', join(base, 'other'));
    dvc('add', '--quiet', 'data', 'deep/er/run.sh', 'empty', 'ünï code', 'kept/one.csv');
    dvc('repro', '--quiet', 'one', 'pairs', 'mat');
    // Entries of DVC 2 have no `hash: md5`.
    await write({ 'kept/one.csv.dvc': (await text('kept/one.csv.dvc')).replace('  hash: md5\n', '') });
    await write({ 'data.dvc': `${await text('data.dvc')}  remote: other\n  push: false\n  desc: raw\n` });
    const ours = await ourRows();
    expect(ours).toHaveLength(18);
    expect(byPath(ours)).toEqual(byPath(dvcRows()));
  });

  test('new files are byte for byte what DVC writes, imports included', { timeout: TIMEOUT_MS }, async () => {
    const source = join(base, 'source');
    await mkdir(source);
    await writeFile(join(source, 'rows.csv'), 'a,b\n');
    run('git', ['init', '--quiet', source]);
    run('git', ['-C', source, 'add', '-A']);
    run('git', ['-C', source, 'commit', '--quiet', '-m', 'rows']);
    dvc('import', '--quiet', source, 'rows.csv', '-o', 'imported.csv');
    dvc('import-url', '--quiet', join(source, 'rows.csv'), 'from-url.csv');
    for (const name of ['imported.csv.dvc', 'from-url.csv.dvc']) {
      const bytes = await text(name);
      const { import: from, ...file } = parseDvcFile(bytes, name);
      if (from === undefined || from.kind === 'database') throw new Error(`${name} is an import`);
      const made: NewDvcFile = { outs: file.outs, frozen: file.frozen, import: from };
      expect(renderDvcFile(made)).toBe(bytes);
    }
  });

  test('what we render for every setting DVC takes, without rewriting it', { timeout: TIMEOUT_MS }, async () => {
    const md5 = '401b30e3b8b5d629635a5c613cdb7919';
    const rendered = renderDvcFile({
      desc: 'rows: of the "team"',
      outs: [
        {
          ...{ path: 'some rows.txt', md5, size: 2, desc: 'x', type: 'data', labels: ['a', '1.0'] },
          ...{ meta: { owner: 'ada', since: '2020-01-01', n: 1.5 }, remote: 'other', push: false, persist: true },
        },
      ],
      meta: { note: 'a\tb' },
    });
    await write({ 'rows.dvc': rendered, 'some rows.txt': 'x\n' });
    dvc('remote', 'add', '--quiet', 'other', join(base, 'other'));
    dvc('commit', '--quiet', '--force', 'rows.dvc');
    expect(await text('rows.dvc')).toBe(rendered);
    expect(JSON.parse(dvc('status', '--json'))).toEqual({});
    expect(byPath(await ourRows())).toEqual(byPath(dvcRows()));
  });

  test('updates leave the bytes that DVC leaves', { timeout: TIMEOUT_MS }, async () => {
    await write({ 'a.txt': 'one', 'b.txt': 'one' });
    dvc('add', '--quiet', 'a.txt', 'b.txt');
    const commented = `${(await text('a.txt.dvc')).replace('outs:\n', '# rows of the team\n\nouts:   # one\n')}meta:\n  k: v\n`;
    const legacy = (await text('b.txt.dvc')).replace('  hash: md5\n', '');
    await write({ 'a.txt.dvc': commented, 'b.txt.dvc': legacy, 'a.txt': 'three', 'b.txt': 'three' });
    dvc('commit', '--quiet', '--force', 'a.txt.dvc', 'b.txt.dvc');
    const content = { md5: '35d6d33467aae9a2e3dccb4b6b027878', size: 5, isexec: false };
    expect(updatePointer(legacy, { ...content, path: 'b.txt' }, 'b')).toBe(await text('b.txt.dvc'));
    const ours = updatePointer(commented, { ...content, path: 'a.txt' }, 'a');
    expect(ours).toBe(await text('a.txt.dvc'));
  });

  test('our YAML is what DVC writes for any text', { timeout: TIMEOUT_MS }, () => {
    const words = [
      ...[
        'a b',
        'yes',
        'no',
        'null',
        '~',
        'true',
        '1',
        '1.0',
        '0x1f',
        '0o7',
        '1e5',
        '1_000',
        '12:30:45',
        '-',
        '- a',
        '-a',
      ],
      ...[
        'a:',
        'a: b',
        ':a',
        '#a',
        'a #b',
        'a#b',
        '&a',
        '*a',
        '!a',
        '%a',
        '@a',
        '`a',
        "'a",
        "a'b",
        '"a',
        'a"b',
        '[a',
        'a]',
      ],
      ...[
        '{a',
        ',a',
        '|',
        '>',
        '?',
        '? a',
        '?a',
        ' a',
        'a ',
        'é',
        '😀',
        '\u00a0x',
        'a\tb',
        '=',
        '<<',
        '2001-01-01',
        '.5',
      ],
      ...[
        '+1',
        '-1',
        '.inf',
        '.nan',
        '0b1',
        '012',
        '0o8',
        '1e',
        'a\\b',
        '\ufeffa',
        '---',
        '...',
        '...a',
        'a\u007fb',
        '1__0',
      ],
      ...["it's a #b: 'q'", 'a\nb', 'x'.repeat(100), `${'word '.repeat(30)}end`, `- ${'long '.repeat(40)}end`],
      `data/with space/${'x'.repeat(50)} and then some more text`,
    ];
    const values = words.map((word) => ({
      desc: word,
      outs: [{ path: word, labels: [word], meta: { k: [[word], 1] } }],
    }));
    const code = `import json, sys
from dvc.utils.serialize import dumps_yaml
print(json.dumps([dumps_yaml(value) for value in json.load(sys.stdin)]))`;
    expect(values.map((value) => renderYaml(value))).toEqual(python(code, JSON.stringify(values)));
  });

  test('we read what dvc config writes, and DVC what we write', { timeout: TIMEOUT_MS }, async () => {
    dvc('remote', 'add', '--quiet', '-d', 'Team', 's3://bucket/a#b,c');
    dvc('remote', 'modify', '--quiet', 'team', 'endpointurl', 'https://s3.example.org?x="1"');
    dvc('remote', 'modify', '--quiet', 'team', 'version_aware', 'true');
    dvc('remote', 'modify', '--quiet', '--local', 'team', 'secret_access_key', "it's #1, really");
    dvc('remote', 'add', '--quiet', 'sub', 'remote://team/sub');
    dvc('remote', 'add', '--quiet', 'near', '../near');
    dvc('config', '--quiet', 'cache.type', 'hardlink,copy');
    const read = await readDvcConfig(root);
    expect(read.defaultRemote).toBe('team');
    expect(read.cacheTypes).toEqual(['hardlink', 'copy']);
    expect(read.remotes.get('near')).toBe(join(base, 'near'));
    expect(read.remoteConfigs.get('sub')).toMatchObject({ url: 's3://bucket/a#b,c/sub', versionAware: true });
    const options = Object.fromEntries(read.remoteConfigs.get('team')?.options ?? []);
    expect(options).toMatchObject({
      endpointurl: 'https://s3.example.org?x="1"',
      secret_access_key: "it's #1, really",
    });
  });

  test('.dvcignore hides what it hides from DVC', { timeout: TIMEOUT_MS }, async () => {
    const top = [
      '# comment',
      '*.log',
      '!keep.log',
      '/only',
      'dir/',
      'a/**/z',
      '\\#hash',
      '\\!bang',
      '  lead',
      'q?[xy]',
      'Case',
      'un/*',
      '!un/here',
      'sp\\ ace',
    ];
    const nested = ['*.txt', '!/yes.txt', 'keep.log', '/rooted', '!*.log'];
    await write({ '.dvcignore': `${top.join('\n')}\n`, 'sub/.dvcignore': `${nested.join('\n')}\r\n` });
    const files = [
      ...[
        'x.log',
        'keep.log',
        'deep/x.log',
        'only',
        'deep/only',
        'dir/f',
        'deep/dir/f',
        'dirf',
        'a/z',
        'a/b/c/z',
        'a/zz',
        '#hash',
      ],
      ...[
        '!bang',
        'lead',
        'q1x',
        'q1z',
        'Case',
        'case',
        'un/where',
        'un/here',
        'sp ace',
        '.git/config',
        'sub/x.txt',
        'sub/yes.txt',
      ],
      ...[
        'sub/deep/yes.txt',
        'sub/keep.log',
        'sub/x.log',
        'sub/rooted',
        'sub/deep/rooted',
        'sub/dir/keep',
        'é.log',
        'sub/.dvc/x',
      ],
    ];
    await write(Object.fromEntries(files.filter((file) => !/^\.git|\.dvc/.test(file)).map((file) => [file, ''])));
    let rules = withIgnoreFile(dvcIgnoreDefaults(), '', await text('.dvcignore'), {
      file: '.dvcignore',
      syntax: 'dvc',
    });
    rules = withIgnoreFile(rules, 'sub', await text('sub/.dvcignore'), { file: 'sub/.dvcignore', syntax: 'dvc' });
    const code = `import json, sys
from dvc.repo import Repo
with Repo('.') as repo:
    print(json.dumps({f: repo.dvcignore.is_ignored_file(repo.fs.join(repo.root_dir, f)) for f in json.load(sys.stdin)}))`;
    const ours = Object.fromEntries(files.map((file) => [file, isIgnored(rules, file, 'file')]));
    expect(ours).toEqual(python(code, JSON.stringify(files)));
  });

  test('any patterns of .dvcignore ignore what DVC ignores', { timeout: TIMEOUT_MS }, () => {
    // What DVC reads otherwise than git and says nothing of: folders of any name alone, and a set that is not closed before a slash.
    const silent = /^!?\/?(\*\*\/)*\*{1,2}\/(\*\*(\/|$))*$|\*{3}|\[[^\]]*\\/;
    const lists = fc
      .sample(ignoreLines([]), { numRuns: 2000, seed: 5 })
      .filter((lines) => !lines.some((line) => silent.test(line)));
    const paths = [...DIRECTORIES.map((path) => [path, true] as const), ...FILES.map((path) => [path, false] as const)];
    const code = `import json, sys, warnings
warnings.simplefilter('ignore')
from dvc.ignore import DvcIgnorePatterns
lists, paths = json.load(sys.stdin)
def ignored(lines):
    lines = [line.strip() for line in lines if line.strip() and not line.strip().startswith('#')]
    try: patterns = DvcIgnorePatterns(lines, '/r', '/')
    except ValueError: return None
    return [path for path, folder in paths if patterns.matches(*('/r/' + path).rsplit('/', 1), folder)]
print(json.dumps([ignored(lines) for lines in lists]))`;
    const theirs: unknown = python(code, JSON.stringify([lists, paths]));
    const ours = lists.map((lines) => {
      const rules = withIgnoreFile(NO_IGNORE_RULES, '', lines.join('\n'), { file: '.dvcignore', syntax: 'dvc' });
      return paths.flatMap(([path, folder]) => (isIgnored(rules, path, folder ? 'directory' : 'file') ? [path] : []));
    });
    expect(lists.length).toBeGreaterThan(1000);
    // Lists with a line that stops DVC are no answer.
    expect(ours.map((paths, at) => (Array.isArray(theirs) && theirs[at] === null ? null : paths))).toEqual(theirs);
  });

  test('.gitignore entries are those of dvc add, and git obeys them', { timeout: TIMEOUT_MS }, async () => {
    const names = ['plain', '!bang', '#hash', 'star*', 'q?', '[x]', 'é 😀', 'in side'];
    await write(Object.fromEntries(names.map((name) => [`d/${name}`, name])));
    await write({ 'd/.gitignore': '# ours' });
    dvc('add', '--quiet', ...names.map((name) => `d/${name}`));
    const ours = names.reduce(addGitignoreEntry, '# ours');
    expect(await text('d/.gitignore')).toBe(ours);
    const spaced = addGitignoreEntry(ours, 'end ');
    await write({ 'd/.gitignore': spaced, 'd/end ': 'x' });
    for (const name of [...names, 'end ']) {
      expect(run('git', ['check-ignore', '-z', '--stdin'], `d/${name}`)).toBe(`d/${name}\0`);
      expect(await isGitIgnored(workTree(root), `d/${name}`, 'file')).toBe(true);
    }
  });
});
