import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AssayError, assayError } from '../errors.ts';
import { filesOfTrees } from '../git/commit-trees.ts';
import { ensureCommit } from '../git/fetch-refs.ts';
import type { Git } from '../git/git.ts';
import { formatOfId, newObject } from '../git/object-format.ts';
import { type PushItem, pushRefs } from '../git/push-refs.ts';
import { commitWithTags, type Person } from '../git/write-objects.ts';
import type { Clock } from '../ports.ts';
import { nextCounter, stageTag, tagMessage, versionTag } from './gto-tags.ts';
import { RECORDS_FOLDER, REGISTRY_BRANCH, versionPath } from './layout.ts';
import type { Change, PlannedTag, Planner } from './plan.ts';
import { readRecords } from './read-records.ts';
import { type RegistryPlace, readSnapshot, type Snapshot, trackingRef } from './snapshot.ts';

/** Tries at one change. Of all that race in a round one wins, so this many writers at once all come through. */
const MAX_ATTEMPTS = 12;

/** Upper bound of the pause after a first lost race, and of any pause. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 4_000;

export interface RegistryOptions extends Omit<RegistryPlace, 'branch'> {
  readonly branch?: string;
  readonly clock: Clock;
  /** Author of commits and tags; `by` in the records is the name. */
  readonly actor: Person | (() => Promise<Person>);
  /** Waits before another attempt; a random time that grows with `attempt` by default. */
  readonly delay?: (attempt: number) => Promise<void>;
}

/** What became of a plan. */
export type Outcome<Result, Refusal> =
  | {
      readonly kind: 'done';
      readonly result: Result;
      readonly commit: string;
      readonly tags: readonly string[];
      readonly attempts: number;
    }
  | { readonly kind: 'nothing'; readonly result: Result }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface Registry {
  /** The registry as it is at the remote now. */
  read(): Promise<Snapshot>;
  /**
   * Makes one change: reads, plans, commits, and pushes branch and tags in one atomic push. When others were faster,
   * all of that again, the plan included, up to 12 times.
   *
   * Throws E_REGISTRY_CORRUPT, E_REGISTRY_RACE, E_REGISTRY_DENIED, E_GIT_*, and what the planner throws.
   */
  transact<Result, Refusal>(planner: Planner<Result, Refusal>): Promise<Outcome<Result, Refusal>>;
}

/** The registry on a branch of `remote`. Asks nothing of it yet. */
export function openRegistry(options: RegistryOptions): Registry {
  const place: RegistryPlace = {
    git: options.git,
    remote: options.remote,
    branch: options.branch ?? REGISTRY_BRANCH,
    memory: options.memory,
  };
  const delay = options.delay ?? jitteredPause;
  return {
    read: () => readSnapshot(place),
    transact: async (planner) => {
      let lost = '';
      for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
        if (attempt > 1) await delay(attempt - 1);
        const tried = await tryOnce(place, options, planner).catch(unlessLocked);
        if (tried.kind === 'lost') lost = tried.detail;
        else return tried.kind === 'done' ? { ...tried, attempts: attempt } : tried;
      }
      throw assayError('E_REGISTRY_RACE', { attempts: MAX_ATTEMPTS, detail: lost });
    },
  };
}

interface Lost {
  readonly kind: 'lost';
  readonly detail: string;
}

/** A neighbour in the same clone holds a lock of git's: that passes like a lost race. */
function unlessLocked(thrown: unknown): Lost {
  if (thrown instanceof AssayError && thrown.code === 'E_GIT_LOCKED') return { kind: 'lost', detail: thrown.message };
  throw thrown;
}

async function tryOnce<Result, Refusal>(
  place: RegistryPlace,
  { actor, clock }: Pick<RegistryOptions, 'actor' | 'clock'>,
  planner: Planner<Result, Refusal>,
): Promise<Outcome<Result, Refusal> | Lost> {
  const snapshot = await readSnapshot(place);
  const [problem] = snapshot.problems;
  if (problem !== undefined) throw assayError('E_REGISTRY_CORRUPT', { ...problem, commit: snapshot.head ?? 'none' });
  const person = typeof actor === 'function' ? await actor() : actor;
  const plan = planner(snapshot.state, { now: clock.now(), by: person.name });
  if (plan.kind !== 'change') return plan;
  const { git, remote, branch } = place;
  const { change, result } = plan;
  const { head } = snapshot;
  const { commit, tags } = await writeChange(place, snapshot, change, person);
  const pushed = await pushRefs(git, remote, [
    { source: commit, ref: `refs/heads/${branch}`, expected: head, parent: head },
    ...tags,
  ]);
  if (!pushed.ok) {
    if (pushed.reason === 'denied') throw assayError('E_REGISTRY_DENIED', { remote, detail: pushed.detail });
    return { kind: 'lost', detail: pushed.detail };
  }
  // For `git log` and `gto show` in this clone; the truth is at the remote, so a failure here is none.
  await setLocalRefs(git, [{ ref: trackingRef(remote, branch), source: commit }, ...tags]);
  return { kind: 'done', result, commit, tags: tags.map(({ ref }) => ref.slice('refs/tags/'.length)), attempts: 1 };
}

