import { createReadStream, type Dirent, lstatSync, statSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { assayError, messageOf } from '../../errors.ts';
import { createContentCheck } from '../bytes/content-digest.ts';
import { keepVerified } from '../bytes/keep-verified.ts';
import { SMALL_OBJECT } from '../bytes/place-verified.ts';
import { copyVerified, OBJECT_MODE, WORK_TREE_MODE } from '../bytes/verified-copy.ts';
import { inParallel } from '../in-parallel.ts';
import { sourceTitle } from '../source-title.ts';
import type { Store, StoreObject, TransferOptions, WriteSummary } from '../store.ts';
import { checkStoreKey } from '../store-key.ts';
import { copyFileVerified } from './copy-file-verified.ts';
import { fileNames, isMissing } from './file-names.ts';
import { makeFolder } from './group-folder.ts';
import { smallObjectWriter, statsOf } from './small-object-writer.ts';

/** Copies at a time: enough to keep a disk or a network mount busy, few enough for small runners. */
const PARALLEL_COPIES = 4;
/** Bytes read at a time of large objects. */
const READ_BYTES = 1024 * 1024;
/** Keys in one folder from which on listing it is cheaper than looking at each. */
const WORTH_A_LISTING = 4;

/**
 * The store in a folder, made when first written to. Its tree and modes are those of a DVC local remote or cache.
 *
 * An object that is there but damaged is replaced when its bytes are written again, since only those bytes belong at
 * its address.
 *
 * @param shared DVC's `shared = group`: all of a group can write to the folders that are made
 */
export function createLocalStore(
  root: string,
  options: TransferOptions = {},
  { shared = false }: { readonly shared?: boolean } = {},
): Store {
  const title = `the store ${root}`;
  const { jobs = PARALLEL_COPIES } = options;
  const pathOf = (key: string) => `${root}/${checkStoreKey(key)}`;
  const writeSmall = smallObjectWriter(root, options);

  function has(key: string): boolean {
    try {
      return statSync(pathOf(key), { throwIfNoEntry: false })?.isFile() === true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw assayError('E_STORE_READ', { path: pathOf(key), reason: messageOf(error) }, error);
    }
  }

  const watching = (key: string) => ({
    onBytes: (bytes: number) => options.onBytes?.(bytes, key),
    signal: options.signal,
  });

  async function writeOne(object: StoreObject, there: boolean): Promise<boolean> {
    const target = pathOf(object.key);
    const small = writeSmall.write(object, target, there);
    if (small !== undefined) return small;
    if (await isIntact(target, object)) return false;
    const { key, source, expected } = object;
    const common = {
      target,
      expected,
      mode: OBJECT_MODE,
      mismatch: (found: { expected: string; actual: string }) =>
        assayError('E_STORE_SOURCE_CHANGED', { source: sourceTitle(object), ...found }),
    } as const;
    if ('file' in source) await copyFileVerified({ ...common, ...watching(key), path: source.file });
    else await copyVerified({ ...common, source: watched(readBytes(source.bytes), key, options) });
    return true;
  }

  async function existing(keys: readonly string[]): Promise<Set<string>> {
    const folders = Map.groupBy(keys, folderOf);
    const found = new Set<string>();
    for (const [folder, inside] of folders) {
      const names = inside.length < WORTH_A_LISTING ? undefined : fileNames(`${root}/${folder}`);
      for (const key of inside) {
        if (names === undefined ? has(key) : names.has(checkStoreKey(key).slice(folder.length))) found.add(key);
      }
    }
    return found;
  }

  /** Before anything is in them: folders that appear with their files are made by whoever writes, for whoever writes. */
  function makeSharedFolders(objects: readonly StoreObject[]): void {
    for (const path of new Set(objects.map(({ key }) => dirname(pathOf(key))))) {
      try {
        makeFolder(path, shared);
      } catch (error) {
        throw assayError('E_STORE_WRITE', { path, reason: messageOf(error) }, error);
      }
    }
  }

  return {
    describe: () => ({ kind: 'folder', title, location: root }),
    has: async (key) => has(key),
    existing,
    async read(key, expected, target) {
      if (!has(key)) throw assayError('E_STORE_OBJECT_MISSING', { key, store: title });
      const common = {
        target,
        expected,
        mode: WORK_TREE_MODE,
        mismatch: (found: { expected: string; actual: string }) =>
          assayError('E_STORE_OBJECT_CORRUPT', { key, store: title, ...found }),
      } as const;
      const large = (statsOf(pathOf(key))?.size ?? 0) > SMALL_OBJECT;
      if (large) await copyFileVerified({ ...common, ...watching(key), path: pathOf(key) });
      else await keepVerified({ ...common, source: watched(readable(pathOf(key)), key, options) });
    },
    async write(...groups) {
      const summary = { written: 0, writtenBytes: 0, present: 0 } satisfies WriteSummary;
      for (const group of groups) {
        if (shared) makeSharedFolders(group);
        const there = await existing(group.map(({ key }) => key));
        try {
          await inParallel(byFolder(group), jobs, async (object) => {
            if (await writeOne(object, there.has(object.key))) {
              // The next one of the same key is no news.
              there.add(object.key);
              summary.written++;
              summary.writtenBytes += object.expected.size;
            } else {
              summary.present++;
            }
          });
        } finally {
          // What is whole is worth keeping when another object fails.
          writeSmall.settle();
        }
      }
      return summary;
    },
    async list(prefix) {
      const folder = prefix === '' ? root : pathOf(prefix);
      const keys: string[] = [];
      for await (const path of filesUnder(folder)) keys.push(prefix === '' ? path : `${prefix}/${path}`);
      return keys.sort();
    },
    async listTimed(prefix) {
      const keys = await this.list(prefix);
      // The time of the name, not of the content: a copy may keep the original's.
      return keys.map((key) => {
        const found = lstatSync(pathOf(key), { throwIfNoEntry: false });
        return { key, size: found?.size, changedMs: found?.ctimeMs };
      });
    },
    async remove(keys) {
      await inParallel(keys, jobs, async (key) => {
        try {
          await rm(pathOf(key), { force: true });
        } catch (error) {
          throw assayError('E_STORE_WRITE', { path: pathOf(key), reason: messageOf(error) }, error);
        }
      });
    },
  };
}

/** Folder after folder: to jump between two hundred of them costs a disk's cache a tenth of the whole. */
function byFolder(objects: readonly StoreObject[]): StoreObject[] {
  return [...Map.groupBy(objects, ({ key }) => folderOf(key)).values()].flat();
}

/** With its slash; empty at the top. */
function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}

