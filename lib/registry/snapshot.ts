import { fetchRefs, hasCommit } from '../git/fetch-refs.ts';
import type { Git } from '../git/git.ts';
import { listFiles, readBlobs, readFileAt } from '../git/read-objects.ts';
import { listRemoteRefs, type RemoteRef } from '../git/remote.ts';
import { resolveCommit } from '../git/status.ts';
import { versionPath } from './layout.ts';
import { isStateFile, type Problem, readRecords } from './read-records.ts';
import { readRemoteTags } from './remote-tags.ts';
import { foldState, type RegistryState } from './state.ts';
import type { TagFact } from './tag-state.ts';

/** Where the registry is. */
export interface RegistryPlace {
  readonly git: Git;
  /** Name of a configured remote, or a URL. */
  readonly remote: string;
  readonly branch: string;
  readonly memory?: SnapshotMemory | undefined;
}

/** What was read last, and the remote's refs that it was read from: their ids name all of its bytes. */
export interface SnapshotMemory {
  last?: { readonly refs: string; readonly snapshot: Snapshot };
}

export interface Snapshot {
  /** The branch's commit; null before the first change. */
  readonly head: string | null;
  readonly state: RegistryState;
  /** The tags the state was read with. */
  readonly facts: readonly TagFact[];
  /** Damage of the branch. When there is any, `state` was read from the tags alone, and nothing may be written. */
  readonly problems: readonly Problem[];
}

/**
 * Reads the registry as it is at the remote now. A clone may be shallow and need not know the branch. Where the refs
 * are those of the last time, so is the answer: a promotion asks a dozen times, and each reading starts five processes.
 * Throws E_GIT_NO_REMOTE, E_GIT_AUTH, E_GIT_UNREACHABLE.
 */
export async function readSnapshot(place: RegistryPlace): Promise<Snapshot> {
  const { git, remote, branch, memory = {} } = place;
  const advertised = await listRemoteRefs(git, remote, [`refs/heads/${branch}`, 'refs/tags/*']);
  const refs = JSON.stringify([remote, branch, advertised]);
  const snapshot = memory.last?.refs === refs ? memory.last.snapshot : await snapshotOf(place, advertised);
  memory.last = { refs, snapshot };
  return snapshot;
}

async function snapshotOf({ git, remote, branch }: RegistryPlace, refs: readonly RemoteRef[]): Promise<Snapshot> {
  const ref = `refs/heads/${branch}`;
  const advertised = refs.find((one) => one.ref === ref)?.id ?? null;
  const head = advertised === null ? null : await fetchHead(git, remote, branch, advertised);
  const { names, facts } = await readRemoteTags(git, remote, refs);
  const records = readRecords(head === null ? new Map() : await readFiles(git, head));
  const { state, problems } = foldState(records, facts, names);
  if (problems.length === 0) return { head, state, facts, problems };
  return { head, state: await stateOfTags(git, facts, names), facts, problems };
}

/** The local ref that keeps the fetched branch. */
export function trackingRef(remote: string, branch: string): string {
  return /[/\\:]/.test(remote) ? `refs/assay/fetched/${branch}` : `refs/remotes/${remote}/${branch}`;
}

async function fetchHead(git: Git, remote: string, branch: string, advertised: string): Promise<string> {
  if (await hasCommit(git, advertised)) return advertised;
  const into = trackingRef(remote, branch);
  await fetchRefs(git, remote, [{ source: `refs/heads/${branch}`, into }]);
  return resolveCommit(git, into);
}

/** Texts of the files that make the state; undefined for all others. */
async function readFiles(git: Git, head: string): Promise<Map<string, string | undefined>> {
  const files = await listFiles(git, head);
  const blobs = await readBlobs(
    git,
    files.filter(({ path }) => isStateFile(path)).map(({ id }) => id),
  );
  return new Map(
    files.map(({ path, id }) => [path, isStateFile(path) ? blobs.get(id)?.toString('utf8') : undefined] as const),
  );
}

/** What can still be read when the branch is damaged: stages from tags, versions from the commits they lead to. */
async function stateOfTags(git: Git, facts: readonly TagFact[], names: readonly string[]): Promise<RegistryState> {
  const { state } = foldState(readRecords(new Map()), facts, names);
  const files = new Map<string, string | undefined>();
  for (const model of state.models.values()) {
    for (const { version, commit } of model.tagged.values()) {
      const path = versionPath(model.model, version);
      const bytes = await readFileAt(git, commit, path);
      if (bytes !== null) files.set(path, bytes.toString('utf8'));
    }
  }
  return foldState(readRecords(files), facts, names).state;
}
