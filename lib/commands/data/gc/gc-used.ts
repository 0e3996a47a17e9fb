import { AssayError, assayError, hasCode } from '../../../errors.ts';
import { openGit } from '../../../git/git.ts';
import { isInGit } from '../../../git/status.ts';
import type { ObjectCache } from '../../../pointers/cache/object-cache.ts';
import { expectedObject } from '../../../pointers/expected-object.ts';
import { outputListingIfAny } from '../../../pointers/listings/output-listing.ts';
import { objectKey } from '../../../pointers/object-key.ts';
import { readIndex, requireSound } from '../../../pointers/outputs/output-index.ts';
import type { OutputIndex, TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';
import type { Store } from '../../../stores/store.ts';
import type { Context } from '../../context.ts';
import { type BlobTexts, commitTree, stagedTree } from '../commit-tree.ts';
import type { DataWorkspace } from '../data-workspace.ts';
import { type KeptHistory, keptCommits } from './gc-commits.ts';

/** An output that something kept uses, with all that it is made of. */
export interface UsedOutput {
  readonly output: TrackedOutput;
  /** The address of the output, and of a folder's files. */
  readonly addresses: readonly string[];
  /** In the work tree, whatever else uses it. */
  readonly present: boolean;
}

export interface UsedData {
  readonly outputs: readonly UsedOutput[];
  /** Commits that could not be read entirely; what can be read of them is among the outputs. */
  readonly skipped: readonly { readonly commit: string; readonly reason: string }[];
}

export interface UsedRequest extends KeptHistory {
  /** Go on where a commit's pointers or listings cannot be read. */
  readonly skipFailed?: boolean;
}

export interface UsedPorts {
  /** Where listings of folders are looked for, in this order; the first may be written to. */
  readonly caches: readonly [ObjectCache, ...ObjectCache[]];
  /** The remote that a folder's listing is brought from where no cache has it, as DVC does; undefined for none. */
  readonly remoteOf: (output: TrackedOutput) => Promise<Store | undefined>;
}

/** In the place of a commit. */
const STAGED = 'what is staged';

/**
 * What the work tree of a repository, what is staged in it and the kept commits use; without a request the work tree alone. The work tree has to be
 * readable whatever is asked for.
 *
 * @throws the index's problems, E_CACHE_MISSING, E_DATA_GC_CLONE, the store's errors
 */
export async function usedData(
  context: Context,
  { root, config, index }: Pick<DataWorkspace, 'root' | 'config' | 'index'>,
  request: UsedRequest | undefined,
  ports: UsedPorts,
): Promise<UsedData> {
  const git = openGit(root, { env: context.environment });
  const commits = config.noScm || request === undefined ? [] : await keptCommits(git, context.remote, request);
  const outputs = new Map<string, UsedOutput>();
  const skipped: { commit: string; reason: string }[] = [];
  const lacking = new Set<string>();
  const skip = (commit: string | undefined, error: unknown) => {
    if (commit === undefined || request?.skipFailed !== true || !(error instanceof AssayError)) throw error;
    skipped.push({ commit, reason: error.message });
  };
  const take = async (found: OutputIndex, commit?: string) => {
    for (const output of found.outputs) {
      const { md5, hash, remote, push } = output;
      const key = JSON.stringify([hash, md5, remote, push]);
      // What a commit has told already needs no second word of what is staged.
      if (md5 === undefined || outputs.has(key) || (commit === STAGED && lacking.has(key))) continue;
      try {
        const addresses = [md5, ...(md5.endsWith('.dir') ? await entriesOf({ ...output, md5 }, ports) : [])];
        outputs.set(key, { output, addresses, present: commit === undefined });
      } catch (error) {
        if (!hasCode(error, 'E_CACHE_MISSING')) throw error;
        skip(commit, error);
        lacking.add(key);
      }
    }
  };
  await take(requireSound(await index()));
  const texts: BlobTexts = new Map();
  for (const { commit, over } of commits) {
    const found = await readIndex(root, { tree: await commitTree(git, commit, { texts, over }) });
    for (const { error } of found.problems.slice(0, 1)) skip(commit, error);
    await take(found, commit);
  }
  // What was staged and changed since is in no commit yet.
  if (!config.noScm && request !== undefined && (await isInGit(git))) {
    await take(await readIndex(root, { tree: await stagedTree(git, { texts }) }), STAGED);
  }
  return { outputs: [...outputs.values()], skipped };
}

/** The files of a folder. One whose listing is nowhere to be had cannot be told from others: what it lists would go. */
async function entriesOf(
  output: TrackedOutput & { readonly md5: string },
  { caches, remoteOf }: UsedPorts,
): Promise<string[]> {
  const { md5, hash, path, files } = output;
  const [own] = caches;
  const lacking = files === undefined && !caches.some((cache) => cache.has(md5, hash));
  const store = lacking ? await remoteOf(output) : undefined;
  if (store !== undefined && (await store.has(objectKey(md5, hash)))) {
    const expected = expectedObject(md5, hash, undefined);
    await own.receive(md5, hash, (target) => store.read(objectKey(md5, hash), expected, target));
  }
  for (const cache of caches) {
    const entries = outputListingIfAny(cache, output);
    if (entries !== undefined) return entries.map((entry) => entry.md5);
  }
  throw assayError('E_CACHE_MISSING', { object: md5, output: path });
}
