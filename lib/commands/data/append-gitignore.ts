import { closeSync, constants, lstatSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { assayError, messageOf } from '../../errors.ts';
import { addGitignoreEntry } from '../../pointers/ignore/gitignore.ts';

/** Never through a link that somebody puts there meanwhile. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;

/**
 * Keeps data out of git by a line at the end of the `.gitignore` beside them. The line is appended in one write, and the file
 * is never replaced: of two that add at once, one would take back the line of the other, and git would commit its data. It is not
 * forced onto the disk: that takes longer than all else for thousands of files, and a line that a power cut took is added again.
 *
 * @param root of the repository
 * @param path of the data, relative to it, forward slashes
 * @returns the `.gitignore`'s path, relative to `root`
 * @throws E_DATA_TARGET_OUTSIDE where it is a link, E_STORE_WRITE
 */
export function appendGitignore(root: string, path: string): string {
  const file = posix.join(posix.dirname(path), '.gitignore');
  const target = join(root, file);
  const stats = lstatSync(target, { throwIfNoEntry: false });
  if (stats?.isSymbolicLink()) throw assayError('E_DATA_TARGET_OUTSIDE', { target: file, root });
  try {
    // Byte for byte: what others wrote there need not be UTF-8.
    const text = stats === undefined ? '' : readFileSync(target, 'latin1');
    const name = Buffer.from(posix.basename(path)).toString('latin1');
    append(target, Buffer.from(addGitignoreEntry(text, name).slice(text.length), 'latin1'));
  } catch (error) {
    throw assayError('E_STORE_WRITE', { path: target, reason: messageOf(error) }, error);
  }
  return file;
}

function append(target: string, line: Buffer): void {
  if (line.length === 0) return;
  mkdirSync(dirname(target), { recursive: true });
  const handle = openSync(target, FLAGS, 0o666);
  try {
    for (let at = 0; at < line.length; ) at += writeSync(handle, line, at);
  } finally {
    closeSync(handle);
  }
}
