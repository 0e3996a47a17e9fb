import type { ExpectedContent } from './bytes/content-digest.ts';
import type { UnfinishedFile } from './bytes/unfinished-file.ts';

/** One object to be stored. It is opened when its turn comes, so a list of many costs no memory. */
export interface StoreObject {
  /** Where it lies under the store's root: `files/md5/ab/cdef…`, forward slashes (see `checkStoreKey`). */
  readonly key: string;
  /** What its bytes have to be; `size` is needed here, for limits and progress. */
  readonly expected: ExpectedContent & { readonly size: number };
  /** A local file, or the bytes themselves for something small. `regular`: it was looked at, and is a file of the
   * expected size, neither a pipe nor a device. */
  readonly source: { readonly file: string; readonly regular?: true } | { readonly bytes: Uint8Array };
  /** What its owner calls it, where the file's own name says nothing: a cache's object. */
  readonly title?: string;
}

/** A key, the size of its object, and when it was written. */
export interface TimedKey {
  readonly key: string;
  /** Bytes; undefined for what went since it was listed. */
  readonly size: number | undefined;
  /** Milliseconds since 1970, by the store's own clock; undefined where it does not say it. */
  readonly changedMs: number | undefined;
}

/** What an object is called in messages, and its bytes. */
export interface SizedTitle {
  readonly title: string;
  readonly size: number;
}

export interface WriteSummary {
  /** Objects and bytes that were copied. */
  readonly written: number;
  readonly writtenBytes: number;
  /** Objects that were there already. */
  readonly present: number;
}

export interface StoreDescription {
  readonly kind: 'folder' | 'ref' | 's3' | 'gs' | 'azure' | 'http';
  /** For messages: `the store /data/store`, `the store ref refs/assay/store`, `the store s3://bucket/folder`. */
  readonly title: string;
  /** What `parseStoreLocation` reads back as this store; never with credentials. */
  readonly location: string;
}

/** How transfers of a store go; all of it may be left out. */
export interface TransferOptions {
  /** Objects under way at a time. */
  readonly jobs?: number | undefined;
  /** Told of every piece that was transferred: bytes since the last call, either way. */
  readonly onBytes?: ((bytes: number, key: string) => void) | undefined;
  /** Ends transfers: what is under way stops, nothing half is visible, and the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A place for bytes, addressed by content (design §6): DVC's cache and remote layouts.
 *
 * What every store keeps, and test/stores/conformance.ts checks: bytes stream, so memory does not grow with their
 * size; nothing is visible under its key before it is whole and verified; what is read is verified before it is
 * visible at its target.
 */
export interface Store {
  describe(): StoreDescription;

  /** Whether an object is there. Says nothing about its bytes: `read` verifies them. */
  has(key: string): Promise<boolean>;

  /**
   * Those of `keys` that are there: what `has` says of each, in as few requests as the store allows. Object storage
   * lists where many are asked for and looks at each where few are.
   *
   * @param options `writing`: what follows is `write`, which finds what is there by itself; so what the store tells nothing of,
   * because these credentials may neither list nor read, is no error but left out
   */
  existing(keys: readonly string[], options?: { readonly writing?: boolean }): Promise<ReadonlySet<string>>;

  /**
   * Brings an object to the local path `target`, whole and verified, or not at all.
   *
   * @param expected what the bytes have to be; `md5` is what the key was made of
   * @param small takes the verified bytes of a small object, for which nothing is then written to `target`; not every store asks it
   * @param unfinished goes on with what an earlier call left of a large object, and leaves what came when it is stopped; not every
   *   store does
   * @throws E_STORE_OBJECT_MISSING, E_STORE_OBJECT_CORRUPT (nothing is left at `target`), E_STORE_READ, E_STORE_WRITE
   */
  read(
    key: string,
    expected: ExpectedContent,
    target: string,
    small?: (bytes: Uint8Array) => void,
    unfinished?: UnfinishedFile,
  ): Promise<void>;

  /**
   * Stores objects, those that are there already apart. Groups land in order: no object of a group is visible before
   * all of the groups before it are (a `.dir` after its files); a store that can lands everything at once.
   *
   * @throws E_STORE_SOURCE_CHANGED when a source's bytes are not what is expected, E_STORE_WRITE, and a store's limits
   */
  write(...groups: readonly (readonly StoreObject[])[]): Promise<WriteSummary>;

  /** The keys under `prefix` (a folder, without a slash at its end; '' for all), sorted. */
  list(prefix: string): Promise<string[]>;

  /** The same with sizes and times. */
  listTimed(prefix: string): Promise<TimedKey[]>;

  /**
   * Refuses what `write` would refuse of these objects for their size, before any of them is brought. Not every store has limits.
   *
   * @throws a store's limits
   */
  checkRoom?(objects: readonly SizedTitle[]): Promise<void>;

  /** Removes objects; those that are not there are no error. */
  remove(keys: readonly string[]): Promise<void>;
}
