import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDvcYaml } from '../../../lib/pointers/formats/dvc-yaml.ts';
import { hasTemplate, resolveText } from '../../../lib/pointers/formats/template.ts';
import { openParameters } from '../../../lib/pointers/formats/template-vars.ts';
import type { RepositoryTree } from '../../../lib/pointers/repository-tree.ts';

/** A tree of texts that tells which of them were read. */
function treeOf(texts: Readonly<Record<string, string>>): { tree: RepositoryTree; read: string[] } {
  const read: string[] = [];
  const tree: RepositoryTree = {
    list: async () => [],
    read: async (path) => {
      read.push(path);
      return texts[path];
    },
  };
  return { tree, read };
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: DVC's templates look like that
const many = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join('');

test('templates are found where DVC’s own expression finds them', () => {
  // dvc/parsing/interpolate.py: KEYCRE, whose dot is anything but a line break.
  const keycre = /(?<!\\)\$\{([^\n]*?)\}/g;
  const text = fc.array(fc.constantFrom('${', '$', '{', '}', '\\', 'a', '\n', '\r', 'b'), { maxLength: 12 });
  const names = new Map(['', 'a', 'b', 'ab', '$', '{', '\\', 'a{', '{a', '$a'].map((name) => [name, `<${name}>`]));
  fc.assert(
    fc.property(
      text.map((parts) => parts.join('')),
      (source) => {
        expect(hasTemplate(source)).toBe(source.match(keycre) !== null);
        if ([...source.matchAll(keycre)].some(([, inner = '']) => !names.has(inner))) return;
        const expected = source.replace(keycre, (_all, inner: string) => `<${inner}>`).replaceAll('\\${', '${');
        expect(resolveText(source, names)).toBe(expected);
      },
    ),
  );
});

test('text with very many beginnings of templates is read once', () => {
  expect(hasTemplate('${'.repeat(500_000))).toBe(false);
  expect(hasTemplate(`${'${\n'.repeat(500_000)}}`)).toBe(false);
});

// As DVC 3.67 resolves them.
test.each([
  ['12345678901234567890', '12345678901234567890'],
  ['-9007199254740993', '-9007199254740993'],
  ['+5', '5'],
  ['-0', '0'],
  ['007', '7'],
  ['0x1F', '31'],
  ['0o17', '15'],
  ['0b11', '3'],
  ['1_000', '1000'],
  ['2026_01_02', '20260102'],
  ['1_0.5', '10.5'],
  ['1e3', '1000.0'],
  ['_1', '_1'],
  ['1e_3', '1e_3'],
  ["'1_000'", '1_000'],
  ["'0b11'", '0b11'],
  ['v1_000', 'v1_000'],
])('the parameter %s becomes %s', async (value, resolved) => {
  const { tree } = treeOf({ 'params.yaml': `a: ${value}\n` });
  const { stages } = await parseDvcYaml('stages:\n  s:\n    outs: ["x${a}"]\n', 'dvc.yaml', tree);
  expect(stages[0]?.outs[0]?.path).toBe(`x${resolved}`);
});

test('each parameters file is read once, however many stages name it', async () => {
  const { tree, read } = treeOf({ 'p.yaml': 'b: 1\n', 'params.yaml': 'a: x\n' });
  const outs = 'outs: ["${a}-${b}-${c}"]';
  const stages = many(50, (at) => `  s${at}:\n    vars: [p.yaml, {c: ${at}}]\n    ${outs}\n`);
  const { stages: found, problems } = await parseDvcYaml(`stages:\n${stages}`, 'dvc.yaml', tree);
  expect(problems).toEqual([]);
  expect(found.map((stage) => stage.outs[0]?.path)).toEqual(Array.from({ length: 50 }, (_, at) => `x-1-${at}`));
  expect(read.sort()).toEqual(['p.yaml', 'params.yaml']);
});

test('what many stages merge has a limit, and stages that merge the same cost once', async () => {
  const { tree } = treeOf({ 'p.yaml': many(100, (at) => `k${at}: ${at}\n`) });
  const pipeline = (vars: (at: number) => string) =>
    `stages:\n${many(20, (at) => `  s${at}:\n    vars: [${vars(at)}]\n    outs: ["${at}-\${k1}"]\n`)}`;
  const read = async (text: string) => parseDvcYaml(text, 'dvc.yaml', tree, { parameters: openParameters(tree, 1000) });
  const same = await read(pipeline(() => 'p.yaml'));
  expect([same.stages.length, same.problems.length]).toEqual([20, 0]);
  const other = await read(pipeline((at) => `p.yaml, {x: ${at}}`));
  expect([other.stages.length, other.problems.length]).toEqual([9, 11]);
  expect(other.problems[0]?.message).toContain('"s9" in dvc.yaml:30:5: its vars, with those');
});

test('a stage’s vars go into the maps that its files have, and contradict what has a value', async () => {
  const { tree } = treeOf({ 'params.yaml': 'm: {a: 1, n: {b: 2}}\n' });
  const out = 'outs: ["${m.a}${m.n.b}${m.n.c}"]';
  const text = `stages:\n  s:\n    vars: [{m: {n: {c: 3}}}]\n    ${out}\n  t:\n    vars: [{m: {a: 2}}]\n    ${out}\n`;
  const { stages, problems } = await parseDvcYaml(text, 'dvc.yaml', tree);
  expect(stages.flatMap((stage) => stage.outs.map((one) => one.path))).toEqual(['123']);
  expect(problems.map((problem) => problem.message)).toEqual([expect.stringContaining('"a" is defined twice')]);
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: DVC's templates look like that
