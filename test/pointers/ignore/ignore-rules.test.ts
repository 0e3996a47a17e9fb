import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ignoreLevel } from '../../../lib/pointers/ignore/ignore-level.ts';
import { isIgnored, NO_IGNORE_RULES, withIgnoreFile } from '../../../lib/pointers/ignore/ignore-rules.ts';
import { matchesWildcards, parseWildcards, unitsOf } from '../../../lib/pointers/ignore/wildcard-match.ts';
import { DIRECTORIES, FILES, ignoreLines } from './ignore-lines.ts';

/** Folders with an ignore file of their own, which one process of git answers for. */
const FOLDERS = 40;
let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-ignore-'));
  execFileSync('git', ['init', '--quiet', root]);
  for (let at = 0; at < FOLDERS; at++) {
    for (const path of DIRECTORIES) mkdirSync(join(root, `${at}`, path), { recursive: true });
    for (const path of FILES) writeFileSync(join(root, `${at}`, path), '');
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Which of some paths git ignores. */
function ignoredByGit(paths: readonly string[]): Set<string> {
  const args = ['-C', root, 'check-ignore', '--no-index', '--verbose', '--non-matching', '-z', '--stdin'];
  let out: string;
  try {
    out = execFileSync('git', args, { input: paths.join('\0'), encoding: 'utf8' });
  } catch {
    // Nothing is ignored.
    return new Set();
  }
  const fields = out.split('\0');
  const ignored = new Set<string>();
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [, , pattern = '', path = ''] = fields.slice(at, at + 4);
    if (pattern !== '' && !pattern.startsWith('!')) ignored.add(path);
  }
  return ignored;
}

test('any patterns ignore what git ignores', () => {
  const text = fc
    .tuple(ignoreLines(), fc.constantFrom('\n', '\r\n'), fc.constantFrom('', '\r', '\n', ' '))
    .map(([lines, newline, end]) => lines.join(newline) + end);
  fc.assert(
    fc.property(fc.array(text, { minLength: FOLDERS, maxLength: FOLDERS }), (texts) => {
      const paths = texts.flatMap((patterns, at) => {
        writeFileSync(join(root, `${at}`, '.gitignore'), patterns);
        return [...DIRECTORIES, ...FILES].map((path) => `${at}/${path}`);
      });
      const ours = texts.flatMap((patterns, at) => {
        const rules = withIgnoreFile(NO_IGNORE_RULES, `${at}`, patterns, { file: '.gitignore', syntax: 'git' });
        const isOurs = (kind: 'file' | 'directory') => (path: string) => isIgnored(rules, `${at}/${path}`, kind);
        return [...DIRECTORIES.filter(isOurs('directory')), ...FILES.filter(isOurs('file'))].map((p) => `${at}/${p}`);
      });
      expect(ours.sort()).toEqual([...ignoredByGit(paths)].sort());
    }),
    { numRuns: 8 },
  );
});

test('the cost of a pattern is at most the product of its length and the path’s', () => {
  const pattern = fc.array(fc.constantFrom('**/', '**', '*', 'a', 'a*', '/', '?', '[a]'), { maxLength: 60 });
  const path = fc.array(fc.constantFrom('a', '/', 'b'), { maxLength: 200 });
  fc.assert(
    fc.property(pattern, path, (parts, letters) => {
      const steps = parseWildcards(unitsOf(parts.join(''), 'git'), 'loose') ?? [];
      const effort = { steps: 0 };
      matchesWildcards(steps, unitsOf(letters.join(''), 'git'), 'whole', effort);
      // A set costs a step more.
      expect(effort.steps).toBeLessThanOrEqual(2 * (steps.length + 1) * letters.length);
    }),
  );
});

test.each(['git', 'dvc'] as const)('a pattern of %s that skips folders many times is quick', (syntax) => {
  const text = `${'**/a/'.repeat(14)}b\n*${'a*'.repeat(100)}b\n`;
  const rules = withIgnoreFile(NO_IGNORE_RULES, '', text, { file: 'i', syntax });
  expect(isIgnored(rules, `${'a/'.repeat(100)}c`, 'file')).toBe(false);
  expect(isIgnored(rules, 'a'.repeat(200), 'file')).toBe(false);
  expect(isIgnored(rules, `${'a/'.repeat(100)}b`, 'file')).toBe(true);
});

test('ten thousand names are looked up, not tried one by one', () => {
  const names = Array.from({ length: 10_000 }, (_, at) => `/name${at}`);
  let made = 0;
  const level = ignoreLevel(names, { folder: '', file: 'i', syntax: 'git' });
  for (let at = 0; at < 10_000; at++) if (level.decide(`name${at}`, 'file') === true) made++;
  expect(made).toBe(10_000);
  expect(level.decide('name10000', 'file')).toBeUndefined();
});

test('patterns that cost too much for the paths are refused', () => {
  const level = ignoreLevel(['**/*a*/**/b'], { folder: '', file: 'sub/.gitignore', syntax: 'git', limit: 10_000 });
  const ask = () => {
    for (let at = 0; at < 1000; at++) level.decide('a/'.repeat(50), 'directory');
  };
  expect(ask).toThrow('sub/.gitignore: its patterns cost too much');
});
