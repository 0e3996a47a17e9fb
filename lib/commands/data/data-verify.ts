import { hasCode } from '../../errors.ts';
import { digestOnly } from '../../pointers/checkout/describe-data.ts';
import { loadListing } from '../../pointers/listings/load-listing.ts';
import { requireSound } from '../../pointers/outputs/output-index.ts';
import { type DataObject, objectsOf } from '../../pointers/outputs/output-objects.ts';
import { type TargetedOutput, targetedOutputs } from '../../pointers/outputs/output-targets.ts';
import type { Context } from '../context.ts';
import type { DataVerifyOutput } from './data-outputs.ts';
import { byteProgress } from './data-progress.ts';
import { type DataWorkspace, withWorkspace } from './data-workspace.ts';
import { requireParts } from './require-parts.ts';

export interface DataVerifyRequest {
  readonly targets: readonly string[];
  readonly recursive?: boolean;
}

/**
 * Reads every object of the cache that outputs use and holds it against its name. Damaged ones are put aside, so that
 * `pull` brings them anew.
 *
 * @throws the index's problems, E_OUTPUT_TARGET, E_STORE_READ
 */
export async function dataVerify(
  context: Context,
  { targets, recursive = false }: DataVerifyRequest,
): Promise<DataVerifyOutput> {
  return withWorkspace(context, {}, async (workspace) => {
    const { root, cwd } = workspace;
    const chosen = targetedOutputs(requireSound(await workspace.index()), targets, { root, cwd, recursive });
    requireParts(workspace, chosen);
    const progress = byteProgress(context.progress, 'verifying');
    const { verified, problems } = await verifyObjects(workspace, chosen, progress.onBytes);
    progress.end();
    return { schema: 'assay/data-verify/1', sound: problems.length === 0, verified, problems };
  });
}

/**
 * Holds every object of these outputs that the cache has against its name; damaged ones are put aside.
 *
 * @throws E_STORE_READ
 */
export async function verifyObjects(
  workspace: DataWorkspace,
  chosen: readonly TargetedOutput[],
  onBytes: (bytes: number) => void,
): Promise<Pick<DataVerifyOutput, 'verified' | 'problems'>> {
  const problems: DataVerifyOutput['problems'] = [];
  const seen = new Set<string>();
  let verified = 0;
  const note = async (object: DataObject) => {
    if (seen.has(object.key)) return;
    seen.add(object.key);
    const problem = await check(object, workspace, onBytes);
    if (problem === undefined) verified++;
    else problems.push({ path: object.path, md5: object.md5, problem });
  };
  for (const target of chosen) {
    const { listing } = objectsBefore(target, workspace);
    if (listing !== undefined) await note(listing);
    for (const object of objectsOf(target, workspace.cache)?.files ?? []) await note(object);
  }
  return { verified, problems };
}

/** The listing alone: reading its files would put a damaged one aside before it is counted. */
function objectsBefore({ output }: Parameters<typeof objectsOf>[0], { cache }: DataWorkspace) {
  const { md5, hash, path, cache: cached } = output;
  if (!cached || !md5?.endsWith('.dir') || output.files !== undefined) return {};
  return { listing: { md5, hash, path, key: cache.pathOf(md5, hash) } satisfies DataObject };
}

async function check(
  { md5, hash }: DataObject,
  { cache }: DataWorkspace,
  onBytes: (bytes: number) => void,
): Promise<'missing' | 'damaged' | undefined> {
  const stamp = cache.stampOf(md5, hash);
  if (stamp === undefined) return 'missing';
  if (md5.endsWith('.dir')) {
    try {
      loadListing(cache, md5, hash);
      return undefined;
    } catch (error) {
      if (hasCode(error, 'E_CACHE_CORRUPT', 'E_DIR_OBJECT_CORRUPT')) return 'damaged';
      throw error;
    }
  }
  const actual = await digestOnly(hash)({ relpath: md5, path: cache.pathOf(md5, hash), stamp, link: false }, onBytes);
  if (actual === md5) return undefined;
  cache.setAside(md5, hash);
  return 'damaged';
}
