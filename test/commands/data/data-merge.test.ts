import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { assay } from '../../cli/command-line.ts';
import { commitAll, newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';

const PIPELINE = (text: string) => `stages:\n  make:\n    cmd: echo ${text} > made\n    outs:\n      - made\n`;

async function data(root: string, ...args: string[]) {
  const { out, code } = await assay(root, ['data', ...args, '--json']);
  return { exit: code, ...Object(JSON.parse(out)) };
}

/** A repository in the middle of a merge: both sides have changed a pointer, or a pipeline. */
async function conflict(file: 'rows.csv.dvc' | 'dvc.yaml') {
  const git = await newRepository({ '.gitignore': '/.dvc/cache\n/.dvc/tmp\n' });
  const root = git.folder;
  const change = async (text: string) => {
    if (file === 'dvc.yaml') writeFiles(root, { [file]: PIPELINE(text) });
    else writeFiles(root, { 'rows.csv': text });
    if (file !== 'dvc.yaml') await data(root, 'add', 'rows.csv');
    await commitAll(git, {}, text);
  };
  writeFiles(root, { 'rows.csv': 'first' });
  await data(root, 'add', 'rows.csv');
  await change('base');
  await git.run(['switch', '--quiet', '--create', 'side']);
  await change('theirs');
  await git.run(['switch', '--quiet', 'main']);
  await data(root, 'checkout');
  await change('ours');
  expect((await git.attempt(['merge', 'side'])).code).toBe(1);
  return { git, root };
}

test.each([
  ['rows.csv.dvc', 'E_POINTER_CORRUPT', 'rows.csv.dvc:2:1: '],
  ['dvc.yaml', 'E_DVC_PIPELINE', 'dvc.yaml:3:1: '],
] as const)(
  'a merge that waits in %s is named with what goes on from there, and nothing changes',
  async (file, code, place) => {
    const { git, root } = await conflict(file);
    const before = readFiles(root);
    const verbs = [['status'], ['push'], ['pull'], ['checkout', '--force'], ['add', 'rows.csv'], ['verify'], ['diff']];
    for (const verb of [
      ...verbs,
      ['gc', '--workspace', '--force'],
      ['ls', '.'],
      ['get', '.', 'rows.csv', '-o', 'got'],
    ]) {
      const told = await data(root, ...verb);
      expect(told, verb.join(' ')).toMatchObject({ exit: 2, code });
      expect(told.message).toContain(`${place}it has the marks of a merge that is not finished`);
      expect(told.fix).toContain('git checkout --ours or --theirs');
    }
    expect(readFiles(root)).toEqual(before);

    await git.run(['checkout', '--quiet', '--theirs', file]);
    expect(await data(root, 'pull')).toMatchObject({ exit: 0, failed: [] });
    if (file === 'rows.csv.dvc') expect(readFileSync(join(root, 'rows.csv'), 'utf8')).toBe('theirs');
  },
);
