import { assayError, messageOf } from '../errors.ts';
import type { BucketRange, ObjectBucket } from './object-bucket.ts';
import { isFinal, type Retry, TransientFault } from './retry.ts';

/** Bytes of one ranged request of a large object; objects up to this size take one request. */
export const RANGE_BYTES = 8 * 1024 * 1024;
/** Ranges of one object under way at a time, and so the pieces of it in memory. */
export const PARALLEL_RANGES = 4;

export interface ObjectBytesOptions {
  readonly retry: Retry;
  /** Size of the object in bytes where it is known. */
  readonly size: number | undefined;
  /** Where to begin. */
  readonly start?: number | undefined;
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
 * @throws E_STORE_OBJECT_MISSING, E_STORE_UNREACHABLE and the bucket's errors, SizeMismatch
 */
export function objectBytes(bucket: ObjectBucket, key: string, options: ObjectBytesOptions): AsyncIterable<Uint8Array> {
  const { size } = options;
  const large = size !== undefined && size - (options.start ?? 0) > RANGE_BYTES;
  return large && bucket.listing !== 'none'
    ? inRanges(bucket, key, { ...options, size })
    : inOneStream(bucket, key, options);
}

async function* inOneStream(
  bucket: ObjectBucket,
  key: string,
  { retry, size, start = 0, arrived }: ObjectBytesOptions,
  end?: number,
): AsyncIterable<Uint8Array> {
  let offset = start;
  let total = end === undefined ? size : end + 1;
  let tag: string | undefined;
  let chunks: AsyncIterator<Uint8Array> | undefined;

  async function open(): Promise<AsyncIterator<Uint8Array>> {
    const range: BucketRange | undefined = offset === 0 && end === undefined ? undefined : { start: offset, end, tag };
    const body = await bucket.get(key, range);
    if (size !== undefined && body.total !== undefined && body.total !== size) {
      await body.bytes[Symbol.asyncIterator]().return?.();
      throw new SizeMismatch(body.total);
    }
    total ??= body.total;
    tag = body.tag;
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
      throw isFinal(error) ? error : lost(bucket, messageOf(error));
    }
    if (step.done !== true) return step.value;
    chunks = undefined;
    if (total !== undefined && offset < total) throw lost(bucket, `the answer ended after ${offset} of ${total} bytes`);
    return undefined;
  }
  try {
    for (let chunk = await retry(next); chunk !== undefined; chunk = await retry(next)) {
      // More than was asked for is cut off; the digest has the last word on what came.
      const piece = total === undefined ? chunk : chunk.subarray(0, total - offset);
      offset += piece.byteLength;
      arrived?.(piece.byteLength);
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
  const { size } = options;
  let next = options.start ?? 0;
  let stopped = false;

  async function range(start: number): Promise<Uint8Array> {
    const end = Math.min(size, start + RANGE_BYTES) - 1;
    const buffer = Buffer.allocUnsafeSlow(end - start + 1);
    let filled = 0;
    for await (const chunk of inOneStream(bucket, key, { ...options, start }, end)) {
      if (stopped) break;
      buffer.set(chunk, filled);
      filled += chunk.byteLength;
    }
    return buffer;
  }
  function ask(): Promise<Uint8Array> | undefined {
    if (next >= size) return undefined;
    const asked = range(next);
    next += RANGE_BYTES;
    // Its failure is met when its turn comes; until then nobody listens, which Node would take for a crash.
    asked.catch(() => {});
    return asked;
  }
  const underWay: Promise<Uint8Array>[] = [];
  const refill = () => {
    while (underWay.length < PARALLEL_RANGES) {
      const asked = ask();
      if (asked === undefined) return;
      underWay.push(asked);
    }
  };
  try {
    refill();
    for (let first = underWay.shift(); first !== undefined; first = underWay.shift()) {
      yield await first;
      refill();
    }
  } finally {
    stopped = true;
    await Promise.allSettled(underWay);
  }
}

function lost(bucket: ObjectBucket, reason: string): TransientFault {
  const store = bucket.description.title;
  return new TransientFault((attempts) =>
    assayError('E_STORE_UNREACHABLE', { store, operation: 'send an object', attempts, reason }),
  );
}
