import { AssayError, assayError } from '../errors.ts';
import { type CommitTrees, filesOfTrees, readTrees } from '../git/commit-trees.ts';
import { fetchRefs } from '../git/fetch-refs.ts';
import type { Git } from '../git/git.ts';
import { type ObjectReader, withObjectReader } from '../git/object-reader.ts';
import { readFileAt } from '../git/read-objects.ts';
import { listRemoteRefs, type RemoteRef } from '../git/remote.ts';
import { versionPath } from './layout.ts';
import { isStateFile, type Problem, readRecords } from './read-records.ts';
import { fetchMissing, type GtoRef, gtoTagsAmong, readTags } from './remote-tags.ts';
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
  /** The commit's folders; undefined before the first change. */
  readonly trees: CommitTrees | undefined;
  readonly state: RegistryState;
  /** The tags the state was read with. */
  readonly facts: readonly TagFact[];
  /** Commits of tags that are here. */
  readonly commits: ReadonlySet<string>;
  /** Damage of the branch. When there is any, `state` was read from the tags alone, and nothing may be written. */
  readonly problems: readonly Problem[];
}

/**
 * Reads the registry as it is at the remote now. A clone may be shallow and need not know the branch. Where the refs
 * are those of the last time, so is the answer: a promotion asks several times.
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

async function snapshotOf(place: RegistryPlace, refs: readonly RemoteRef[]): Promise<Snapshot> {
  const { git, branch } = place;
  const tags = gtoTagsAmong(refs);
  const head = refs.find((one) => one.ref === `refs/heads/${branch}`)?.id;
  const { trees, texts, facts, commits } = await readObjects(place, head, tags);
  const files = trees === undefined ? [] : filesOfTrees(trees);
  const names = tags.map(({ name }) => name);
  const { state, problems } = foldState(
    readRecords(new Map(files.map(({ path, id }) => [path, isStateFile(path) ? texts.get(id) : undefined]))),
    facts,
    names,
  );
  const read = { head: trees?.commit ?? null, trees, facts, commits, problems };
  return { ...read, state: problems.length === 0 ? state : await stateOfTags(git, facts, names) };
}

/** What the state is made of. */
interface BranchAndTags {
  /** Undefined before the first change. */
  readonly trees: CommitTrees | undefined;
  /** Texts of the state's files by blob. */
  readonly texts: ReadonlyMap<string, string>;
  readonly facts: readonly TagFact[];
  readonly commits: ReadonlySet<string>;
}

/** Reads branch and tags with one process of git; where something is not here, after bringing it. */
async function readObjects(
  place: RegistryPlace,
  advertised: string | undefined,
  tags: readonly GtoRef[],
): Promise<BranchAndTags> {
  const { git, remote, branch } = place;
  let head = advertised;
  const look = (lazy: boolean) =>
    withObjectReader(git, { lazy }, async (reader) => {
      const trees = head === undefined ? undefined : await readTrees(reader, head);
      const texts = trees === undefined ? undefined : await readTexts(reader, trees);
      return { trees, texts, tags: await readTags(reader, tags) };
    });
  if (head === undefined && tags.length === 0) {
    return { trees: undefined, texts: new Map(), facts: [], commits: new Set() };
  }
  let found = (await look(false).catch(whereLeftOut)) ?? (await look(true));
  if (head !== undefined && found.texts === undefined) {
    const into = trackingRef(remote, branch);
    await fetchRefs(git, remote, [{ source: `refs/heads/${branch}`, into }]);
    // The branch may have moved on since it was asked for.
    head = `${into}^{commit}`;
    found = await look(true);
  }
  if (found.tags.missing.length > 0) {
    await fetchMissing(git, remote, found.tags);
    found = await look(true);
  }
  const { trees, texts = new Map<string, string>() } = found;
  const { facts, commits } = found.tags;
  if (head === undefined || found.texts !== undefined) return { trees, texts, facts, commits };
  throw assayError('E_GIT_FAILED', { command: 'cat-file', status: 'no answer', detail: `${head} is not whole` });
}

/** git ends at an object that a partial clone left out, when it may not ask for it. */
function whereLeftOut(thrown: unknown): undefined {
  if (!(thrown instanceof AssayError) || thrown.code !== 'E_GIT_FAILED') throw thrown;
}

/** Texts of the files that make the state, by blob; undefined when one is not here. */
async function readTexts(reader: ObjectReader, trees: CommitTrees): Promise<Map<string, string> | undefined> {
  const ids = [...new Set(filesOfTrees(trees).flatMap(({ path, id }) => (isStateFile(path) ? [id] : [])))];
  const texts = new Map<string, string>();
  for (const [place, object] of (await reader.read(ids)).entries()) {
    if (object === undefined) return undefined;
    texts.set(ids[place] ?? '', object.bytes.toString('utf8'));
  }
  return texts;
}

/** The local ref that keeps the fetched branch. */
export function trackingRef(remote: string, branch: string): string {
  return /[/\\:]/.test(remote) ? `refs/assay/fetched/${branch}` : `refs/remotes/${remote}/${branch}`;
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
