import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assay } from '../../cli/command-line.ts';
import { newFolder, newRepository } from '../../git/repository.ts';
import { writeFiles } from '../../pointers/checkout/work-data.ts';

/** Types what was proposed after "git add", where it was proposed, as people do. */
function typeProposal(cwd: string, said: string): void {
  const proposals = [...said.matchAll(/git add (.*)$/gm)].map(([command]) => command);
  expect(proposals).not.toEqual([]);
  for (const command of proposals) execFileSync('sh', ['-c', command], { cwd });
}

const inGit = (root: string) =>
  execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').slice(0, -1).sort();

const BEGUN = ['.dvc/.gitignore', '.dvc/config', '.dvcignore'];

describe('what is proposed to type next', () => {
  test.each([
    ['at the top', '.', ['pkg/data/my rows']],
    ['in a folder', 'pkg', ['data/my rows']],
    ['beside the data', 'pkg/data', ['my rows']],
    ['with --project', '.', ['my rows', '-C', 'pkg/data']],
    ['from a folder beside it', 'other', ['my rows', '-C', '../pkg/data']],
  ])('can be typed %s', async (_where, folder, args) => {
    const { folder: root } = await newRepository();
    writeFiles(root, { 'pkg/data/my rows': 'rows', 'other/x': 'x' });
    const cwd = join(root, folder);
    const { out, err, code } = await assay(cwd, ['data', 'add', ...args]);
    expect(code, err).toBe(0);
    typeProposal(cwd, out);
    expect(inGit(root)).toEqual([...BEGUN, 'pkg/data/.gitignore', 'pkg/data/my rows.dvc']);
  });

  test('after an import has the file that keeps the data out of git too', async () => {
    const { folder: root } = await newRepository();
    const source = join(await newFolder(), 'rows.csv');
    writeFiles(join(source, '..'), { 'rows.csv': 'rows' });
    mkdirSync(join(root, 'raw'));
    const { out, err, code } = await assay(join(root, 'raw'), ['data', 'import-url', source]);
    expect(code, err).toBe(0);
    typeProposal(join(root, 'raw'), out);
    expect(inGit(root)).toEqual([...BEGUN, 'raw/.gitignore', 'raw/rows.csv.dvc']);
  });
});
