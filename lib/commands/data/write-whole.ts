import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writing } from '../../pointers/cache/write-object.ts';
import { moveInto } from '../../pointers/checkout/move-into.ts';
import type { DataWorkspace } from './data-workspace.ts';

/**
 * Writes a text file of the work tree whole or not at all.
 *
 * @param file from the repository's top
 * @throws E_STORE_WRITE
 */
export function writeWhole(
  { root, staging }: Pick<DataWorkspace, 'root' | 'staging'>,
  file: string,
  text: string,
): void {
  const target = join(root, file);
  writing(target, () => {
    mkdirSync(dirname(target), { recursive: true });
    const staged = staging.nextTo(target);
    writeFileSync(staged, text, { flush: true });
    moveInto(staged, target);
  });
}
