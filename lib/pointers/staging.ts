import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { kill, pid } from 'node:process';
import { assayError, messageOf } from '../errors.ts';

/** A folder of one process for what is not whole yet; files leave it by being renamed. */
export interface Staging {
  /** A new path in it, where nothing is yet. */
  next(): string;
  /** Removes it with what is left in it. */
  close(): void;
}

/** Leftovers of processes on other machines (a shared disk) are taken for dead after this. Milliseconds: two days. */
const STALE_MS = 2 * 24 * 60 * 60 * 1000;
const SESSION = /^s-(.+)\.(\d+)\.[0-9a-f]{12}$/;

/**
 * A staging folder below `folder`, made when first used. What a killed process left there is removed at that time, so
 * an interrupted command leaves nothing behind for longer than until the next one.
 *
 * @param folder on the same file system as the files' final places; belongs to staging alone
 */
export function openStaging(folder: string): Staging {
  const session = join(folder, `s-${hostname()}.${pid}.${randomBytes(6).toString('hex')}`);
  let made = false;
  let count = 0;
  return {
    next() {
      if (!made) {
        try {
          mkdirSync(session, { recursive: true });
        } catch (error) {
          throw assayError('E_STORE_WRITE', { path: session, reason: messageOf(error) }, error);
        }
        made = true;
        sweep(folder);
      }
      count++;
      return `${session}/${count}`;
    },
    close() {
      if (made) rmSync(session, { recursive: true, force: true });
      made = false;
    },
  };
}

function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [, host, owner] = SESSION.exec(name) ?? [];
    if (host === undefined || owner === undefined) continue;
    const path = join(folder, name);
    const dead = host === hostname() ? !isAlive(Number(owner)) : ageOf(path) > STALE_MS;
    if (dead) rmSync(path, { recursive: true, force: true });
  }
}

function ageOf(path: string): number {
  const found = lstatSync(path, { throwIfNoEntry: false });
  // The file system's clock on both sides: the folder above was changed just now, by making our own.
  const now = lstatSync(join(path, '..'), { throwIfNoEntry: false });
  return found === undefined || now === undefined ? 0 : now.mtimeMs - found.mtimeMs;
}

function isAlive(process: number): boolean {
  try {
    kill(process, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
