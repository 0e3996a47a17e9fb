import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setMode } from '../bytes/set-mode.ts';

/** As DVC makes the folders of a cache or remote that a group shares: new files belong to the group. */
export function chmodGroup(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    setMode(handle, 0o2775);
  } finally {
    closeSync(handle);
  }
}

/** As `mkdir -p`; a group may write to all of what has to be made of what it shares. Throws what the file system says. */
export function makeFolder(path: string, shared: boolean): void {
  const first = mkdirSync(path, { recursive: true });
  if (first === undefined || !shared) return;
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) chmodGroup(folder);
}
