import { expect, test } from 'vitest';
import { parseDvcYaml } from '../../../lib/pointers/formats/dvc-yaml.ts';
import { isIgnored, NO_IGNORE_RULES, withIgnoreFile } from '../../../lib/pointers/ignore/ignore-rules.ts';
import type { RepositoryTree } from '../../../lib/pointers/repository-tree.ts';

/** Ten levels of nine aliases each: more values than any memory holds, in some hundred bytes. */
const BOMB = Array.from({ length: 10 }, (_, at) => {
  const items = Array.from({ length: 9 }, () => (at === 0 ? 'x' : `*a${at - 1}`));
  return `a${at}: &a${at} [${items.join(', ')}]\n`;
}).join('');
const DIGITS = '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]';

async function pipeline(text: string, params = '') {
  const tree: RepositoryTree = {
    list: async () => [],
    read: async (path) => (path === 'params.yaml' ? params : undefined),
  };
  const { stages, problems } = await parseDvcYaml(text, 'dvc.yaml', tree);
  return { outs: stages.flatMap((stage) => stage.outs.map((out) => out.path)), problems: problems.map(String) };
}

/** What `vars:` or a parameters file has under a name. */
const value = (name: string) => `\${${name}}`;
const stage = (out: string) => `stages:\n  a:\n    cmd: x\n    outs: ["${out}"]\n`;
const matrix = (name: string, keys: number) =>
  `  ${name}:\n    matrix: {${Array.from({ length: keys }, (_, at) => `k${at}: ${DIGITS}`).join(', ')}}\n    outs: ["\${item.k0}"]\n`;

test('parameters whose aliases unfold to very much cost what is used of them', async () => {
  expect(await pipeline(stage(value('z')), `${BOMB}z: o\n`)).toEqual({ outs: ['o'], problems: [] });
});

test.each([
  ['a list that has itself inside', stage(value('z')), 'z: &a [*a]\n', '&a stands for something that has it inside'],
  [
    'a foreach over itself',
    'stages:\n  s:\n    foreach: &a [*a]\n    do: {outs: [o]}\n',
    '',
    '&a stands for something',
  ],
  [
    'text that grows',
    `vars: [{v: ${'x'.repeat(1000)}}]\n${stage(value('v').repeat(1000))}`,
    '',
    'it becomes longer than 65536',
  ],
  ['a matrix of 1e9', `stages:\n${matrix('s', 9)}`, '', 'it makes more than 10000 stages'],
  [
    'many matrices',
    `stages:\n${matrix('s', 4)}${matrix('t', 1)}`,
    '',
    'the stage "t" in dvc.yaml:6:5: it makes more than',
  ],
  [
    'a long value of a matrix',
    `stages:\n  s:\n    matrix: {k: [${'x'.repeat(2000)}]}\n    outs: [o]\n`,
    '',
    'a value of its matrix is longer than 1024',
  ],
])('%s is refused in one line', async (_what, text, params, reason) => {
  const { problems } = await pipeline(text, params);
  expect(problems).toEqual([expect.stringContaining(reason)]);
});

test('a wrong type is told with its own place', async () => {
  await expect(pipeline('stages:\n  a:\n    outs: [o]\n    wdir: 5\n')).rejects.toThrow(
    'dvc.yaml:4:11: stages.a.wdir: Invalid input: expected string, received number',
  );
});

test('folders that a pattern skips several times are skipped once', () => {
  const rules = withIgnoreFile(NO_IGNORE_RULES, '', `a/${'**/'.repeat(14)}b\n`, { file: '.dvcignore', syntax: 'dvc' });
  expect(isIgnored(rules, `${'a/'.repeat(30)}c`, 'file')).toBe(false);
  expect(isIgnored(rules, `${'a/'.repeat(30)}b`, 'file')).toBe(true);
});

test('a pattern that no path can be as long as is refused where it stands', () => {
  const text = `x\n${'a'.repeat(1_000_000)}\n`;
  expect(() => withIgnoreFile(NO_IGNORE_RULES, '', text, { file: '.gitignore', syntax: 'git' })).toThrow(
    '.gitignore:2: a pattern is longer than 8192 characters',
  );
});
