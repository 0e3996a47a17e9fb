import { describe, expect, test } from 'vitest';
import { md5 } from '../../../lib/pointers/md5.ts';
import { runCacheKey } from '../../../lib/pointers/runs/run-cache-key.ts';
import { MAX_RUN_BYTES, RUN_PATH, runProblem } from '../../../lib/pointers/runs/run-entry.ts';

/** DVC's tests/unit/stage/test_cache.py, as DVC writes it. */
const KEY = 'c7a85d71de1912c43d9c5b6218c71630d6277e8fc11e4ccf5e12b3c202234838';
const VALUE = '5e2824029f8da9ef6c57131a638ceb65f27c02f16c85d71e85671c27daed0501';
const SCRIPT = 'open("out", "w+").write("out"); ';
const PATH = `c7/${KEY}/${VALUE}`;
const TEXT = `cmd: python script.py
deps:
- path: dep
  hash: md5
  md5: ${md5('dep')}
  size: 3
- path: script.py
  hash: md5
  md5: ${md5(SCRIPT)}
  size: ${SCRIPT.length}
outs:
- path: out
  hash: md5
  md5: ${md5('out')}
  size: 3
`;
const problem = (text: string, path = PATH) => runProblem(path, Buffer.from(text));

describe('runProblem', () => {
  test("finds none in DVC's own entry, whatever the sizes and the order of keys say", () => {
    expect(problem(TEXT)).toBeUndefined();
    expect(problem(TEXT.replaceAll(/ {2}size: \d+\n/g, ''))).toBeUndefined();
    expect(problem(TEXT.replace('size: 3', 'size: 4'))).toBeUndefined();
  });

  test.each([
    ['another command', TEXT.replace('script.py', 'other.py'), 'what went into it has the digest'],
    ['another output', TEXT.replace(md5('out'), md5('evil')), 'what it says has the digest'],
    ['one more output', `${TEXT}- path: ../../.bashrc\n  md5: ${md5('evil')}\n`, 'what went into it has the digest'],
    ['another key', `${TEXT}also: 1\n`, 'no stage of dvc.lock has'],
    ['a list', '- a\n', 'it is no map'],
    ['nothing', '', 'it is no map'],
    ['no YAML', 'a: [', 'Flow sequence'],
    ['aliases', 'deps: &a [x]\nouts: *a\n', 'aliases'],
    ['too much', `cmd: ${'x'.repeat(MAX_RUN_BYTES)}`, 'more than'],
  ])('finds %s', (_what, text, reason) => {
    expect(problem(text)).toContain(reason);
  });

  test.each([
    ['1', '1.0'],
    ['100000', '1e5'],
    ['12345678901234567890', '12345678901234567891'],
    ['true', '"true"'],
    ['null', '"null"'],
  ])('tells the parameter %s from %s', (one, other) => {
    const entry = (value: string) => `cmd: x\nparams:\n  params.yaml:\n    rate: ${value}\n`;
    const actual = (value: string) => problem(entry(value));
    expect(actual(one)).toMatch(/digest [0-9a-f]{64}$/);
    expect(actual(one)).not.toBe(actual(other));
  });

  test('a float of a whole number has the digest that Python gives it', () => {
    const { key, value } = runCacheKey({ cmd: 'x', params: { p: { rate: 1 } } });
    const path = `${key.slice(0, 2)}/${key}/${value}`;
    expect(problem('cmd: x\nparams: {p: {rate: 1}}\n', path)).toBeUndefined();
    expect(problem('cmd: x\nparams: {p: {rate: 1.0}}\n', path)).toContain('digest');
  });
});

test.each([
  [`${KEY.slice(0, 2)}/${KEY}/${VALUE}`, true],
  [`00/${KEY}/${VALUE}`, false],
  [`${KEY.slice(0, 2)}/${KEY}/../${VALUE}`, false],
  [`${KEY.slice(0, 2)}/${KEY}/${VALUE}.tmp`, false],
  [`${KEY.slice(0, 2)}/${KEY}/${VALUE.toUpperCase()}`, false],
])('%s is the name of a run: %j', (path, expected) => {
  expect(RUN_PATH.test(path)).toBe(expected);
});
