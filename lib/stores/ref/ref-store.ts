import { assayError } from '../../errors.ts';
import type { Log } from '../../ports.ts';
import { contentMismatch, createContentHash } from '../bytes/content-digest.ts';
import { copyVerified, WORK_TREE_MODE } from '../bytes/verified-copy.ts';
import { inParallel } from '../in-parallel.ts';
import { inParts } from '../in-parts.ts';
import { sourceTitle } from '../source-title.ts';
import type { SizedTitle, Store, StoreObject, WriteSummary } from '../store.ts';
import { checkStoreKey } from '../store-key.ts';
import { checkRefLimits, REF_STORE_LIMITS, type RefStoreLimits } from './ref-store-limits.ts';

/** The ref that holds the store of a team without object storage. Clones do not fetch it (design §6). */
export const STORE_REF = 'refs/assay/store';

/** With N writers at once somebody wins every round, so this many rounds are enough for as many writers. */
const MAX_ATTEMPTS = 10;

/** Objects that are read back at a time. */
const READERS = 16;

export type StoreTreeChange = { readonly file: string } | Uint8Array | null;

export interface StoreTreeFile {
  readonly path: string;
  /** The blob's id. */
  readonly id: string;
  /** Bytes. */
  readonly size: number;
}

/** What a store needs of a git repository: one ref, its newest commit, and a push that swaps only what it expects. */
export interface StoreTree {
  readonly ref: string;
  /** The ref's newest commit, brought from the remote with its objects; null when there is no such ref yet. */
  tip(): Promise<string | null>;
  /** Every file of a commit's tree. */
  files(commit: string): Promise<readonly StoreTreeFile[]>;
  /** A file's bytes; small ones that are read side by side cost little each. */
  blob(file: StoreTreeFile): AsyncIterable<Uint8Array>;
  /** Makes a commit (pushes nothing) of its parent's tree with the changes; null removes a path. */
  commit(parent: string | null, changes: ReadonlyMap<string, StoreTreeChange>, message: string): Promise<string>;
  /** When a commit was made, milliseconds since 1970. */
  timeOf?(commit: string): Promise<number>;
  /** Moves the remote's ref from `expected` to `commit`; false when it is no longer there: the race was lost. */
  push(commit: string, expected: string | null): Promise<boolean>;
}

interface Snapshot {
  readonly commit: string | null;
  readonly files: ReadonlyMap<string, StoreTreeFile>;
}

/**
 * The store as a git ref: the layout is the tree of its newest commit; one `write` is one commit and one push, or several where
 * it is more than a git host takes at once. Limits are those of the git hosts, because a repository is no object storage: see `REF_STORE_LIMITS`.
 */
