import { statSync } from 'node:fs';
import { AssayError, assayError } from '../errors.ts';
import { createByteBudget } from './byte-budget.ts';
import type { ExpectedContent } from './content-digest.ts';
import { existingObjects } from './existing-objects.ts';
import { fileParts } from './file-parts.ts';
import { inParallel } from './in-parallel.ts';
import { keepVerified } from './keep-verified.ts';
import type { BucketObject, ObjectBucket, PutResult } from './object-bucket.ts';
import { objectBytes, PARALLEL_RANGES, RANGE_BYTES, READ_AHEAD_BYTES, SizeMismatch } from './object-bytes.ts';
import { sourceParts, wholeContent } from './object-source.ts';
import type { Retry } from './retry.ts';
import type { Store, StoreObject, TimedKey, TransferOptions } from './store.ts';
import { checkStoreKey } from './store-key.ts';
import { WORK_TREE_MODE } from './verified-copy.ts';

const MIB = 1024 * 1024;

/** Objects under way at a time where nothing else is said: DVC's 4 a core on a runner with 4 cores. */
export const DEFAULT_JOBS = 16;
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

export interface ObjectStoreOptions extends TransferOptions {
  readonly retry: Retry;
  /** Bytes of a piece of a large object: on its way there, and back. */
  readonly partBytes?: number | undefined;
  readonly rangeBytes?: number | undefined;
}

/** A store over a bucket: the rules of `Store` that no cloud's SDK keeps by itself. Nothing is read before it is used. */
export function createObjectStore(bucket: ObjectBucket, options: ObjectStoreOptions): Store {
  const { title } = bucket.description;
  const { jobs = DEFAULT_JOBS, onBytes, retry, partBytes: smallest = PART_BYTES, rangeBytes = RANGE_BYTES } = options;
  const memory = createByteBudget(MEMORY_BYTES);

  /** Whether what lies there is certainly not the object: another size, or bytes of another digest. */
  async function isDamaged(object: StoreObject, found: BucketObject): Promise<boolean> {
    if (found.size !== object.expected.size) return true;
    if (!isRawMd5(object) || found.md5 === undefined || found.md5 === object.expected.md5) return false;
    // A listing's word is not enough to replace something: it may show a tag that is no digest.
    const looked = await bucket.stat(object.key);
    return looked?.md5 !== undefined && looked.md5 !== object.expected.md5;
  }

  function send(object: StoreObject, replace: boolean): Promise<PutResult> {
    const { key, expected } = object;
    const arrived = (bytes: number) => onBytes?.(bytes, key);
    if (expected.size <= smallest) {
      return memory.holding(expected.size, async () => {
        const result = await bucket.put(key, await wholeContent(object), replace);
        arrived(expected.size);
        return result;
      });
    }
    const streamed =
      bucket.streamsParts === true && 'file' in object.source && isFile(object.source.file) ? object.source : false;
    const least = streamed ? (options.partBytes ?? FILE_PART_BYTES) : smallest;
    const partBytes = Math.max(least, Math.ceil(expected.size / MAX_PARTS / MIB) * MIB);
    const common = { size: expected.size, partBytes, md5: isRawMd5(object) ? expected.md5 : undefined, arrived };
    if (streamed !== false) {
      const { file } = streamed;
      const content = {
        ...common,
        parts: () => sourceParts(object, partBytes),
        fileParts: () => fileParts(object, file, partBytes),
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
  }

  async function writeGroup(group: readonly StoreObject[], summary: Summary): Promise<void> {
    const objects = new Map(group.map((object) => [checkStoreKey(object.key), object]));
    summary.present += group.length - objects.size;
    const there = await existingObjects(bucket, [...objects.keys()], jobs);
    await inParallel(objects.values(), Math.min(jobs, objects.size), async (object) => {
      const found = there.get(object.key);
      const damaged = found !== undefined && (await isDamaged(object, found));
      if (found !== undefined && !damaged) {
        summary.present++;
      } else if ((await send(object, damaged)) === 'exists') {
        summary.present++;
      } else {
        summary.written++;
        summary.writtenBytes += object.expected.size;
      }
    });
  }

  async function bring(key: string, expected: ExpectedContent, target: string): Promise<void> {
    const { size } = expected;
    const corrupt = (found: { expected: string; actual: string }) =>
      assayError('E_STORE_OBJECT_CORRUPT', { key, store: title, ...found });
    const inMemory = size !== undefined && size > rangeBytes ? READ_AHEAD_BYTES * (PARALLEL_RANGES - 1) : 0;
    try {
      await memory.holding(inMemory, () =>
        keepVerified({
          source: objectBytes(bucket, key, { retry, size, rangeBytes, arrived: (bytes) => onBytes?.(bytes, key) }),
          target,
          expected,
          mode: WORK_TREE_MODE,
          mismatch: corrupt,
        }),
      );
    } catch (error) {
      if (!(error instanceof SizeMismatch)) throw error;
      throw corrupt({ expected: `${size} bytes`, actual: `${error.actual} bytes` });
    }
  }

  async function listTimed(prefix: string): Promise<TimedKey[]> {
    const folder = prefix === '' ? '' : `${checkStoreKey(prefix)}/`;
    const found: TimedKey[] = [];
    for await (const { objects } of bucket.list(folder)) {
      for (const { key, changedMs } of objects) if (isStoreKey(key)) found.push({ key, changedMs });
    }
    return found.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  return {
    describe: () => bucket.description,
    has: async (key) => (await bucket.stat(checkStoreKey(key))) !== undefined,
    async existing(keys) {
      keys.forEach(checkStoreKey);
      return new Set((await existingObjects(bucket, keys, jobs)).keys());
    },
    async read(key, expected, target) {
      checkStoreKey(key);
      try {
        await bring(key, expected, target);
      } catch (error) {
        if (!(error instanceof AssayError) || error.code !== 'E_STORE_OBJECT_CORRUPT') throw error;
        // Read once more: a bit that flipped on the way is no damage of the store.
        await bring(key, expected, target);
      }
    },
    async write(...groups) {
      const summary: Summary = { written: 0, writtenBytes: 0, present: 0 };
      for (const group of groups) await writeGroup(group, summary);
      return summary;
    },
    list: async (prefix) => (await listTimed(prefix)).map(({ key }) => key),
    listTimed,
    async remove(keys) {
      keys.forEach(checkStoreKey);
      if (keys.length > 0) await bucket.remove(keys);
    },
  };
}

/** Whether a source can be read again from anywhere: a pipe cannot. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

interface Summary {
  written: number;
  writtenBytes: number;
  present: number;
}

/** Whether the address is the digest of the raw bytes, as services compute it. */
function isRawMd5({ expected }: StoreObject): boolean {
  return expected.hash !== 'md5-dos2unix';
}

/** A bucket may hold what no store wrote, such as the markers of folders that consoles make. */
function isStoreKey(key: string): boolean {
  try {
    checkStoreKey(key);
    return true;
  } catch {
    return false;
  }
}
