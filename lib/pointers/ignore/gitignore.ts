import type { RepositoryTree } from '../repository-tree.ts';
import { openIgnoreFiles } from './ignore-files.ts';

/**
 * The line that keeps one file or folder out of git, for the `.gitignore` beside it. Characters that mean something are
 * escaped as DVC does; a space at the end is escaped too, which DVC forgets, so that git commits the data.
 * Source: pathspec, `GitIgnoreSpecPattern.escape`; git, gitignore(5).
 *
 * @param name of the file or folder, without folders above it
 */
export function gitignoreEntry(name: string): string {
  return `/${name.replace(/[\\[\]!*#?]/g, '\\$&').replace(/ +$/, (spaces) => '\\ '.repeat(spaces.length))}`;
}

/** The text of a `.gitignore` with the entry of `name` at its end, if it is not there yet. Every other byte stays. */
export function addGitignoreEntry(text: string, name: string): string {
  const entry = gitignoreEntry(name);
  if (text.split(/\r?\n/).includes(entry)) return text;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  return `${text}${text === '' || text.endsWith('\n') ? '' : newline}${entry}${newline}`;
}

/**
 * Whether the repository's `.gitignore` files keep a path out of git.
 *
 * @param path relative to the repository's top, forward slashes
 * @throws E_DVC_IGNORE
 */
export async function isGitIgnored(tree: RepositoryTree, path: string, kind: 'file' | 'directory'): Promise<boolean> {
  return openIgnoreFiles(tree, 'git').hide(path, kind);
}
