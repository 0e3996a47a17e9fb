import { describe, expect, test } from 'vitest';
import { parseDvcFile } from '../../../lib/pointers/formats/dvc-file.ts';
import { renderDvcFile } from '../../../lib/pointers/formats/render-dvc-file.ts';
import { dirAddress, parseDirObject, renderDirObject } from '../../../lib/pointers/listings/dir-object.ts';
import { md5 } from '../../../lib/pointers/md5.ts';
import { artifactKey, objectKey } from '../../../lib/pointers/object-key.ts';
import { runCacheKey } from '../../../lib/pointers/runs/run-cache-key.ts';

// The numbers are those of the interop rules that were run against DVC 3.67.1.

const DIR = '5ea40360f5b4ec688df672a4db9c17d1.dir';
const MD5 = 'd41d8cd98f00b204e9800998ecf8427e';
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

test('1: every entry we write says hash: md5, and one without it is of DVC 2', () => {
  expect(renderDvcFile({ outs: [{ path: 'a', md5: MD5 }] })).toContain('\n  hash: md5\n');
  const [legacy] = parseDvcFile(`outs:\n- md5: ${MD5}\n  path: a\n`, 'a.dvc').outs;
  expect(legacy?.hash).toBe('md5-dos2unix');
  expect([objectKey(MD5), objectKey(MD5, 'md5-dos2unix')]).toEqual([
    'files/md5/d4/1d8cd98f00b204e9800998ecf8427e',
    'd4/1d8cd98f00b204e9800998ecf8427e',
  ]);
});

test('2: a .dir entry has md5 and relpath, nothing else', () => {
  expect(renderDirObject([{ relpath: 'a', md5: MD5 }])).toBe(`[{"md5": "${MD5}", "relpath": "a"}]`);
  expect(() => parseDirObject(bytes([{ md5: MD5, relpath: 'a', size: 1 }]), 'x')).toThrow(/entry 1/);
});

test('3: a .dir is sorted by code point and written in ASCII', () => {
  const paths = ['a/b', 'a-b', 'a.b', 'é.txt', '😀.bin', '\uff5e.txt', 'q"\\\t\u007f'];
  const object = renderDirObject(paths.map((relpath) => ({ relpath, md5: md5('x') })));
  expect([...object.matchAll(/"relpath": "((?:[^"\\]|\\.)*)"/g)].map((match) => match[1])).toEqual([
    ...['a-b', 'a.b', 'a/b', 'q\\"\\\\\\t\\u007f', '\\u00e9.txt', '\\uff5e.txt', '\\ud83d\\ude00.bin'],
  ]);
  expect(dirAddress(object)).toBe('a45db074d3b0d4ddaca3e4fe6e34c7a6.dir');
});

test.each(['12345678901234567890123456789012', '1234567890123456789012345678e012', '00000000000000000000000000000000'])(
  '5: the md5 %s is quoted, and refused without quotes',
  (address) => {
    expect(renderDvcFile({ outs: [{ path: 'a', md5: address }] })).toContain(`- md5: '${address}'\n`);
    const unquoted = `outs:\n- md5: ${address}\n  hash: md5\n  path: a\n`;
    expect(() => parseDvcFile(unquoted, 'a.dvc')).toThrow(expect.objectContaining({ code: 'E_POINTER_CORRUPT' }));
  },
);

test('the files that a pointer lists say what it names, whatever else is written', () => {
  const files = `  files:\n  - relpath: a\n    md5: ${MD5}\n`;
  const [alone] = parseDvcFile(`outs:\n- hash: md5\n  path: a\n${files}`, 'a.dvc').outs;
  const [both] = parseDvcFile(`outs:\n- md5: ${DIR}\n  hash: md5\n  path: a\n${files}`, 'a.dvc').outs;
  expect(alone?.md5).toBe(dirAddress(renderDirObject([{ md5: MD5, relpath: 'a' }])));
  expect(both?.md5).toBe(alone?.md5);
});

test('7: registered artifacts are deeper than what dvc gc -c lists', () => {
  expect(artifactKey(MD5).split('/')).toEqual(['assay', 'files', 'md5', 'd4', '1d8cd98f00b204e9800998ecf8427e']);
});

