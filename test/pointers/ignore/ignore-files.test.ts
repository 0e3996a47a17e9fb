import { expect, test } from 'vitest';
import { openIgnoreFiles } from '../../../lib/pointers/ignore/ignore-files.ts';
import type { RepositoryTree } from '../../../lib/pointers/repository-tree.ts';

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

test('each file is read once, for however many paths', async () => {
  const { tree, read } = treeOf({ '.gitignore': '*.tmp\n', 'a/.gitignore': '/b/x*\n!keep.tmp\n' });
  const files = openIgnoreFiles(tree, 'git');
  const hidden = async (path: string) => [path, await files.hide(path, 'file')];
  const paths = ['a/b/x1', 'a/b/y', 'a/b/y.tmp', 'a/keep.tmp', 'keep.tmp', 'b/x1'];
  expect(await Promise.all(paths.map(hidden))).toEqual([
    ['a/b/x1', true],
    ['a/b/y', false],
    ['a/b/y.tmp', true],
    ['a/keep.tmp', false],
    ['keep.tmp', true],
    ['b/x1', false],
  ]);
  expect(read.sort()).toEqual(['.gitignore', 'a/.gitignore', 'a/b/.gitignore', 'b/.gitignore']);
});

test('a .dvcignore that one above it hides says nothing, and DVC’s own folders are never looked at', async () => {
  const { tree, read } = treeOf({ '.dvcignore': 'sub/.dvcignore\n', 'sub/.dvcignore': 'data\n', '.gitignore': 'x\n' });
  const files = openIgnoreFiles(tree, 'dvc');
  expect(await files.hide('sub/data', 'file')).toBe(false);
  expect(await files.hide('x', 'file')).toBe(false);
  expect(await files.hide('sub/.dvc/tmp', 'file')).toBe(true);
  expect(read.filter((path) => path === 'sub/.dvcignore')).toEqual([]);
});
