import { statSync } from 'node:fs';
import type { StoreObject, TransferOptions } from '../store.ts';
import { type ByteBudget, createByteBudget } from './byte-budget.ts';
import { fileParts } from './file-parts.ts';
import type { ObjectBucket, PutResult, StoredObject } from './object-bucket.ts';
import { sourceParts, wholeContent } from './object-source.ts';
import type { PartSum } from './part-checksum.ts';

const MIB = 1024 * 1024;

/** Bytes of objects that are in memory at a time, in both directions: whatever is transferred, this bounds it. */
const MEMORY_BYTES = 72 * MIB;
/** Objects above this many bytes are sent in pieces of it: as few requests as the memory allows. */
const PART_BYTES = 24 * MIB;
/** Pieces of one object; a larger object has larger pieces. Source: S3 and compatible services allow 10,000, Azure 50,000. */
const MAX_PARTS = 10_000;
/** Pieces of one object under way at a time. */
const PARALLEL_PARTS = 2;
/** The same of pieces that stream from a file; DVC's pieces have this size. What of one is under way in memory, at most. */
const FILE_PART_BYTES = 50 * MIB;
const PARALLEL_FILE_PARTS = 4;
const STREAM_BYTES = 2 * MIB;

export interface SendOptions extends TransferOptions {
  /** Bytes of a piece of a large object. */
  readonly partBytes?: number | undefined;
}

/**
 * Sends one object, verified on the way: what is small at once, else in pieces.
 *
 * @param key where it goes; need not be the object's own
 * @param stored told what the bucket calls what it wrote
 * @throws E_STORE_SOURCE_CHANGED, E_STORE_READ, and the bucket's errors
 */
export type SendObject = (
  key: string,
  object: StoreObject,
  replace: boolean,
  stored?: (object: StoredObject) => void,
) => Promise<PutResult>;

/** The bytes that a store over a bucket may hold in memory. */
export function objectMemory(): ByteBudget {
  return createByteBudget(MEMORY_BYTES);
}

/** Sends to one bucket within one budget of memory. */
export function objectSender(bucket: ObjectBucket, memory: ByteBudget, options: SendOptions): SendObject {
  const smallest = options.partBytes ?? PART_BYTES;
  return (key, object, replace, stored) => {
    const { expected } = object;
    const arrived = (bytes: number) => options.onBytes?.(bytes, key);
    if (expected.size <= smallest) {
      return memory.holding(expected.size, async () => {
        const result = await bucket.put(key, { ...(await wholeContent(object)), stored }, replace);
        arrived(expected.size);
        return result;
      });
    }
    const streamed =
      bucket.streamsParts === true && 'file' in object.source && isFile(object.source.file) ? object.source : false;
    const least = streamed ? (options.partBytes ?? FILE_PART_BYTES) : smallest;
    const partBytes = Math.max(least, Math.ceil(expected.size / MAX_PARTS / MIB) * MIB);
    const md5 = isRawMd5(object) ? expected.md5 : undefined;
    const common = { size: expected.size, partBytes, md5, arrived, stored };
    if (streamed !== false) {
      const { file } = streamed;
      const content = {
        ...common,
        parts: () => sourceParts(object, partBytes),
        fileParts: (sum: PartSum) => fileParts(object, file, partBytes, sum),
        release: () => {},
        parallel: PARALLEL_FILE_PARTS,
      };
      return memory.holding(STREAM_BYTES * PARALLEL_FILE_PARTS, () => bucket.putParts(key, content, replace));
    }
    // One piece more than are on their way is read ahead.
    const parallel = Math.max(1, Math.min(PARALLEL_PARTS, Math.floor(MEMORY_BYTES / partBytes) - 1));
    // Buffers go round: garbage of this size would be collected late.
    const spare: Uint8Array[] = [];
    return memory.holding(partBytes * (parallel + 1), () =>
      bucket.putParts(
        key,
        {
          ...common,
          parts: () => sourceParts(object, partBytes, spare),
          release: (part) => void spare.push(part),
          parallel,
        },
        replace,
      ),
    );
  };
}

/** Whether a source can be read again from anywhere: a pipe cannot. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Whether the address is the digest of the raw bytes, as services compute it. */
export function isRawMd5({ expected }: StoreObject): boolean {
  return expected.hash !== 'md5-dos2unix';
}
