import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { assayError, messageOf } from '../../errors.ts';
import { systemCode } from '../../system-code.ts';

/** Names of the files in a folder, links to files included as in `has`; none where there is no folder. */
export function fileNames(folder: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const entry of entriesOf(folder)) {
    const link = entry.isSymbolicLink() && leadsToFile(join(folder, entry.name));
    if (entry.isFile() || link) names.add(entry.name);
  }
  return names;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw assayError('E_STORE_READ', { path: folder, reason: messageOf(error) }, error);
  }
}

function leadsToFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false;
  }
}

/** Whether an error says that nothing is there. */
export function isMissing(error: unknown): boolean {
  const code = systemCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}
