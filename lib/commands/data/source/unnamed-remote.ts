import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { StoreLocation } from '../../../stores/open-store.ts';
import type { Context } from '../../context.ts';
import { storeLocation } from '../store/store-location.ts';

/**
 * Where the data of a repository are that has no default remote: `store:` of its assay.yaml, else its own ref where an action
 * asks. Undefined: nowhere. A folder beside the data would be no second copy.
 *
 * @throws E_PROJECT_*, E_STORE_KIND, E_STORE_LOCATION, E_STORE_OPTION
 */
export async function unnamedRemote(
  context: Pick<Context, 'environment' | 'defaultStore'>,
  root: string,
): Promise<StoreLocation | undefined> {
  // Reading a project takes longer than a status of few files.
  const { loadProject, PROJECT_FILE } = await import('../../../project/project.ts');
  const isProject = lstatSync(join(root, PROJECT_FILE), { throwIfNoEntry: false })?.isFile() === true;
  const configured = isProject ? (await loadProject(root)).config.store : undefined;
  if (configured !== undefined) return storeLocation(context, configured, root);
  return context.defaultStore === 'ref' ? { kind: 'ref' } : undefined;
}