/** The same bytes, counted, and ended by the signal. */
async function* watched(
  source: AsyncIterable<Uint8Array>,
  key: string,
  { onBytes, signal }: TransferOptions,
): AsyncIterable<Uint8Array> {
  for await (const chunk of source) {
    signal?.throwIfAborted();
    onBytes?.(chunk.byteLength, key);
    yield chunk;
  }
}

async function* readBytes(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

async function* readable(path: string): AsyncIterable<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: READ_BYTES });
  } catch (error) {
    throw assayError('E_STORE_READ', { path, reason: messageOf(error) }, error);
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw assayError('E_STORE_READ', { path: folder, reason: messageOf(error) }, error);
  });
}

/** Whether the object's own bytes are already there: read in full, because a mode or a size proves nothing. */
async function isIntact(path: string, object: StoreObject): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile() || found.size !== object.expected.size) return false;
  const check = createContentCheck(object.expected);
  for await (const chunk of readable(path)) check.update(chunk);
  return check.mismatch() === undefined;
}

/** Paths of the files under a folder, with forward slashes; temporary files of copies under way are left out. */
async function* filesUnder(folder: string): AsyncIterable<string> {
  for (const entry of await entriesOf(folder)) {
    if (entry.name.startsWith('.')) continue;
    if (entry.isFile()) yield entry.name;
    else if (entry.isDirectory()) {
      for await (const below of filesUnder(join(folder, entry.name))) yield `${entry.name}/${below}`;
    }
  }
}
