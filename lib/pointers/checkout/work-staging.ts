import { type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { removeIfEmpty } from '../../stores/folder/remove-if-empty.ts';
import { openStaging, type Staging } from '../cache/staging.ts';

/** Staging for a work tree, parts of which may be on other disks: mounts, volumes of a container, subvolumes. */
export interface WorkStaging extends Staging {
  /** A new path on the disk of `target`, from where `moveInto` takes it there. */
  nextTo(target: string): string;
}

/** Where it is on such a disk: in the highest folder of it. No data, while it is there. */
export const STAGING_FOLDER = '.assay-staging';

/**
 * @param folder as for `openStaging`; below `root`
 * @param root of the work tree, absolute
 */
export function openWorkStaging(folder: string, root: string): WorkStaging {
  const own = openStaging(folder);
  /** By the folder that a target belongs in. */
  const known = new Map<string, Staging>();
  /** By the highest folder of a disk. */
  const elsewhere = new Map<string, Staging>();

  function stagingFor(below: string): Staging {
    const here = existing(below);
    if (here.device === existing(folder).device) return own;
    let top = here.path;
    while (top !== root && statsOf(dirname(top))?.dev === here.device) top = dirname(top);
    const open = elsewhere.get(top) ?? openStaging(join(top, STAGING_FOLDER));
    elsewhere.set(top, open);
    return open;
  }

  return {
    ...own,
    nextTo(target) {
      const below = dirname(target);
      const staging = known.get(below) ?? stagingFor(below);
      known.set(below, staging);
      return staging.next();
    },
    close() {
      own.close();
      for (const [top, staging] of elsewhere) {
        staging.close();
        removeIfEmpty(join(top, STAGING_FOLDER));
      }
    },
  };
}

/** A folder, or the nearest above it that is there, and the disk that it is on. */
function existing(path: string): { readonly path: string; readonly device: number } {
  for (let here = path; ; here = dirname(here)) {
    const stats = statsOf(here);
    if (stats !== undefined) return { path: here, device: stats.dev };
    if (dirname(here) === here) return { path: here, device: 0 };
  }
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // A file is where a folder belongs, or it may not be looked into: making the target says so.
    return undefined;
  }
}
