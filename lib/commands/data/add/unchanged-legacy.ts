import { join } from 'node:path';
import { describeData, digestOnly } from '../../../pointers/checkout/describe-data.ts';
import type { DataAddOutput } from '../data-outputs.ts';
import type { DataWorkspace } from '../data-workspace.ts';
import type { AddPlan } from './add-plan.ts';

/**
 * What DVC 2 added and nobody changed since, when its cache still has it; undefined for everything else. As in DVC 3 its
 * pointer stays as it is, which DVC 2 can read too, and its bytes are not kept a second time.
 *
 * @throws E_STORE_READ, E_STORE_SOURCE_CHANGED, E_ARTIFACT_PATH
 */
export async function unchangedLegacy(
  workspace: DataWorkspace,
  { path, pointer, known, parts }: AddPlan,
): Promise<DataAddOutput['added'][number] | undefined> {
  if (known?.hash !== 'md5-dos2unix' || known.md5 === undefined || parts !== undefined) return undefined;
  const { hash, md5, isexec } = known;
  const { root, cache, jobs } = workspace;
  const data = await describeData(join(root, path), {
    ...{ scope: workspace.scopeOf(known), digest: digestOnly(hash), jobs },
    ignored: await workspace.ignoredIn(path),
  });
  if (data?.md5 !== md5 || data.isexec !== isexec) return undefined;
  if (![md5, ...data.files.map((file) => file.md5)].every((address) => cache.has(address, hash))) return undefined;
  return { path, pointer, md5, size: data.size, files: data.files.length, state: 'unchanged' };
}
