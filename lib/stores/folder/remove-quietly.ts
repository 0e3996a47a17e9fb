import { rmSync } from 'node:fs';

/** Removes what is at a path, with all that is in it, if that can be done. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // It could not be made either, or another process is at it: then that one removes it, or the next call does.
  }
}