export function createRefStore(tree: StoreTree, log: Log, limits: RefStoreLimits = REF_STORE_LIMITS): Store {
  const title = `the store ref ${tree.ref}`;
  let known: Snapshot | undefined;
  let refreshing: Promise<Snapshot> | undefined;

  async function filesOf(commit: string): Promise<Snapshot['files']> {
    return new Map((await tree.files(commit)).map((file) => [file.path, file]));
  }

  /** Objects are read side by side; git must not bring the ref for each of them at once: it locks what it writes. */
  function refresh(): Promise<Snapshot> {
    refreshing ??= bring().finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  }

  async function bring(): Promise<Snapshot> {
    const commit = await tree.tip();
    if (known === undefined || known.commit !== commit) {
      known = { commit, files: commit === null ? new Map() : await filesOf(commit) };
    }
    return known;
  }

  /** The object's file, asking the remote only when the newest known commit has it not. */
  async function find(key: string): Promise<StoreTreeFile | undefined> {
    checkStoreKey(key);
    return known?.files.get(key) ?? (await refresh()).files.get(key);
  }

  /** Opened only when somebody reads: a process that ends before its output is listened to may lose it. */
  async function* bytesOf(file: StoreTreeFile): AsyncIterable<Uint8Array> {
    yield* tree.blob(file);
  }

  /** In what way the object's file is not what it has to be; undefined when it is. */
  async function mismatch(object: StoreObject, file: StoreTreeFile | undefined) {
    if (file === undefined) return { expected: `${object.expected.size} bytes`, actual: 'nothing' };
    const hash = createContentHash(object.expected.hash);
    for await (const chunk of bytesOf(file)) hash.update(chunk);
    return contentMismatch(object.expected, hash.digest());
  }

  async function missingFrom(snapshot: Snapshot, objects: Iterable<StoreObject>): Promise<StoreObject[]> {
    const all = [...objects];
    const missing = new Set<StoreObject>();
    await inParallel(all, READERS, async (object) => {
      const file = snapshot.files.get(object.key);
      const there = file?.size === object.expected.size && (await mismatch(object, file)) === undefined;
      if (!there) missing.add(object);
    });
    return all.filter((object) => missing.has(object));
  }

  /** A commit with these objects, read back: a source that changed while git read it must not become visible. */
  async function commitOf(snapshot: Snapshot, objects: readonly StoreObject[]): Promise<string> {
    const changes = new Map<string, StoreTreeChange>(
      objects.map(({ key, source }) => [key, 'file' in source ? { file: source.file } : source.bytes]),
    );
    const commit = await tree.commit(snapshot.commit, changes, message('Store', [...changes.keys()]));
    const files = await filesOf(commit);
    await inParallel(objects, READERS, async (object) => {
      const found = await mismatch(object, files.get(object.key));
      if (found !== undefined) throw assayError('E_STORE_SOURCE_CHANGED', { source: sourceTitle(object), ...found });
    });
    return commit;
  }

  /** Makes and pushes commits until one lands; `plan` gives null when a snapshot needs no change. */
  async function land(plan: (snapshot: Snapshot) => Promise<string | null>): Promise<void> {
    const tips = new Set<string | null>();
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const snapshot = await refresh();
      tips.add(snapshot.commit);
      const commit = await plan(snapshot);
      if (commit === null) return;
      const landed = await tree.push(commit, snapshot.commit);
      known = undefined;
      if (landed) return;
      log.debug(`${title}: somebody else pushed first (attempt ${attempt})`);
    }
    if (tips.size === 1) {
      const reason = 'nobody else wrote to it, and it is not what the repository shows of it, as a hidden ref is';
      throw assayError('E_STORE_REFUSED', { store: title, reason });
    }
    throw assayError('E_STORE_RACE', { store: title, attempts: MAX_ATTEMPTS });
  }

  const told = new Set<string>();
  /** What one push after the other would warn of is told once. */
  function warning(text: string): void {
    if (!told.has(text)) log.warning(text);
    told.add(text);
  }
  const checkLimits = (added: readonly SizedTitle[], { files }: Snapshot) =>
    checkRefLimits(added, files.values(), { title, limits, log: { warning } });

  async function write(objects: readonly StoreObject[]): Promise<WriteSummary> {
    const unique = new Map(objects.map((object) => [checkStoreKey(object.key), object]));
    let left: readonly StoreObject[] = [...unique.values()];
    let [written, writtenBytes] = [0, 0];
    while (left.length > 0) {
      let sent: readonly StoreObject[] = [];
      let rest: readonly StoreObject[] = [];
      await land(async (snapshot) => {
        const missing = await missingFrom(snapshot, left);
        checkLimits(missing.map(sizedTitle), snapshot);
        [sent = []] = inParts(missing, ({ expected }) => expected.size, limits.push);
        rest = missing.slice(sent.length);
        return sent.length === 0 ? null : commitOf(snapshot, sent);
      });
      written += sent.length;
      writtenBytes += sent.reduce((sum, object) => sum + object.expected.size, 0);
      left = rest;
    }
    return { written, writtenBytes, present: unique.size - written };
  }

  return {
    describe: () => ({ kind: 'ref', title, location: 'ref' }),
    has: async (key) => (await find(key)) !== undefined,
    async existing(keys) {
      keys.forEach(checkStoreKey);
      const { files } = await refresh();
      return new Set(keys.filter((key) => files.has(key)));
    },
    async read(key, expected, target) {
      const file = await find(key);
      if (file === undefined) {
        if (known?.commit === null)
          warning(`${title} is not there: nothing was pushed to it yet, or this is a fork, which has no copy`);
        throw assayError('E_STORE_OBJECT_MISSING', { key, store: title });
      }
      await copyVerified({
        source: bytesOf(file),
        target,
        expected,
        mode: WORK_TREE_MODE,
        mismatch: (found) => assayError('E_STORE_OBJECT_CORRUPT', { key, store: title, ...found }),
      });
    },
    // What a commit lands is there at once, and the commits follow each other in the order of the groups.
    write: (...groups) => write(groups.flat()),
    checkRoom: async (objects) => checkLimits(objects, await refresh()),
    async list(prefix) {
      if (prefix !== '') checkStoreKey(prefix);
      const { files } = await refresh();
      return keysBelow(prefix, files);
    },
    async listTimed(prefix) {
      if (prefix !== '') checkStoreKey(prefix);
      const { commit, files } = await refresh();
      // Which push brought which object is in its history alone; none is younger than the newest.
      const changedMs = commit === null ? undefined : await tree.timeOf?.(commit);
      return keysBelow(prefix, files).map((key) => ({ key, size: files.get(key)?.size, changedMs }));
    },
    async remove(keys) {
      keys.forEach(checkStoreKey);
      await land(async (snapshot) => {
        const changes = new Map(keys.filter((key) => snapshot.files.has(key)).map((key) => [key, null]));
        return changes.size === 0
          ? null
          : tree.commit(snapshot.commit, changes, message('Remove', [...changes.keys()]));
      });
    },
  };
}

function keysBelow(prefix: string, files: Snapshot['files']): string[] {
  return [...files.keys()].filter((key) => prefix === '' || key.startsWith(`${prefix}/`)).sort();
}

function sizedTitle(object: StoreObject): SizedTitle {
  return { title: object.title ?? sourceTitle(object), size: object.expected.size };
}

function message(verb: string, keys: readonly string[]): string {
  return `${verb} ${keys.length === 1 ? keys[0] : `${keys.length} objects`}`;
}
