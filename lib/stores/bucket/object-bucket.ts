import type { Retry } from '../requests/retry.ts';
import type { StoreDescription } from '../store.ts';
import type { FilePart } from './file-parts.ts';
import type { PartSum } from './part-checksum.ts';

/** What a bucket of a cloud works with. */
export interface CloudPorts {
  readonly retry: Retry;
  readonly signal?: AbortSignal | undefined;
  /** Connections at a time. */
  readonly connections: number;
  /** Milliseconds after which a server that sends nothing is left. */
  readonly idleMs?: number | undefined;
}

/** What a bucket tells about an object without giving its bytes. */
export interface BucketObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** MD5 of the bytes in hex, where the service knows it. */
  readonly md5?: string | undefined;
  /** What the service calls these bytes: an entity tag without quotes where they have no meaning. */
  readonly tag?: string | undefined;
  /** The version, in a bucket that keeps them. */
  readonly version?: string | undefined;
  /** What `BucketRange.tag` takes for these bytes, where that is not `tag`. */
  readonly condition?: string | undefined;
  /** Of a listing of versions: whether it is what readers without a version get. */
  readonly newest?: boolean | undefined;
  /** When it was last written, milliseconds since 1970, where the service says it. */
  readonly changedMs?: number | undefined;
}

export interface BucketPage {
  readonly objects: readonly BucketObject[];
  /** Whether another page follows. */
  readonly more: boolean;
}

/** The bytes of a range of an object, as they come. */
export interface BucketBody {
  /** Size of the whole object in bytes, where the service says it. */
  readonly total: number | undefined;
  /** Names these very bytes; a later range of something else is refused. */
  readonly tag: string | undefined;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** All of them, where they came at once. */
  readonly whole?: Uint8Array | undefined;
}

export interface BucketRange {
  /** First byte; from 0 without an end it is the whole object, also an empty one. */
  readonly start: number;
  /** Last byte, included; to the object's end where it is left out. */
  readonly end?: number | undefined;
  /** Only of the object that an earlier body, or a look at it, named so. */
  readonly tag?: string | undefined;
}

/** What a bucket calls an object that it wrote. */
export type StoredObject = Pick<BucketObject, 'tag' | 'version'>;

/** A small object: its bytes at once. */
export interface WholeContent {
  readonly bytes: Uint8Array;
  /** MD5 of exactly these bytes in hex: the service refuses others. */
  readonly md5: string;
  /** Told what the service calls what was written. */
  readonly stored?: ((object: StoredObject) => void) | undefined;
}

/** A large object in pieces: all but the last have `partBytes` bytes. */
export interface PartedContent {
  readonly size: number;
  readonly partBytes: number;
  /** MD5 of all bytes in hex where it is known before they are read. */
  readonly md5: string | undefined;
  /**
   * The pieces in order, from the start at every call. Ends with an error instead of the last piece when the bytes are
   * not what they have to be: an upload is completed only after the iteration has ended by itself.
   */
  readonly parts: () => AsyncIterable<Uint8Array>;
  /**
   * The same in larger pieces that stream from a file, with the checksums that the bucket asks for, where it `streamsParts`;
   * undefined for other sources.
   */
  readonly fileParts?: ((sum: PartSum) => AsyncIterable<FilePart>) | undefined;
  /** Pieces that may be on their way at a time. */
  readonly parallel: number;
  /** Takes back a piece that is no longer read: its memory is that of a later one. Need not be called. */
  readonly release: (part: Uint8Array) => void;
  /** Told of bytes that have arrived. */
  readonly arrived: (bytes: number) => void;
  /** Told what the service calls what was written. */
  readonly stored?: ((object: StoredObject) => void) | undefined;
}

/** `exists`: somebody has stored an object of that key; it was left as it is. */
export type PutResult = 'written' | 'exists';

/**
 * A bucket as its SDK gives it, and nothing more: single requests, each tried again by the bucket's own `Retry`, with
 * errors from the catalogue. Keys are relative to the store's root. `createObjectStore` makes a store of it.
 */
export interface ObjectBucket {
  readonly description: StoreDescription;
  /** Whether listing is possible, and can begin at any key. */
  readonly listing: 'none' | 'from-start' | 'from-key';

  /** Whether `putParts` takes `fileParts` where there are some, so that no piece has to be in memory. */
  readonly streamsParts?: boolean;

  /** What is at a key; undefined where there is nothing. With `version` that one, in a bucket that keeps them. */
  stat(key: string, version?: string): Promise<BucketObject | undefined>;

  /** Every version of the objects whose keys begin with `prefix`; undefined where the bucket's service has none. */
  versions?(prefix: string): AsyncIterable<BucketPage>;

  /**
   * Pages of the objects whose keys begin with `prefix`, in the order of their UTF-8 bytes.
   *
   * @param after keys up to and including this one may be left out
   */
  list(prefix: string, after?: string): AsyncIterable<BucketPage>;

  /**
   * Opens an object, or a range of it.
   *
   * @param version of it, in a bucket that keeps them; the newest where it is left out
   * @throws E_STORE_OBJECT_MISSING, E_STORE_OBJECT_CHANGED where it is no longer what `range.tag` names; while bytes come,
   * whatever the connection throws
   */
  get(key: string, range?: BucketRange, version?: string): Promise<BucketBody>;

  /** Stores an object that becomes visible whole; where something is, only when `replace` says so. */
  put(key: string, content: WholeContent, replace: boolean): Promise<PutResult>;

  /** The same for large objects, in bounded memory. What an interrupted upload brought is used again where that pays. */
  putParts(key: string, content: PartedContent, replace: boolean): Promise<PutResult>;

  /** Removes objects, any number of them. */
  remove(keys: readonly string[]): Promise<void>;
}