test.each([
  [{ path: 'empty', md5: 'd751713988987e9331980363e24189ce.dir', size: 0, nfiles: 0 }, '  size: 0\n  nfiles: 0\n'],
  [{ path: 'nothing', md5: MD5, size: 0 }, '  size: 0\n  hash'],
  [
    { path: 'data', md5: DIR, size: 6, nfiles: 2 },
    `outs:\n- md5: ${DIR}\n  size: 6\n  nfiles: 2\n  hash: md5\n  path: data\n`,
  ],
  [{ path: 'run.sh', md5: MD5, size: 1, isexec: true }, '  size: 1\n  isexec: true\n  hash: md5\n  path: run.sh\n'],
])('13: %j is written as dvc add writes it', (out, part) => {
  expect(renderDvcFile({ outs: [out] })).toContain(part);
});

describe('14: what DVC follows or crashes on', () => {
  test.each([
    ['a way out', [{ md5: MD5, relpath: '../../esc.txt' }]],
    ['the same path twice', [1, 2].map(() => ({ md5: MD5, relpath: 'a' }))],
    ['a file that is a folder', ['a', 'a/b'].map((relpath) => ({ md5: MD5, relpath }))],
    ['a backslash', [{ md5: MD5, relpath: '..\\x' }]],
    ['a drive', [{ md5: MD5, relpath: 'C:/x' }]],
    ['an absolute path', [{ md5: MD5, relpath: '/etc/x' }]],
    ['a hook', [{ md5: MD5, relpath: 'x/.git/hooks/post-checkout' }]],
    ['NUL', [{ md5: MD5, relpath: 'a\0b' }]],
    ['a bad md5', [{ md5: '../../canary', relpath: 'a' }]],
    ['a torn listing', '[{"md5": "'],
    ['no list', {}],
  ])('%s in a .dir', (_what, listing) => {
    expect(() => parseDirObject(bytes(listing), 'x.dir')).toThrow(
      expect.objectContaining({ code: 'E_DIR_OBJECT_CORRUPT' }),
    );
  });

  test.each([
    [
      'an alias bomb',
      `a: &a [1,1]\n${'bcdefghij'.replace(/./g, (k, i) => `${k}: &${k} [*${'abcdefghi'[i]},*${'abcdefghi'[i]}]\n`)}outs: *j\n`,
    ],
    ['nesting without end', `outs: ${'['.repeat(5000)}`],
    ['an address that leads out', 'outs:\n- md5: ../../canary\n  hash: md5\n  path: a\n'],
    ['NUL', `outs:\n- md5: ${MD5}\n  path: "a\0b"\n`],
    ['a key twice', `outs:\n- md5: ${MD5}\n  md5: ${MD5}\n  path: a\n`],
  ])('%s in a .dvc', (_what, text) => {
    expect(() => parseDvcFile(text, 'x.dvc')).toThrow(expect.objectContaining({ code: 'E_POINTER_CORRUPT' }));
  });
});

test('15: half a character in a name is refused', () => {
  expect(() => parseDirObject(bytes(`[{"md5":"${MD5}","relpath":"\\udcff"}]`), 'x')).toThrow(/Unicode/);
});

test.each([
  [{ bar: 'bar', foo: 'foo' }, DIR],
  [{}, 'd751713988987e9331980363e24189ce.dir'],
  [{ bar: 'bar\n', baz: 'baz\n' }, '1f69c66028c35037e8bf67e5bc4ceb6a.dir'],
])('golden vector: the folder %j is %s', (files, address) => {
  const entries = Object.entries(files).map(([relpath, text]) => ({ relpath, md5: md5(text) }));
  expect(dirAddress(renderDirObject(entries))).toBe(address);
});

test('golden vectors: the run cache', () => {
  // DVC's tests/unit/stage/test_cache.py.
  const script = 'open("out", "w+").write("out"); ';
  const outs = [{ path: 'out', hash: 'md5', md5: md5('out'), size: 3 }];
  const deps = [
    { path: 'dep', hash: 'md5', md5: md5('dep'), size: 3 },
    { path: 'script.py', hash: 'md5', md5: md5(script), size: script.length },
  ];
  expect(runCacheKey({ cmd: 'python script.py', deps, outs })).toEqual({
    key: 'c7a85d71de1912c43d9c5b6218c71630d6277e8fc11e4ccf5e12b3c202234838',
    value: '5e2824029f8da9ef6c57131a638ceb65f27c02f16c85d71e85671c27daed0501',
  });
});
