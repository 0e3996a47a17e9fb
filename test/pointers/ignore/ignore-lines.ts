import fc from 'fast-check';

/** Folders and files that patterns of `ignoreLines` find or miss. */
export const DIRECTORIES = ['a', 'b', 'ab', 'a/b', 'a/a', 'ab/b', 'a/b/a', 'a/a/a', 'b/a', 'b/é'];
export const FILES = [
  ...['c', 'a.c', 'ac', 'a/c', 'a/b/c', 'a/a/c', 'a/b/a/c', 'b/ab', 'ab/b/x', '0', 'b/A'],
  ...['é', 'aé', '😀', 'a/[', 'b/]', '-', 'b/a b', 'a/ ', 'b/\\', 'b/!', 'b/#'],
];

/** What both tools read alike, and may stand anywhere. */
const SHARED = [
  ...['a', 'a', 'b', 'c', '/', '/', '*', '**', '**/', '/**', '?', '[ab]', '[a-c]', '[]a]', '[a', '[a-]'],
  ...['\\*', '\\a', '!', '#', 'é', '😀', '-', '.', '[', '\ufeff'],
];
const OF_GIT = [
  ...['[!a]', '[^b]', '[!]]', '[c-a]', '[--0]', '[[:alpha:]]', '[[:digit:]a]', '[[:x:]]', '[[:a]', '[\\]]', '[a/b]'],
  ...['[é]', '\\', ' ', '\\ ', '***', '\t', '\r'],
];

/** Lines of an ignore file that mean something more often than not. */
export function ignoreLines(more: readonly string[] = OF_GIT): fc.Arbitrary<string[]> {
  const pattern = fc.array(fc.constantFrom(...SHARED, ...more), { minLength: 1, maxLength: 6 });
  const line = fc.tuple(
    fc.constantFrom('', '', '', '!', '/', '**/'),
    pattern.map((parts) => parts.join('')),
    fc.constantFrom('', '', '/', '/**'),
  );
  return fc.array(
    line.map((parts) => parts.join('')),
    { minLength: 1, maxLength: 4 },
  );
}
