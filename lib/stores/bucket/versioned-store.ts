import { assayError, hasCode } from '../../errors.ts';
import type { ExpectedContent } from '../bytes/content-digest.ts';
import { keepVerified } from '../bytes/keep-verified.ts';
import { receiveUnnamed } from '../bytes/receive-unnamed.ts';
import { goingOn, type UnfinishedFile } from '../bytes/unfinished-file.ts';
import { WORK_TREE_MODE } from '../bytes/verified-copy.ts';
import { inParallel } from '../in-parallel.ts';
import type { Retry } from '../requests/retry.ts';
import type { StoreDescription, StoreObject } from '../store.ts';
import type { BucketObject, ObjectBucket, StoredObject } from './object-bucket.ts';
import { objectBytes, SizeMismatch } from './object-bytes.ts';
import { objectMemory, objectSender, type SendOptions } from './send-object.ts';
import { isUntold } from './telling-absence.ts';

/** One version of a file in a bucket that keeps them. */
export interface FileVersion {
  readonly version: string;
  /** What the service calls the bytes, as DVC writes it. */
  readonly tag: string | undefined;
  /** MD5 of the bytes in hex, where the service knows it. */
  readonly md5: string | undefined;
  /** Bytes. */
  readonly size: number;
}

/** A file that is looked for, and the version of it that a pointer names. */
export interface WantedVersion {
  readonly path: string;
  readonly version?: string | undefined;
}

/** A version with what its pointer says of it, but for its digest. */
export interface NotedVersion {
  readonly path: string;
  readonly version: string;
  readonly tag?: string | undefined;
  /** Bytes. */
  readonly size?: number | undefined;
}

export interface FoundVersions {
  /** The one that was named. */
  readonly named?: FileVersion;
  /** What is there now. */
  readonly newest?: FileVersion;
}

/**
 * Files of a bucket at their own paths, in versions: what DVC calls a version-aware remote. Paths are relative to the
 * remote's address, forward slashes; who calls has made sure that they stay below it.
 */
export interface VersionedStore {
  describe(): StoreDescription;

  /**
   * What is there of files, by path. Folders are listed where that takes fewer requests than looking at each file.
   *
   * @param options `writing`: what the store tells nothing of is no error but left out (`Store.existing`)
   */
  find(
    wanted: readonly WantedVersion[],
    folder?: string,
    options?: { readonly writing?: boolean },
  ): Promise<ReadonlyMap<string, FoundVersions>>;

  /**
   * Brings a version of a file (the newest without one) to the local path `target`, whole and verified, or not at all.
   *
   * @param unfinished goes on with what an earlier call left, and leaves what came when it is stopped
   * @throws E_STORE_OBJECT_MISSING, E_STORE_OBJECT_CORRUPT (nothing is left at `target`), E_STORE_READ, E_STORE_WRITE
   */
  read(file: WantedVersion, expected: ExpectedContent, target: string, unfinished?: UnfinishedFile): Promise<void>;

  /**
   * Brings a version whose digest nobody noted to a file of the caller's, hashed on the way and held against what the service
   * says of it, and against what was noted.
   *
   * @returns its digest and size, and the version
   * @throws E_STORE_OBJECT_MISSING, E_STORE_OBJECT_CORRUPT where something else came than was noted, E_STORE_READ, E_STORE_WRITE
   */
  receive(file: NotedVersion, unfinished: UnfinishedFile): Promise<FileVersion & { readonly md5: string }>;

  /**
   * Writes a version of a file, verified on the way.
   *
   * @throws E_STORE_UNVERSIONED where the bucket keeps none, E_STORE_SOURCE_CHANGED, the bucket's errors
   */
  write(path: string, object: Omit<StoreObject, 'key'>): Promise<FileVersion>;
}

export interface VersionedStoreOptions extends SendOptions {
  readonly retry: Retry;
  readonly jobs: number;
}

/** So many files are looked at one by one before a folder is listed. */
const FEW_FILES = 4;
/** Versions of one page of a listing: at least so many files have to be looked for, for each page that is asked for. */
const FILES_A_PAGE = 50;

