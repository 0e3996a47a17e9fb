import { fetchRefs } from '../../lib/git/fetch-refs.ts';
import type { Git } from '../../lib/git/git.ts';
import { pushRefs } from '../../lib/git/push-refs.ts';
import { listSizedFiles, openBlob } from '../../lib/git/read-objects.ts';
import { listRemoteRefs } from '../../lib/git/remote.ts';
import { commitFiles, type Person } from '../../lib/git/write-objects.ts';
import { STORE_REF, type StoreTree } from '../../lib/stores/ref-store.ts';

/** The store's ref at a remote, through the real git. */
export function gitStoreTree(git: Git, remote: string, author: Person, date: Date): StoreTree {
  return {
    ref: STORE_REF,
    async tip() {
      const [found] = await listRemoteRefs(git, remote, [STORE_REF]);
      if (found === undefined) return null;
      await fetchRefs(git, remote, [{ source: found.id }]);
      return found.id;
    },
    files: (commit) => listSizedFiles(git, commit),
    blob: (id) => openBlob(git, id),
    timeOf: async (commit) => 1000 * Number(await git.text(['log', '-1', '--format=%ct', commit])),
    commit: (parent, changes, message) => commitFiles(git, { parent, changes, message, author, date }),
    async push(commit, expected) {
      const result = await pushRefs(git, remote, [{ source: commit, ref: STORE_REF, expected }]);
      if (result.ok || result.reason !== 'denied') return result.ok;
      throw new Error(result.detail);
    },
  };
}
