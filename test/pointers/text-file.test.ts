import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readDvcConfig } from '../../lib/pointers/config/dvc-config.ts';
import { readIndex } from '../../lib/pointers/outputs/output-index.ts';
import { readTextFile, textOf } from '../../lib/pointers/text-file.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'assay-text-file-'));
  await mkdir(join(root, '.dvc'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const write = (name: string, text: string | Buffer) => writeFile(join(root, name), text);

describe('what is no UTF-8 is refused where it stands', () => {
  test.each([
    ['a: 1\nb: \xc3\xa9\xe9', 'x.dvc:2:5: the byte 0xe9'],
    ['\xff\xfea\0', 'x.dvc: it is UTF-16'],
    ['a\x80', 'x.dvc:1:2: the byte 0x80'],
    ['\xc3\xa9\xc3', 'x.dvc:1:2: the byte 0xc3'],
    ['\xed\xa0\x80', 'x.dvc:1:1: the byte 0xed'],
    ['ab\n\xf0\x9f\x98', 'x.dvc:2:1: the byte 0xf0'],
    ['\xc0\xaf', 'x.dvc:1:1: the byte 0xc0'],
  ])('%j', (bytes, words) => {
    expect(() => textOf(Buffer.from(bytes, 'latin1'), 'x.dvc')).toThrow(`not UTF-8 in ${words}`);
  });

  test('but not in .gitignore, which git reads as bytes', () => {
    expect(textOf(Buffer.from('a\n\xe9\n', 'latin1'), 'd/.gitignore')).toMatch(/^a\n/);
  });

  test('and not looked for in what is too long anyway', async () => {
    await write('x', 'é'.repeat(10));
    expect(readTextFile(join(root, 'x'), 'x', 10)?.length).toBeGreaterThan(5);
  });
});

/** Made with a stage whose output needs both. */
const PIPELINE = 'stages: {s: {cmd: x, outs: [o]}, t: {cmd: x, outs: ["$' + '{a}"]}}\n';

const kinds: Readonly<Record<string, (path: string) => unknown>> = {
  'a folder': (path) => mkdir(path),
  'a pipe': (path) => execFileSync('mkfifo', [path]),
  'a device without an end': (path) => symlink('/dev/zero', path),
};

describe.each(Object.entries(kinds))('%s in place of a file is told and not waited for', (_kind, make) => {
  test.each(['dvc.lock', 'params.yaml'])('%s', async (name) => {
    await write('dvc.yaml', PIPELINE);
    await write('params.yaml', 'a: p\n');
    await rm(join(root, name), { force: true });
    await make(join(root, name));
    const { problems } = await readIndex(root);
    expect(problems).toMatchObject([{ file: 'dvc.yaml', error: { code: 'E_DVC_NO_FILE' } }]);
    expect(problems[0]?.error.message).toContain(`"${name}" is a `);
  });

  test('.dvc/config', async () => {
    await make(join(root, '.dvc', 'config'));
    await expect(readDvcConfig(root)).rejects.toMatchObject({ code: 'E_DVC_NO_FILE' });
  });
});

test.each([
  ['.dvcignore', 'a folder', 'E_DVC_NO_FILE'],
  ['.dvcignore', 'a pipe', 'E_DVC_NO_FILE'],
  ['x.dvc', 'a pipe', 'E_DVC_NO_FILE'],
  ['x.dvc', 'a device without an end', 'E_DVC_LINK'],
])('%s that is %s is a problem', async (name, kind, code) => {
  await kinds[kind]?.(join(root, name));
  expect((await readIndex(root)).problems).toMatchObject([{ file: name, error: { code } }]);
});

test('what git and DVC pass over is passed over', async () => {
  await mkdir(join(root, '.gitignore'));
  await mkdir(join(root, 'dvc.yaml'));
  await mkdir(join(root, 'x.dvc'));
  expect((await readIndex(root)).problems).toEqual([]);
});

test('a pointer with a byte order mark is read, a configuration with one is not, as with DVC', async () => {
  await write('a.dvc', `\ufeffouts:\n- md5: ${'a'.repeat(32)}\n  path: a\n`);
  expect((await readIndex(root)).outputs.map(({ path }) => path)).toEqual(['a']);
  await write('.dvc/config', '\ufeff[core]\n');
  await expect(readDvcConfig(root)).rejects.toThrow('config:1: it begins with a byte order mark');
});
