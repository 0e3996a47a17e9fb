import { expect, test } from 'vitest';
import { loadLate } from '../../.ci/late-builtins.ts';

const REQUIRE = '__WEBPACK_EXTERNAL_createRequire(import.meta.url)';

/** Runs the module as the bundle does, and tells what was loaded by then. */
function run(name: string, use: (module: Record<string, unknown>) => unknown): { loads: number; result: unknown } {
  const code = loadLate(`module.exports = ${REQUIRE}("${name}");`).replace(REQUIRE, 'require');
  const module = { exports: {} };
  let loads = 0;
  const real = { answer: 42, twice: (x: number) => 2 * x };
  new Function('module', 'require', code)(module, () => {
    loads++;
    return real;
  });
  const result = use(module.exports);
  return { loads, result };
}

test.each(['node:crypto', 'crypto', 'node:child_process'])('%s is loaded by the first question, once', (name) => {
  expect(run(name, () => undefined)).toEqual({ loads: 0, result: undefined });
  expect(run(name, (module) => module.__esModule)).toEqual({ loads: 0, result: undefined });
  expect(run(name, ({ answer, twice }) => [answer, (twice as (x: number) => number)(3)])).toEqual({
    loads: 1,
    result: [42, 6],
  });
  expect(run(name, (module) => ('answer' in module ? { ...module }.answer : undefined))).toEqual({
    loads: 1,
    result: 42,
  });
});

test('what is set there is seen by everybody', () => {
  expect(
    run('crypto', (module) => {
      module.answer = 43;
      return module.answer;
    }),
  ).toEqual({ loads: 1, result: 43 });
});

test('other modules are loaded as before', () => {
  const code = `module.exports = ${REQUIRE}("node:fs");`;
  expect(loadLate(code)).toBe(code);
});
