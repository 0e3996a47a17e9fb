import { describe, expect, test } from 'vitest';
import { targetedOutputs } from '../../../lib/pointers/outputs/output-targets.ts';
import type { OutputIndex, TrackedOutput } from '../../../lib/pointers/outputs/tracked-output.ts';

const output = (path: string, declaredIn: string, more: Partial<TrackedOutput> = {}): TrackedOutput => ({
  ...{
    path,
    declaredIn,
    kind: 'file',
    hash: 'md5',
    isexec: false,
    cache: true,
    push: true,
    persist: false,
    frozen: false,
  },
  ...more,
});
const index: OutputIndex = {
  external: [],
  pipelines: [],
  problems: [],
  outputs: [
    output('data', 'data.dvc', { kind: 'directory' }),
    output('p/a', 'p/two.dvc'),
    output('p/b', 'p/two.dvc'),
    output('p/m', 'p/dvc.yaml', { stage: 'train' }),
    output('trainer', 'trainer.dvc'),
    output('x', 'dvc.yaml', { stage: 'train@x' }),
    output('y', 'dvc.yaml', { stage: 'train@y' }),
    output('z', 'dvc.yaml', { stage: 'trainer' }),
  ],
};
const named = (targets: string[], options = {}) =>
  targetedOutputs(index, targets, options).map(({ output: { path }, inside }) =>
    inside === undefined ? path : `${path}(${inside})`,
  );

describe('targetedOutputs', () => {
  test.each<[string, string[], object, string[]]>([
    ['no targets', [], {}, ['data', 'p/a', 'p/b', 'p/m', 'trainer', 'x', 'y', 'z']],
    ['a path', ['p/a'], {}, ['p/a']],
    ['a folder with its slash', ['./data/'], {}, ['data']],
    ['a file in a tracked folder', ['data/deep/er', 'data/b'], {}, ['data(b,deep/er)']],
    ['a part and the whole', ['data/b', 'data'], {}, ['data']],
    ['the whole and a part', ['data', 'data/b'], {}, ['data']],
    ['a .dvc file', ['p/two.dvc'], {}, ['p/a', 'p/b']],
    ['a pipeline', ['dvc.yaml'], {}, ['x', 'y', 'z']],
    ['a group of stages', ['train'], {}, ['x', 'y']],
    ['one of a group', ['dvc.yaml:train@y'], {}, ['y']],
    ['a stage elsewhere', ['p/dvc.yaml:train'], {}, ['p/m']],
    ['a stage from its folder', ['train'], { cwd: 'p' }, ['p/m']],
    ['a stage that is called as a path is', ['trainer'], {}, ['z']],
    ['the path by its folder', ['./trainer'], {}, ['trainer']],
    ['the path where paths are meant', ['trainer', 'train'], { pathsFirst: true }, ['trainer', 'x', 'y']],
    ['the path among folders', ['trainer'], { recursive: true }, ['trainer']],
    ['paths from a folder', ['a', '../data'], { cwd: 'p' }, ['data', 'p/a']],
    ['a folder of outputs', ['p'], { recursive: true }, ['p/a', 'p/b', 'p/m']],
    ['everything', ['.'], { recursive: true }, ['data', 'p/a', 'p/b', 'p/m', 'trainer', 'x', 'y', 'z']],
    [
      'absolute paths',
      ['/r/p/a', '/r/data/b/', '/r/dvc.yaml:trainer'],
      { root: '/r', cwd: 'p' },
      ['data(b)', 'p/a', 'z'],
    ],
    ['the top by its absolute path', ['/r/p'], { root: '/r', recursive: true }, ['p/a', 'p/b', 'p/m']],
    ['each once', ['x', 'dvc.yaml', 'x'], {}, ['x', 'y', 'z']],
  ])('%s', (_what, targets, options, expected) => {
    expect(named(targets, options)).toEqual(expected);
  });

  test.each([
    ['dta', 'Did you mean "data"?'],
    ['p', 'Did you mean "p --recursive"?'],
    ['p/a/below', 'Did you mean "p/a"?'],
    ['dvc.yaml:trian@x', 'Did you mean "dvc.yaml:train@x"?'],
  ])('%s is refused with what was meant', (target, fix) => {
    expect(() => named([target])).toThrow(expect.objectContaining({ code: 'E_OUTPUT_TARGET', fix }));
  });

  test('no name is guessed that has nothing of what was typed', () => {
    expect(() => named(['nope'])).toThrow(expect.objectContaining({ fix: expect.not.stringContaining('mean') }));
  });

  test.each(['../data', '/data', '/s/data', '/r/../data', ''])('%j is not in the repository', (target) => {
    expect(() => named([target], { recursive: true, root: '/r' })).toThrow(
      expect.objectContaining({ code: 'E_OUTPUT_TARGET' }),
    );
  });
});
