import { assayError, messageOf } from '../../errors.ts';
import { freeingYoungBuffers } from '../bytes/young-buffers.ts';
import { giveUp } from '../requests/give-up.ts';
import { isFinal, type Retry, TransientFault } from '../requests/retry.ts';
import type { BucketBody, BucketRange, ObjectBucket } from './object-bucket.ts';

/** Bytes of one ranged request of a large object, as DVC has it; objects up to this size take one request. */
export const RANGE_BYTES = 48 * 1024 * 1024;
/** Ranges of one object under way at a time. The first goes through; of the others so many bytes wait in memory. */
export const PARALLEL_RANGES = 3;
export const READ_AHEAD_BYTES = 8 * 1024 * 1024;

export interface ObjectBytesOptions {
  readonly retry: Retry;
  /** Size of the object in bytes where it is known. */
  readonly size: number | undefined;
  /** The version of it, in a bucket that keeps them. */
  readonly version?: string | undefined;
  /** Where to begin. */
  readonly start?: number | undefined;
  /** Names the very bytes that are wanted (`BucketObject.condition`, else `tag`): others are refused at once. */
  readonly tag?: string | undefined;
  /** Bytes of one ranged request. */
  readonly rangeBytes?: number | undefined;
  /** The object as it was opened before, from its start: the first request for it. */
  readonly opened?: BucketBody | undefined;
  /**
   * False where neither a name nor a digest tells these bytes from others: then what breaks is not gone on with, because something
   * else may be there by now.
   */
  readonly named?: boolean | undefined;
  /** Told of every piece that came, bytes. */
  readonly arrived?: ((bytes: number) => void) | undefined;
}

/** Says that what is there has another size than expected, before its bytes are brought. */
export class SizeMismatch extends Error {
  readonly actual: number;
  constructor(actual: number) {
    super(`the object has ${actual} bytes`);
    this.name = 'SizeMismatch';
    this.actual = actual;
  }
}

/**
 * An object's bytes in order. A connection that breaks or ends early is taken up where it broke. Large objects come in
 * ranges, several at a time.
 *
 * @throws E_STORE_OBJECT_MISSING, E_STORE_BROKEN (only where not `named`), E_STORE_OBJECT_CHANGED where something else is there
 * by now, E_STORE_UNREACHABLE and the bucket's errors, SizeMismatch
 */
export function objectBytes(bucket: ObjectBucket, key: string, options: ObjectBytesOptions): AsyncIterable<Uint8Array> {
  const { size, rangeBytes = RANGE_BYTES } = options;
  const large = size !== undefined && size - (options.start ?? 0) > rangeBytes;
  return large && bucket.listing !== 'none'
    ? inRanges(bucket, key, { ...options, size })
    : inOneStream(bucket, key, options);
}

async function* inOneStream(
  bucket: ObjectBucket,
  key: string,
  { retry, size, version, start = 0, tag: wanted, named = true, arrived, opened }: ObjectBytesOptions,
  end?: number,
): AsyncIterable<Uint8Array> {
  let first = opened;
  let offset = start;
  let total = end === undefined ? size : end + 1;
  let tag = wanted;
  let chunks: AsyncIterator<Uint8Array> | undefined;
  const free = freeingYoungBuffers();

  function broken(reason: string): Error {
    if (named || tag !== undefined || offset === start) return lost(bucket, reason);
    return assayError('E_STORE_BROKEN', { key, store: bucket.description.title, reason });
  }
  async function open(): Promise<AsyncIterator<Uint8Array>> {
    const whole = offset === 0 && end === undefined && tag === undefined;
    const range: BucketRange | undefined = whole ? undefined : { start: offset, end, tag };
    const body = first ?? (await bucket.get(key, range, version));
    first = undefined;
    if (size !== undefined && body.total !== undefined && body.total !== size) {
      await giveUp(body.bytes);
      throw new SizeMismatch(body.total);
    }
    total ??= body.total;
    tag = body.tag ?? tag;
    return body.bytes[Symbol.asyncIterator]();
  }
  /** The next chunk; undefined at the end. What fails here is asked for again from where it stopped. */
  async function next(): Promise<Uint8Array | undefined> {
    if (total !== undefined && offset >= total && offset > start) return undefined;
    chunks ??= await open();
    let step: IteratorResult<Uint8Array>;
    try {
      step = await chunks.next();
    } catch (error) {
      chunks = undefined;
      throw isFinal(error) ? error : broken(messageOf(error));
    }
    if (step.done !== true) return step.value;
    chunks = undefined;
    if (total !== undefined && offset < total) throw broken(`the answer ended after ${offset} of ${total} bytes`);
    return undefined;
  }
  try {
    for (let chunk = await retry(next); chunk !== undefined; chunk = await retry(next)) {
      // More than was asked for is cut off; the digest has the last word on what came.
      const piece = total === undefined ? chunk : chunk.subarray(0, total - offset);
      offset += piece.byteLength;
      arrived?.(piece.byteLength);
      free(chunk.byteLength);
      yield piece;
    }
  } finally {
    await chunks?.return?.();
  }
}

async function* inRanges(
  bucket: ObjectBucket,
  key: string,
  options: ObjectBytesOptions & { readonly size: number },
): AsyncIterable<Uint8Array> {
  const { size, rangeBytes = RANGE_BYTES } = options;
  let next = options.start ?? 0;
  const underWay: ReadAhead[] = [];
  const refill = () => {
    while (underWay.length < PARALLEL_RANGES && next < size) {
      const end = Math.min(size, next + rangeBytes) - 1;
      underWay.push(readAhead(inOneStream(bucket, key, { ...options, start: next }, end)));
      next = end + 1;
    }
  };
  try {
    refill();
    for (let first = underWay[0]; first !== undefined; first = underWay[0]) {
      yield* first.chunks();
      underWay.shift();
      refill();
    }
  } finally {
    await Promise.all(underWay.map((range) => range.stop()));
  }
}

interface ReadAhead {
  /** What came and comes, in order. @throws what the source threw, once everything before it was given */
  chunks(): AsyncIterable<Uint8Array>;
  stop(): Promise<void>;
}

/** Reads a source from now on, whether or not somebody takes its chunks yet; up to a limit they wait in memory, uncopied. */
function readAhead(source: AsyncIterable<Uint8Array>): ReadAhead {
  const waiting: Uint8Array[] = [];
  let bytes = 0;
  let stopped = false;
  let drained = () => {};
  let ended: { readonly error?: unknown } | undefined;
  let wake = () => {};
  async function read(): Promise<void> {
    try {
      for await (const chunk of source) {
        if (stopped) break;
        waiting.push(chunk);
        bytes += chunk.byteLength;
        wake();
        if (bytes < READ_AHEAD_BYTES) continue;
        await new Promise<void>((resolve) => {
          drained = resolve;
        });
      }
      ended = {};
    } catch (error) {
      ended = { error };
    }
    wake();
  }
  const reading = read();
  return {
    async *chunks() {
      for (;;) {
        for (let chunk = waiting.shift(); chunk !== undefined; chunk = waiting.shift()) {
          bytes -= chunk.byteLength;
          drained();
          yield chunk;
        }
        if (ended !== undefined) break;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if ('error' in ended) throw ended.error;
    },
    async stop() {
      stopped = true;
      drained();
      await reading;
    },
  };
}

function lost(bucket: ObjectBucket, reason: string): TransientFault {
  const store = bucket.description.title;
  return new TransientFault((attempts) =>
    assayError('E_STORE_UNREACHABLE', { store, operation: 'send an object', attempts, reason }),
  );
}
