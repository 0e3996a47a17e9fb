import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readIndex, requireSound } from '../../../lib/pointers/outputs/output-index.ts';

const MD5 = 'd41d8cd98f00b204e9800998ecf8427e';
const out = (path: string, more = '') => `outs:\n- md5: ${MD5}\n  hash: md5\n  path: ${path}\n${more}`;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'assay-index-'));
  await mkdir(join(root, '.dvc'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}
const paths = async () => (await readIndex(root)).outputs.map(({ path }) => path);
const problems = async () => (await readIndex(root)).problems.map(({ file, error }) => [file, error.code]);

test('a repository without pointers has no outputs', async () => {
  expect(await readIndex(root)).toEqual({ outputs: [], external: [], pipelines: [], problems: [] });
});

test('paths start from the pointer, and from wdir below it', async () => {
  await write({ 'a/x.dvc': out('x'), 'a/b/y.dvc': `wdir: ..\n${out('../z')}` });
  expect((await readIndex(root)).outputs).toEqual([
    {
      ...{ path: 'a/x', declaredIn: 'a/x.dvc', kind: 'file', hash: 'md5', md5: MD5, isexec: false },
      ...{ cache: true, push: true, persist: false, frozen: false },
    },
    expect.objectContaining({ path: 'z', declaredIn: 'a/b/y.dvc' }),
  ]);
});

test('imports, cloud-versioned folders and outputs without data say what they are', async () => {
  const files = `  files:\n  - relpath: b\n    md5: ${MD5}\n    size: 3\n    cloud:\n      team:\n        etag: abc\n        version_id: v1\n  - relpath: a\n    md5: ${MD5}\n    size: 4\n`;
  await write({
    'i.dvc': `frozen: true\ndeps:\n- path: p\n  repo:\n    url: u\n    rev_lock: ${'a'.repeat(40)}\n${out('i')}`,
    'u.dvc': `deps:\n- etag: '"abc"'\n  size: 3\n  path: s3://b/k\nouts:\n- hash: md5\n  path: u\n`,
    'c.dvc': `outs:\n- hash: md5\n  path: c\n${files}`,
  });
  const [c, i, u] = (await readIndex(root)).outputs;
  expect(i?.import).toEqual({ kind: 'repository', url: 'u', path: 'p', revLock: 'a'.repeat(40) });
  expect(i?.frozen).toBe(true);
  expect(u).toMatchObject({ kind: 'unknown', import: { kind: 'url', url: 's3://b/k', etag: '"abc"', size: 3 } });
  expect(u).not.toHaveProperty('md5');
  expect(c).toMatchObject({ kind: 'directory', nfiles: 2, size: 7, md5: expect.stringMatching(/^[0-9a-f]{32}\.dir$/) });
  expect(c?.files?.[0]?.cloud).toEqual({ remote: 'team', etag: 'abc', versionId: 'v1' });
});

test('what is ignored, tracked data, other repositories and links are not searched', async () => {
  await write({
    '.dvcignore': 'hidden/\n',
    '.gitignore': '/built\nsecret.dvc\n',
    'hidden/a.dvc': out('a'),
    'built/a.dvc': out('a'),
    'secret.dvc': out('a'),
    'sub/.dvc/config': '',
    'sub/a.dvc': out('a'),
    'data.dvc': out('data'),
    'data/inner.dvc': 'no: [yaml',
    '.dvc/tmp/x.dvc': out('x'),
    'ok.dvc': out('ok'),
  });
  await symlink(join(root, 'hidden'), join(root, 'linked'));
  expect(await paths()).toEqual(['data', 'ok']);
  expect(await problems()).toEqual([]);
  await symlink(join(root, 'hidden', 'a.dvc'), join(root, 'link.dvc'));
  expect(await problems()).toEqual([['link.dvc', 'E_DVC_LINK']]);
});

test.each([
  ['the same path twice', { 'a.dvc': out('x'), 'b.dvc': out('x') }, [['b.dvc', 'E_OUTPUT_OVERLAP']]],
  ['one in the other', { 'a.dvc': out('x'), 'b.dvc': out('x/y') }, [['b.dvc', 'E_OUTPUT_OVERLAP']]],
  [
    'a pointer in data',
    { 'a/a.dvc': out('b'), 'b/z.dvc': out('../a') },
    [
      ['a/a.dvc', 'E_OUTPUT_OVERLAP'],
      ['a/a.dvc', 'E_POINTER_INSIDE_OUTPUT'],
    ],
  ],
  ['itself', { 'a.dvc': out('a.dvc') }, [['a.dvc', 'E_POINTER_INSIDE_OUTPUT']]],
  ['a pointer', { 'a.dvc': out('b.dvc'), 'b.dvc': out('x') }, [['b.dvc', 'E_POINTER_INSIDE_OUTPUT']]],
  ['a way out', { 'a.dvc': out('../x') }, [['a.dvc', 'E_POINTER_OUTSIDE']]],
  ['a way out by wdir', { 'd/a.dvc': `wdir: ../..\n${out('x')}` }, [['d/a.dvc', 'E_POINTER_OUTSIDE']]],
  ['an absolute path', { 'a.dvc': out('/etc/x') }, [['a.dvc', 'E_POINTER_OUTSIDE']]],
  ['the repository itself', { 'a.dvc': out('.') }, [['a.dvc', 'E_POINTER_OUTSIDE']]],
  ["DVC's folder", { 'a.dvc': out('.DVC/config') }, [['a.dvc', 'E_POINTER_OUTSIDE']]],
  ["git's folder", { 'a.dvc': out('.Git/hooks/x') }, [['a.dvc', 'E_OUTPUT_NAMES']]],
  ["git's folder for NTFS", { 'a.dvc': out('git~1/hooks') }, [['a.dvc', 'E_OUTPUT_NAMES']]],
  ["git's folder for HFS+", { 'a.dvc': out('".g\\u200cit/hooks"') }, [['a.dvc', 'E_OUTPUT_NAMES']]],
  ["git's folder with a dot", { 'a.dvc': out('.git. /hooks') }, [['a.dvc', 'E_OUTPUT_NAMES']]],
  ['a drive', { 'a.dvc': out('C:/x') }, [['a.dvc', 'E_OUTPUT_NAMES']]],
  ['a share', { 'a.dvc': out("'\\\\host\\share'") }, [['a.dvc', 'E_OUTPUT_NAMES']]],
  ['torn YAML', { 'a.dvc': 'outs: [' }, [['a.dvc', 'E_POINTER_CORRUPT']]],
  ['another hash', { 'a.dvc': out('x').replace('hash: md5', 'hash: blake3') }, [['a.dvc', 'E_POINTER_UNSUPPORTED']]],
  ['a torn pipeline', { 'dvc.yaml': 'stages: 3' }, [['dvc.yaml', 'E_DVC_PIPELINE']]],
  ['a lock of the future', { 'dvc.yaml': 'stages: {}', 'dvc.lock': "schema: '3.0'" }, [['dvc.yaml', 'E_DVC_PIPELINE']]],
  ['NUL in .dvcignore', { '.dvcignore': 'a\0b' }, [['.dvcignore', 'E_DVC_IGNORE']]],
])('%s is a problem of its file', async (_what, files, expected) => {
  await write(files);
  expect(await problems()).toEqual(expected);
  const index = await readIndex(root);
  expect(() => requireSound(index)).toThrow(expect.objectContaining({ code: expected[0]?.[1] }));
});

test('names that some systems hold as one are refused where that is asked', async () => {
  await write({ 'a.dvc': out('Rows'), 'b.dvc': out('rows'), 'c.dvc': out('nul.txt') });
  expect(await problems()).toEqual([]);
  const { problems: found } = await readIndex(root, { paths: 'portable' });
  expect(found.map(({ error }) => error.code)).toEqual(['E_OUTPUT_NAMES']);
});

test('data outside of the repository is told apart', async () => {
  await write({ 'a.dvc': 'outs:\n- etag: abc\n  path: s3://bucket/x\n' });
  expect((await readIndex(root)).external).toEqual([{ url: 's3://bucket/x', declaredIn: 'a.dvc' }]);
});

describe('pipelines', () => {
  test('the lock tells the data, the pipeline what to do with it', async () => {
    await write({
      'p/dvc.yaml': `stages:\n  s:\n    cmd: x\n    wdir: w\n    outs:\n    - a:\n        cache: false\n    - b\n    metrics: [m.json]\n    plots:\n    - q.csv: [{x: 1}, {push: false}]\n`,
      'p/dvc.lock': `schema: '2.0'\nstages:\n  s:\n    cmd: x\n    outs:\n    - path: a\n      hash: md5\n      md5: ${MD5}\n    - path: b\n      md5: ${MD5}\n  gone:\n    cmd: y\n    outs:\n    - path: old\n      md5: ${MD5}\n`,
    });
    const rows = (await readIndex(root)).outputs.map(({ path, stage, md5, hash, cache, push }) => [
      path,
      stage,
      md5,
      hash,
      cache,
      push,
    ]);
    expect(rows).toEqual([
      ['p/w/a', 's', MD5, 'md5', false, true],
      ['p/w/b', 's', MD5, 'md5-dos2unix', true, true],
      ['p/w/m.json', 's', undefined, 'md5', true, true],
      ['p/w/q.csv', 's', undefined, 'md5', true, false],
    ]);
  });

  test('a lock of DVC 1 has its stages at the top', async () => {
    await write({
      'dvc.yaml': 'stages:\n  s:\n    cmd: x\n    outs: [a]\n',
      'dvc.lock': `s:\n  cmd: x\n  outs:\n  - path: a\n    md5: ${MD5}\n`,
    });
    expect((await readIndex(root)).outputs).toMatchObject([{ path: 'a', md5: MD5, hash: 'md5-dos2unix' }]);
  });

  test('anchors are read, bombs are not', async () => {
    await write({
      'dvc.yaml':
        'x: &o {cache: false}\nstages:\n  s:\n    cmd: x\n    outs:\n    - a: *o\n    - b: {<<: *o, push: false}\n',
    });
    expect((await readIndex(root)).outputs).toMatchObject([{ cache: false }, { cache: false, push: false }]);
    const bomb = [...'bcdefghi'].map((key, i) => `${key}: &${key} [${Array(10).fill(`*${'abcdefgh'[i]}`).join(',')}]`);
    await write({ 'dvc.yaml': `a: &a [x]\n${bomb.join('\n')}\n` });
    expect(await problems()).toEqual([['dvc.yaml', 'E_DVC_PIPELINE']]);
  });

  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: DVC's templates look like that
  test.each([
    ['a name that is not there', '${nope}', /there is no \$\{nope\}/],
    ['a map where a path has to be', '${deep}', /no single value/],
    ['a file that is not there', '${x}', /there is no missing.yaml/, 'vars: [missing.yaml]\n'],
    ['a file outside', '${x}', /not in the repository/, 'vars: [../x.yaml]\n'],
    ['a kind of file that is not read', '${x}', /neither YAML nor JSON/, 'vars: [p.toml]\n'],
    ['two definitions', '${lr}', /defined twice/, 'vars: [{lr: 2}]\n'],
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: DVC's templates look like that
  ])('%s stops its stage only', async (_what, path, message, vars = '') => {
    await write({
      'params.yaml': 'lr: 1\ndeep: {a: 1}\n',
      'p.toml': 'x = 1\n',
      'dvc.yaml': `${vars}stages:\n  ok: {cmd: x, outs: [fine]}\n  bad: {cmd: x, outs: ['${path}']}\n`,
    });
    const index = await readIndex(root);
    expect(index.outputs.map((output) => output.path)).toEqual(['fine']);
    expect(index.problems.map(({ error }) => error.code)).toEqual(['E_DVC_TEMPLATE']);
    expect(index.problems[0]?.error.message).toMatch(message);
    expect(index.problems[0]?.error.message).toMatch(/"bad" in dvc\.yaml:\d/);
  });

  test('vars come from files of any name, as YAML', async () => {
    await write({
      'conf/defaults': 'x: 1\n',
      'conf/a.yml': 'y: 2\n',
      'conf/b.cfg': '{"z": 3.0}',
      'p/dvc.yaml': `vars: [../conf/defaults, ../conf/a.yml, ../conf/b.cfg]\nstages:\n  s: {cmd: x, outs: ["\${x}-\${y}-\${z}"]}\n`,
    });
    const { outputs, problems: found } = await readIndex(root);
    expect([outputs.map(({ path }) => path), found]).toEqual([['p/1-2-3.0'], []]);
  });

  test('a matrix that makes too many stages is refused before it makes them', async () => {
    const list = `[${Array.from({ length: 1000 }, (_, i) => i).join(',')}]`;
    await write({
      'dvc.yaml': `stages:\n  m:\n    matrix: {a: ${list}, b: ${list}, c: ${list}}\n    cmd: x\n    outs: ['\${key}']\n`,
    });
    expect((await readIndex(root)).problems[0]?.error.message).toMatch(/more than 10000 stages/);
  });
});
