import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { assayError } from '../errors.ts';
import type { Git } from './git.ts';
import { gitFailure } from './git-failure.ts';
import { withTemporaryFolder } from './temporary-folder.ts';

/**
 * Blob ids by path of the files that a pattern names, as they are now: tracked ones with their changes and new ones that are not
 * ignored. What git would commit, hence the same ids as after committing. The repository's index and objects stay as they are.
 * Patterns and paths are relative to `git.folder`, with forward slashes: a file, a folder (all below it), or a glob in which `*`
 * stops at slashes and `**` does not. Without patterns: all files of the folder. Sorted by path, so that the same tree gives the
 * same list.
 *
 * Throws E_GIT_NO_MATCH for a pattern that names nothing: a dependency that is misspelt would never change.
 */
export async function workingBlobIds(git: Git, patterns: readonly string[]): Promise<Map<string, string>> {
  return withTemporaryFolder(async (scratch) => {
    const { objects, index } = await git.places();
    await mkdir(join(scratch, 'objects'));
    const env = {
      GIT_INDEX_FILE: join(scratch, 'index'),
      GIT_OBJECT_DIRECTORY: join(scratch, 'objects'),
      GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(objects),
    };
    // A copy keeps git's notes of which files did not change; a repository without an index starts from none.
    await copyFile(index, env.GIT_INDEX_FILE).catch(() => {});
    await git.run([...FULL_INDEX, 'add', '--all', '--', ':/'], { env });
    return listIndex(git, env, patterns);
  });
}

/** A sparse index names folders instead of their files. */
const FULL_INDEX = ['-c', 'core.sparseCheckout=false', '-c', 'index.sparse=false'] as const;

async function listIndex(
  git: Git,
  env: Readonly<Record<string, string>>,
  patterns: readonly string[],
): Promise<Map<string, string>> {
  const args = [
    ...FULL_INDEX,
    'ls-files',
    '--stage',
    '-z',
    '--error-unmatch',
    '--',
    ...patterns.map((pattern) => `:(glob)${pattern}`),
  ];
  const outcome = await git.attempt(args, { env });
  if (outcome.code !== 0) {
    const pattern = /pathspec ':\(glob\)(.*)' did not match/s.exec(outcome.stderr)?.[1];
    if (pattern === undefined) throw gitFailure({ folder: git.folder, args: ['ls-files'], ...outcome });
    throw assayError('E_GIT_NO_MATCH', { pattern, commit: 'the work tree' });
  }
  const entries: [string, string][] = [];
  for (const line of outcome.stdout.toString('utf8').split('\0')) {
    const match = /^\d+ ([0-9a-f]+) \d\t(.+)$/s.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) entries.push([match[2], match[1]]);
  }
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
