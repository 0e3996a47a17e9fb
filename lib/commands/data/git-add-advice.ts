import { join, relative, sep } from 'node:path';
import type { Block } from '../../report/blocks/block.ts';
import { dvcRoot } from './store/dvc-folder.ts';

/** Where a command is typed (absolute), and the folder that its verb started from (`--project`). */
export interface Standing {
  readonly cwd: string;
  readonly start: string;
}

/** Paths from the top of the data's repository, as they have to be typed. Without a standing they stay what they are. */
export function typedPaths(paths: readonly string[], standing: Standing | undefined): string[] {
  const root = standing === undefined ? undefined : dvcRoot(standing.start);
  if (standing === undefined || root === undefined) return [...paths];
  return paths.map((path) => relative(standing.cwd, join(root, path)).split(sep).join('/'));
}

/** What to do with files that a verb wrote; nothing where it wrote none. */
export function gitAddAdvice(written: readonly string[], standing: Standing | undefined): Block[] {
  if (written.length === 0) return [];
  return [
    { kind: 'next', text: ['keep the pointers in git:'] },
    { kind: 'command', text: `git add ${typedPaths(written, standing).map(shellWord).join(' ')}` },
  ];
}

/** A path for a command that people copy into a shell. */
export function shellWord(path: string): string {
  if (path.startsWith('-')) return shellWord(`./${path}`);
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
