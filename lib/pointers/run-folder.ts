import { randomBytes } from 'node:crypto';
import { createReadStream, linkSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { assayError, messageOf } from '../errors.ts';
import { chmodGroup, namesOf } from './cache-folder.ts';
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
      for (const [path, bytes] of entries) writeNew(`${runs}/${path}`, bytes, shared);
    },
  };
}

/** Whole or not at all, and never over what is there. */
function writeNew(target: string, bytes: Uint8Array, shared: boolean): void {
  const folder = dirname(target);
  const staged = `${folder}/.${randomBytes(6).toString('hex')}.tmp`;
  try {
    if (mkdirSync(folder, { recursive: true }) !== undefined && shared) chmodGroup(folder);
    try {
      writeFileSync(staged, bytes, { flag: 'wx', flush: true });
      linkSync(staged, target);
    } finally {
      rmSync(staged, { force: true });
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return;
    throw assayError('E_STORE_WRITE', { path: target, reason: messageOf(error) }, error);
  }
}