/** Sets all at once; where one of them cannot be set, the others one by one. */
async function setLocalRefs(git: Git, refs: readonly PushItem[]): Promise<void> {
  const input = refs.map(({ ref, source }) => `update ${ref}\0${source}\0\0`).join('');
  if ((await git.attempt(['update-ref', '-z', '--stdin'], { input })).code === 0) return;
  for (const { ref, source } of refs) await git.attempt(['update-ref', ref, source]);
}

/**
 * Writes the change on top of what was read, with its tags. Throws E_REGISTRY_APPEND_ONLY when it would overwrite a record,
 * and E_REGISTRY_INVALID when a record does not follow its schema: that would stop all later writes.
 */
async function writeChange(
  place: RegistryPlace,
  snapshot: Snapshot,
  change: Change,
  author: Person,
): Promise<{ readonly commit: string; readonly tags: readonly PushItem[] }> {
  const { files, summary, trailers, at } = change;
  const { head, trees } = snapshot;
  const date = new Date(at);
  const known = new Map(trees === undefined ? [] : filesOfTrees(trees).map(({ path, id }) => [path, id]));
  const changes = new Map([...files].filter(([path, text]) => !isSame(known.get(path), text)));
  const overwritten = [...changes.keys()].find((path) => known.has(path) && isRecord(path));
  if (overwritten !== undefined) throw assayError('E_REGISTRY_APPEND_ONLY', { file: overwritten });
  const [invalid] = readRecords(changes).problems;
  if (invalid !== undefined) throw assayError('E_REGISTRY_INVALID', invalid);
  const planned = await placeTags(place, snapshot, change);
  const message = `${summary}\n\n${trailers.join('\n')}\n`;
  const { commit, tags } = await commitWithTags(
    place.git,
    { parent: head, trees, changes, message, author, date },
    (own) => planned.map((tag) => ({ ...tag, commit: tag.on ?? own, tagger: author, date })),
  );
  return { commit, tags: planned.map(({ name }, i) => ({ source: tags[i] ?? '', ref: `refs/tags/${name}` })) };
}

/** Whether a path of the branch has this text already. */
function isSame(blob: string | undefined, text: string): boolean {
  return blob !== undefined && newObject(formatOfId(blob), 'blob', Buffer.from(text)).id === blob;
}

function isRecord(path: string): boolean {
  return path.startsWith(`${RECORDS_FOLDER}/`) && path.endsWith('.json');
}

interface PlacedTag {
  readonly name: string;
  readonly message: string;
  /** The commit to tag; undefined for the change's own. */
  readonly on: string | undefined;
}

async function placeTags(place: RegistryPlace, snapshot: Snapshot, { tags }: Change): Promise<PlacedTag[]> {
  const placed: PlacedTag[] = [];
  for (const planned of tags) {
    const isVersion = planned.kind === 'register';
    placed.push({
      name: isVersion
        ? versionTag(planned.model, planned.version)
        : stageTag(planned.model, planned.stage, nextCounter(snapshot.state.tags, planned.model)),
      message: tagMessage({ action: planned.kind, ...planned }),
      on: isVersion ? undefined : await registrationCommit(place, snapshot, planned),
    });
  }
  return placed;
}

/**
 * The commit that a version was registered with: where its tag is, as GTO sees it; from the branch's history when the tag
 * was deleted. Throws E_REGISTRY_CORRUPT when neither has it.
 */
async function registrationCommit(
  { git, remote }: RegistryPlace,
  { facts, head, commits }: Snapshot,
  { model, version }: PlannedTag,
): Promise<string> {
  const tagged = facts.find(({ tag }) => tag.action === 'register' && tag.model === model && tag.version === version);
  if (tagged !== undefined) {
    if (!commits.has(tagged.commit)) await ensureCommit(git, remote, tagged.commit);
    return tagged.commit;
  }
  const path = versionPath(model, version);
  const added = head === null ? '' : await git.text(['log', '--diff-filter=A', '--format=%H', head, '--', `:/${path}`]);
  const commit = added.split('\n').at(-1);
  if (commit !== undefined && commit !== '') return commit;
  throw assayError('E_REGISTRY_CORRUPT', { file: path, commit: head ?? 'none', reason: 'nothing registered it' });
}

/** "Full jitter" (AWS Architecture Blog, 2015): any time up to a bound that doubles. */
async function jitteredPause(attempt: number): Promise<void> {
  await sleep(randomInt(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt)));
}
