import { rmdirSync } from 'node:fs';

/** Removes a folder, unless something is in it. */
export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something is in it, or another process removed it first.
  }
}
