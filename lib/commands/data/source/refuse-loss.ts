import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { assayError } from '../../../errors.ts';

/** What comes, and where. */
export interface Replacing {
  /** Absolute; what is there is to be removed. */
  readonly target: string;
  /** As it was typed, or as messages name it. */
  readonly shown: string;
  /** What the target becomes. */
  readonly folder: boolean;
  /** The folder that the command was started for, absolute. */
  readonly cwd: string;
}

/**
 * `--force` gives up the file or folder that is in the way, and nothing that was never meant: DVC takes a folder there for the
 * place to put a file into, so a file never replaces one here; nor does anything replace a repository, or what the command works in.
 *
 * @throws E_DATA_FOLDER_STAYS
 */
export function refuseLoss({ target, shown, folder, cwd }: Replacing): void {
  if (lstatSync(target, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  const way = relative(realpathSync(target), realpathSync(cwd));
  const around = way === '' || !(way === '..' || /^\.\.[\\/]/.test(way));
  const repository = ['.git', '.dvc'].some((name) => existsSync(join(target, name)));
  if (folder && !around && !repository) return;
  const what = around ? 'the command works in it' : repository ? 'it holds a repository' : 'what comes is a file';
  throw assayError('E_DATA_FOLDER_STAYS', { path: shown, what });
}
