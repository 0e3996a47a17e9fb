import { expect, test } from 'vitest';
import { hasMagic, pythonGlob } from '../../../lib/pointers/outputs/python-glob.ts';

// test/interop/dvc-options.test.ts asks Python itself about more of them.
test.each<[string, string[], string[]]>([
  ['*', ['a', 'é'], ['.a', 'a/b']],
  ['*.dvc', ['a.dvc', '[x].dvc'], ['.dvc', 'a.dvc/b', 'd/a.dvc']],
  ['d/*', ['d/a'], ['d', 'd/.a', 'd/a/b', 'e/a']],
  ['d/**', ['d', 'd/a', 'd/a/b'], ['d/.a', 'd/.a/b', 'da', 'e']],
  ['**/a', ['a', 'x/a', 'x/y/a'], ['.x/a', 'ba', 'a/b']],
  ['[!a-c]x', ['dx', ']x'], ['ax', 'bx', '.x', '/x']],
  ['[]a]', [']', 'a'], ['b']],
  ['a[z-a]', [], ['aa', 'az', 'a-']],
  ['[～-😀]', ['～', '😀'], ['a', '😁']],
  ['[😀-～]', [], ['😀', '～', '-']],
  ['[', ['['], ['a']],
  ['my-*-[a-b', ['my-x-[a-b'], ['my-x-a']],
  ['*a-b*c', ['a-bc', 'xa-bxcxc'], ['a-b', 'xa-bx']],
  ['./a?', ['ab'], ['a', 'a/', './ab']],
  ['../x*', ['../x1'], ['x1']],
  ['a+(b).$^{1}|c', ['a+(b).$^{1}|c'], ['aa']],
])('%j', (pattern, matching, others) => {
  const isNamed = pythonGlob(pattern);
  expect([...matching, ...others].filter(isNamed)).toEqual(matching);
});

test('a name without magic is no pattern', () => {
  expect(['a', 'a]', 'a!b', 'data/x.csv'].some(hasMagic)).toBe(false);
  expect(['a*', '?', 'x[1]'].every(hasMagic)).toBe(true);
});

test.each([
  [`${'*a'.repeat(12)}*b`, 'a'.repeat(250)],
  [`${'**/a/'.repeat(14)}b`, `${'a/'.repeat(60)}a`],
  [`${'**/'.repeat(16)}x`, `${'a/'.repeat(60)}a`],
])('a pattern with very many ways to match is decided all the same: %j', (pattern, path) => {
  expect(pythonGlob(pattern)(path)).toBe(false);
  expect(pythonGlob(pattern)(path.replace(/a$/, pattern.slice(-1)))).toBe(true);
});
