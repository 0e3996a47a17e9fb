import { randomBytes } from 'node:crypto';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writing } from '../../stores/bytes/writing.ts';

/**
 * Makes a folder or file appear at `target` whole or not at all: `fill` makes it under a temporary name beside it, which
 * is then renamed. What stands at `target` is exchanged only when `replace` says so, and put back when that fails.
 *
 * @throws E_STORE_WRITE, and what `fill` throws; `target` is then as it was
 */
export async function place(
  target: string,
  fill: (temporary: string) => Promise<void>,
  { replace = false }: { readonly replace?: boolean } = {},
): Promise<void> {
  const token = randomBytes(12).toString('hex');
  const temporary = join(dirname(target), `.${token}.tmp`);
  const aside = join(dirname(target), `.${token}.old`);
  try {
    await writing(target, () => mkdir(dirname(target), { recursive: true }));
    await fill(temporary);
    const old = replace && (await exists(target));
    if (old) await writing(target, () => rename(target, aside));
    try {
      await writing(target, () => rename(temporary, target));
    } catch (error) {
      if (old) await rename(aside, target);
      throw error;
    }
    if (old) await rm(aside, { recursive: true, force: true });
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
}

/** Whether anything stands there, be it a link to nothing. */
export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
