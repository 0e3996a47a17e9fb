import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { assayError, messageOf } from '../../errors.ts';
import { topFolder } from '../../git/status.ts';
import { systemCode } from '../../system-code.ts';
import type { Context } from '../context.ts';
import { dvcRoot } from './store/dvc-folder.ts';
import { requireCheckedOut } from './store/require-checked-out.ts';

/** What `dvc init` writes. Source: DVC 3.67, dvc/repo/init.py. */
const IGNORED = '/config.local\n/tmp\n/cache\n';
const DVCIGNORE =
  '# Add patterns of files dvc should ignore, which could improve\n# the performance. Learn more at\n# https://dvc.org/doc/user-guide/dvcignore\n';

/**
 * Makes the git repository that the context's folder is in a DVC repository, as `dvc init`, if it is none yet. Gives the files that
 * it wrote, from the top: without them in git nobody finds the data.
 *
 * @throws E_GIT_NOT_A_REPOSITORY, E_DATA_NOT_CHECKED_OUT, E_STORE_WRITE
 */
export async function beginDvc(context: Context): Promise<readonly string[]> {
  if (dvcRoot(context.root) !== undefined) return [];
  await requireCheckedOut(context, context.root);
  const root = await topFolder(context.git);
  const files = { '.dvc/config': '', '.dvc/.gitignore': IGNORED, '.dvcignore': DVCIGNORE };
  const written: string[] = [];
  try {
    mkdirSync(join(root, '.dvc'), { recursive: true });
    for (const [file, text] of Object.entries(files)) if (writeIfNew(join(root, file), text)) written.push(file);
  } catch (error) {
    throw assayError('E_STORE_WRITE', { path: join(root, '.dvc'), reason: messageOf(error) }, error);
  }
  context.log.info(`made ${relative(realpathSync(context.root), join(root, '.dvc'))}, which belongs to git`);
  return written;
}

/** What a verb says that it wrote, with the files that were begun with. */
export function withBegun<D extends { readonly written?: string[] | undefined }>(
  begun: readonly string[],
  document: D,
): D {
  return begun.length === 0 ? document : { ...document, written: [...begun, ...(document.written ?? [])].sort() };
}

function writeIfNew(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}