/** A version-aware store over a bucket. Nothing is read before it is used. */
export function createVersionedStore(bucket: ObjectBucket, options: VersionedStoreOptions): VersionedStore {
  const { title } = bucket.description;
  const { retry, jobs, onBytes } = options;
  const send = objectSender(bucket, objectMemory(), options);

  async function look({ path, version }: WantedVersion): Promise<FoundVersions> {
    const named = version === undefined ? undefined : versionOf(await bucket.stat(path, version));
    // What is there now matters only where the named one is gone.
    const newest = named === undefined ? versionOf(await bucket.stat(path)) : undefined;
    return { ...(named === undefined ? {} : { named }), ...(newest === undefined ? {} : { newest }) };
  }

  /** Gives up, with what it has, where there are so many old versions that looking at each file is less work. */
  async function listed(folder: string, wanted: ReadonlyMap<string, string | undefined>) {
    const found = new Map<string, FoundVersions>();
    let pages = 0;
    let complete = true;
    for await (const { objects, more } of bucket.versions?.(`${folder}/`) ?? []) {
      for (const object of objects) {
        const version = wanted.has(object.key) ? versionOf(object) : undefined;
        if (version === undefined) continue;
        found.set(object.key, {
          ...found.get(object.key),
          ...(version.version === wanted.get(object.key) ? { named: version } : {}),
          ...(object.newest === true ? { newest: version } : {}),
        });
      }
      complete = !more;
      if (++pages > wanted.size / FILES_A_PAGE + 1) break;
    }
    return { found, complete };
  }

  async function ownNewest(path: string, { expected }: Omit<StoreObject, 'key'>): Promise<BucketObject | undefined> {
    const found = await bucket.stat(path);
    const own = found?.size === expected.size && (found.md5 === undefined || found.md5 === expected.md5);
    if (found !== undefined && !own) throw assayError('E_STORE_RACE', { store: title, attempts: 1 });
    return found;
  }

  const bytesOf = ({ path, version }: WantedVersion, size: number | undefined, start = 0) =>
    objectBytes(bucket, path, { retry, size, version, start, arrived: (bytes) => onBytes?.(bytes, path) });

  async function bring(
    file: WantedVersion,
    expected: ExpectedContent,
    target: string,
    unfinished?: UnfinishedFile,
  ): Promise<void> {
    const { size } = expected;
    const corrupt = (found: { expected: string; actual: string }) =>
      assayError('E_STORE_OBJECT_CORRUPT', { key: nameOf(file), store: title, ...found });
    try {
      await keepVerified({
        source: bytesOf(file, size, unfinished?.bytes),
        unfinished,
        ...{ target, expected, mode: WORK_TREE_MODE, mismatch: corrupt },
      });
    } catch (error) {
      if (!(error instanceof SizeMismatch)) throw error;
      throw corrupt({ expected: `${size} bytes`, actual: `${error.actual} bytes` });
    }
  }

  return {
    describe: () => bucket.description,

    async find(wanted, folder, { writing = false } = {}) {
      let found = new Map<string, FoundVersions>();
      let open: readonly WantedVersion[] = wanted;
      if (folder !== undefined && wanted.length > FEW_FILES && bucket.versions !== undefined) {
        const versions = new Map(wanted.map(({ path, version }) => [path, version]));
        const list = await listed(folder, versions).catch((error: unknown) => {
          // To list versions is a right of its own, which to read them does not need.
          if (hasCode(error, 'E_STORE_DENIED')) return undefined;
          throw error;
        });
        if (list?.complete === true) return list.found;
        found = list?.found ?? found;
        open = wanted.filter(({ path }) => found.get(path)?.named === undefined);
      }
      let untold: unknown;
      await inParallel(open, jobs, async (file) => {
        try {
          found.set(file.path, await look(file));
        } catch (error) {
          if (!isUntold(error)) throw error;
          untold ??= error;
        }
      });
      const isThere = ({ named, newest }: FoundVersions) => (named ?? newest) !== undefined;
      if (untold !== undefined && !writing && ![...found.values()].some(isThere)) throw untold;
      return found;
    },

    read: (file, expected, target, left) =>
      goingOn(left, expected.size, (unfinished) => bring(file, expected, target, unfinished)),

    async receive({ path, version, tag, size }, unfinished) {
      const key = nameOf({ path, version });
      const there = versionOf(await bucket.stat(path, version));
      if (there === undefined) throw assayError('E_STORE_OBJECT_MISSING', { key, store: title });
      const corrupt = (expected: string, actual: string) =>
        assayError('E_STORE_OBJECT_CORRUPT', { key, store: title, expected, actual });
      // Before anything is brought: a version is what it was, so this is another bucket's, or the pointer was changed.
      if (size !== undefined && size !== there.size) throw corrupt(`${size} bytes`, `${there.size} bytes`);
      if (tag !== undefined && there.tag !== undefined && tag !== there.tag) {
        throw corrupt(`the tag ${tag}`, there.tag);
      }
      const left = { ...unfinished, bytes: Math.min(unfinished.bytes, there.size) };
      const received = await receiveUnnamed((start) => bytesOf({ path, version }, there.size, start), left);
      if (received.size !== there.size) throw corrupt(`${there.size} bytes`, `${received.size} bytes`);
      if (there.md5 !== undefined && there.md5 !== received.md5) throw corrupt(`MD5 ${there.md5}`, received.md5);
      return { ...there, ...received };
    },

    async write(path, object) {
      let stored: StoredObject | undefined;
      await send(path, { ...object, key: path }, true, (told) => {
        stored = told;
      });
      // An upload that was interrupted, or whose answer was lost, is there all the same: then it is the newest.
      stored ??= await ownNewest(path, object);
      const { version, tag } = stored ?? {};
      // `null` is what S3 calls the one version of a bucket that keeps none.
      if (version === undefined || version === 'null') throw assayError('E_STORE_UNVERSIONED', { store: title });
      return { version, tag, md5: object.expected.md5, size: object.expected.size };
    },
  };
}

function versionOf(object: BucketObject | undefined): FileVersion | undefined {
  if (object?.version === undefined) return undefined;
  const { version, tag, md5, size } = object;
  return { version, tag, md5, size };
}

function nameOf({ path, version }: WantedVersion): string {
  return version === undefined ? path : `${path} (version ${version})`;
}
