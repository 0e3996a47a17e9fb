import { randomBytes } from 'node:crypto';
import { createReadStream, linkSync, lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { assayError, messageOf } from '../../errors.ts';
import { makeFolder } from '../../stores/folder/group-folder.ts';
import { systemCode } from '../../system-code.ts';
import { namesOf } from '../cache/cache-folder.ts';
import type { RunFile, RunPlace } from './run-cache.ts';

/**
 * The run cache below a folder: a cache, or a remote on this machine. Files get the mode that DVC gives them, which
 * replaces them without a look.
 *
 * @param top the folder that holds `runs`
 * @param shared `cache.shared = group`
 */
export function runFolder(top: string, { shared = false }: { readonly shared?: boolean } = {}): RunPlace {
  const runs = `${top}/runs`;
  return {
    async files() {
      const found = new Map<string, RunFile>();
      for (const prefix of namesOf(runs)) {
        for (const key of namesOf(`${runs}/${prefix}`)) {
          for (const value of namesOf(`${runs}/${prefix}/${key}`)) {
            const path = `${prefix}/${key}/${value}`;
            const stats = lstatSync(`${runs}/${path}`, { throwIfNoEntry: false });
            if (stats?.isFile())
              found.set(path, { size: stats.size, bytes: () => createReadStream(`${runs}/${path}`) });
          }
        }
      }
      return found;
    },
    async write(entries) {
      for (const [path, bytes] of entries) writeNew(top, path, bytes, shared);
    },
  };
}

/** File systems without hard links. */
const NO_LINKS: readonly unknown[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ENOSYS'];

/**
 * Whole or not at all, and never over what is there. It is written beside `runs`: what a process that is killed leaves there is
 * no run to DVC, which takes everything below that folder for one.
 */
function writeNew(top: string, path: string, bytes: Uint8Array, shared: boolean): void {
  const target = `${top}/runs/${path}`;
  const staged = `${top}/.run-${randomBytes(6).toString('hex')}.tmp`;
  try {
    makeFolder(dirname(target), shared);
    try {
      writeFileSync(staged, bytes, { flag: 'wx', flush: true });
      link(staged, target);
    } finally {
      rmSync(staged, { force: true });
    }
  } catch (error) {
    throw assayError('E_STORE_WRITE', { path: target, reason: messageOf(error) }, error);
  }
}

/** A name is given only where none is, which renaming cannot promise. */
function link(staged: string, target: string): void {
  try {
    linkSync(staged, target);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') return;
    if (!NO_LINKS.includes(code)) throw error;
    if (lstatSync(target, { throwIfNoEntry: false }) === undefined) renameSync(staged, target);
  }
}
