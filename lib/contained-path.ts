import { realpathSync } from 'node:fs';
import { readlink, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { assayError } from './errors.ts';

/** True when `path` is `root` or lies below it; both absolute, compared as text. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/**
 * The way from `root` to `path`, both absolute; undefined where it does not lie below. A shell's `$PWD` may reach the root
 * through links (`/tmp` of macOS is one); below it none is followed.
 */
export function wayBelow(root: string, path: string): string | undefined {
  if (isInside(root, path)) return relative(root, path);
  const real = realOf(root);
  const above: string[] = [path];
  for (let here = path; dirname(here) !== here; here = dirname(here)) above.unshift(dirname(here));
  const top = above.find((one) => real !== undefined && realOf(one) === real);
  return top === undefined ? undefined : relative(top, path);
}

function realOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/**
 * The absolute path of `path` below `root`; throws E_PATH_OUTSIDE when it leads out by `..`, by being absolute, or
 * through a link: of the longest part that exists the real path has to lie in the real root, and a link to what does
 * not exist has to point into it, because writing would create it there.
 */
export async function containedPath(root: string, path: string): Promise<string> {
  const target = resolve(root, path);
  const outside = () => assayError('E_PATH_OUTSIDE', { path, root });
  if (!isInside(resolve(root), target)) throw outside();
  const realRoot = await realpath(root).catch((error: unknown) => {
    throw assayError('E_PROJECT_FOLDER', { folder: root }, error);
  });
  for (let existing = target; isInside(resolve(root), existing); existing = resolve(existing, '..')) {
    try {
      if (!isInside(realRoot, await realpath(existing))) throw outside();
      return target;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A link that goes in circles leads nowhere.
      if (code === 'ELOOP') throw outside();
      if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'ENAMETOOLONG') throw error;
    }
    const link = await readlink(existing).catch(() => undefined);
    if (link === undefined) continue;
    const pointsTo = resolve(await realpath(dirname(existing)), link);
    if (!isInside(realRoot, pointsTo)) throw outside();
    await containedPath(realRoot, pointsTo);
  }
  return target;
}
