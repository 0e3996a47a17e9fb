import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { transform } from 'esbuild';
import { expect, test } from 'vitest';
import { repairChunk } from '../../.ci/repair-chunk.ts';

test("the runner's working directory is asked for when the code runs, not when it is built", () => {
  const built = `this.toolPath = __webpack_require__.ab + "empty/" + this.options.cwd || process.cwd() + '/' + this.toolPath;`;
  expect(repairChunk('1.index.js', built)).toBe(
    "this.toolPath = (this.options.cwd || process.cwd()) + '/' + this.toolPath;",
  );
});

test.each([
  [`module.exports = eval("require")("left-out");`, '"left-out"'],
  ['module.exports = eval("require")(name);', 'name'],
  [`var e = new Error("Cannot find module 'left-out'"); throw e;`, 'left-out'],
  [`if (x.constructor.name === 'TheirClass') {}`, 'TheirClass'],
  ['const worker = __nccwpck_require__.ab + "worker.js";', 'worker.js'],
])('%s is refused, with the chunk and what is missing', (code, missing) => {
  expect(() => repairChunk('7.index.js', code)).toThrow(`7.index.js`);
  expect(() => repairChunk('7.index.js', code)).toThrow(missing);
});

test('what node-fetch tries and does without may be missing', () => {
  const code = 'try { convert = eval("require")("encoding").convert; } catch (e) {}';
  expect(repairChunk('1.index.js', code)).toBe(code);
});

test('node-fetch knows the signals of a package whose names were shortened', async () => {
  const file = join(import.meta.dirname, '..', '..', 'node_modules', 'node-fetch', 'lib', 'index.js');
  const check = /function isAbortSignal\(signal\) \{[^}]*\}/.exec(await readFile(file, 'utf8'))?.[0];
  const polyfill = "class AbortSignal { get [Symbol.toStringTag]() { return 'AbortSignal'; } }";
  const code = `(() => { ${polyfill} ${check} return [isAbortSignal(new AbortSignal()), isAbortSignal({})]; })()`;
  const small = await transform(repairChunk('1.index.js', code), { minify: true, target: 'es2023' });
  expect(small.code).not.toContain('class AbortSignal');
  expect(runInNewContext(small.code)).toEqual([true, false]);
});
