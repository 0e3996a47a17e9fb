import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { lfsPointer } from '../../../lib/commands/data/source/lfs-pointer.ts';
import { assay } from '../../cli/command-line.ts';
import { commitAll, newFolder, newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';

const BYTES = 'what the server of Git LFS has\n'.repeat(100);
const SHA256 = createHash('sha256').update(BYTES).digest('hex');
/** As git-lfs 3 writes it. */
const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${SHA256}\nsize ${BYTES.length}\n`;

describe('a pointer of Git LFS', () => {
  test.each([
    ['plain', POINTER, { sha256: SHA256, size: BYTES.length }],
    ['with an extension', POINTER.replace('\noid', '\next-0-x sha256:ab\noid'), { sha256: SHA256, size: BYTES.length }],
    ['of another version', POINTER.replace('spec/v1', 'spec/v9'), undefined],
    ['that goes on', `${POINTER}${'x'.repeat(1024)}`, undefined],
    ['without its size', POINTER.replace(/size.*\n/, ''), undefined],
    ['that is told of', `see: ${POINTER}`, undefined],
  ])('%s', (_what, text, expected) => {
    expect(lfsPointer(Buffer.from(text))).toEqual(expected);
  });
});

describe('files that another repository keeps in Git LFS', () => {
  let root: string;
  let from: string;
  /** A folder for `git-lfs` to stand in, which git starts for `git lfs`. */
  let bin: string;
  beforeEach(async () => {
    root = (await newRepository()).folder;
    writeFiles(root, { '.dvc/config': '' });
    const git = await newRepository();
    await commitAll(
      git,
      { 'models/w.bin': POINTER, 'models/card.md': 'text', '.gitattributes': '*.bin filter=lfs\n' },
      'one',
    );
    from = `file://${git.folder}`;
    bin = await newFolder();
  });

  function program(body: string): void {
    writeFileSync(join(bin, 'git-lfs'), `#!/bin/sh\ntest "$1 $GIT_LFS_SKIP_SMUDGE" = "smudge 0" || exit 9\n${body}\n`);
    chmodSync(join(bin, 'git-lfs'), 0o755);
  }
  async function data(...args: string[]) {
    const env = { PATH: `${bin}${delimiter}${process.env.PATH}`, GIT_LFS_SKIP_SMUDGE: '1' };
    const { out, code } = await assay(root, ['data', ...args, '--json'], { env });
    return { exit: code, ...Object(JSON.parse(out)) };
  }

  test('are brought, their bytes held against what git keeps of them', async () => {
    writeFileSync(join(bin, 'bytes'), BYTES);
    // What git keeps of the file is what it is asked about.
    program(`grep -q ${SHA256} && cat '${join(bin, 'bytes')}'`);
    expect(await data('import', from, 'models')).toMatchObject({ exit: 0, files: 2, size: BYTES.length + 4 });
    expect(readFiles(join(root, 'models'))).toEqual({ 'w.bin': BYTES, 'card.md': 'text' });
    for (const path of ['models', '.dvc/cache']) rmSync(join(root, path), { recursive: true });
    expect(await data('pull')).toMatchObject({ exit: 0 });
    expect(await data('get', from, 'models/w.bin')).toMatchObject({ exit: 0, size: BYTES.length });
    expect(readFileSync(join(root, 'w.bin'), 'utf8')).toBe(BYTES);
  });

  test.each([
    ['gives other bytes', 'echo other', 'other bytes'],
    ['gives what git keeps, as it does without its server', 'cat', 'other bytes'],
    ['fails', 'echo "the server is away" >&2; exit 2', 'the server is away'],
  ])('are no text of 130 bytes where the program %s', async (_what, body, reason) => {
    program(body);
    expect(await data('get', from, 'models')).toMatchObject({
      exit: 3,
      code: 'E_DATA_LFS',
      message: expect.stringMatching(new RegExp(`"models/w.bin".*${reason}`)),
    });
    expect(readFiles(root)).not.toHaveProperty('models/w.bin');
  });
});
