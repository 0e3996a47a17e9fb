import { assayError } from '../../../errors.ts';
import { createBlobReader } from '../../../git/blob-reader.ts';
import { fetchRefs } from '../../../git/fetch-refs.ts';
import { pushRefs } from '../../../git/push-refs.ts';
import { listSizedFiles, openBlob } from '../../../git/read-objects.ts';
import { listRemoteRefs } from '../../../git/remote.ts';
import { resolveCommit } from '../../../git/status.ts';
import { commitFiles } from '../../../git/write-objects.ts';
import { STORE_REF, type StoreTree } from '../../../stores/ref/ref-store.ts';
import type { Context } from '../../context.ts';

/** What keeps the store's newest commit from being collected here. */
const LOCAL_REF = 'refs/assay/fetched/store';

/** Objects up to this many bytes are read together. */
const SMALL_BYTES = 256 * 1024;

/** The ref `refs/assay/store` of the remote as a tree of files: what the ref store needs of git. */
export function storeTree({
  git,
  remote,
  actor,
  clock,
}: Pick<Context, 'git' | 'remote' | 'actor' | 'clock'>): StoreTree {
  const readSmall = createBlobReader(git);
  /** What the ref itself held, by the commit that it leads to, where somebody put a tag there. */
  const tags = new Map<string, string>();

  async function* small(id: string): AsyncGenerator<Uint8Array> {
    yield await readSmall(id);
  }

  return {
    ref: STORE_REF,
    async tip() {
      const [found] = await listRemoteRefs(git, remote, [STORE_REF]);
      if (found === undefined) return null;
      await fetchRefs(git, remote, [{ source: STORE_REF, into: LOCAL_REF }], { whole: true });
      const commit = await resolveCommit(git, LOCAL_REF);
      if (commit !== found.id) tags.set(commit, await git.text(['rev-parse', '--verify', LOCAL_REF]));
      return commit;
    },
    files: async (commit) => (await listSizedFiles(git, commit)).map(({ path, id, size }) => ({ path, id, size })),
    blob: ({ id, size }) => (size <= SMALL_BYTES ? small(id) : openBlob(git, id)),
    timeOf: async (commit) => 1000 * Number(await git.text(['log', '-1', '--format=%ct', commit])),
    commit: async (parent, changes, message) =>
      commitFiles(git, { parent, changes, message, author: await actor(), date: clock.now() }),
    async push(commit, expected) {
      const held = expected === null ? null : (tags.get(expected) ?? expected);
      const pushed = await pushRefs(git, remote, [{ source: commit, ref: STORE_REF, expected: held }]);
      if (pushed.ok) return true;
      if (pushed.reason !== 'denied') return false;
      throw assayError('E_STORE_REFUSED', { store: `the store ref ${STORE_REF}`, reason: pushed.detail });
    },
  };
}
