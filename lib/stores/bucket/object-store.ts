import { assayError } from '../../errors.ts';
import { bytesMismatch, type ExpectedContent } from '../bytes/content-digest.ts';
import { keepVerified } from '../bytes/keep-verified.ts';
import { goingOn, type UnfinishedFile } from '../bytes/unfinished-file.ts';
import { WORK_TREE_MODE } from '../bytes/verified-copy.ts';
import { inParallel } from '../in-parallel.ts';
import type { Retry } from '../requests/retry.ts';
import type { Store, StoreObject, TimedKey, TransferOptions } from '../store.ts';
import { checkStoreKey } from '../store-key.ts';
import { existingObjects } from './existing-objects.ts';
import type { BucketObject, ObjectBucket } from './object-bucket.ts';
import { objectBytes, PARALLEL_RANGES, RANGE_BYTES, READ_AHEAD_BYTES, SizeMismatch } from './object-bytes.ts';
import { isRawMd5, objectMemory, objectSender } from './send-object.ts';

/** Objects under way at a time where nothing else is said: DVC's 4 a core on a runner with 4 cores. */
export const DEFAULT_JOBS = 16;
export interface ObjectStoreOptions extends TransferOptions {
  readonly retry: Retry;
  /** Bytes of a piece of a large object: on its way there, and back. */
  readonly partBytes?: number | undefined;
  readonly rangeBytes?: number | undefined;
}

/** A store over a bucket: the rules of `Store` that no cloud's SDK keeps by itself. Nothing is read before it is used. */
export function createObjectStore(bucket: ObjectBucket, options: ObjectStoreOptions): Store {
  const { title } = bucket.description;
  const { jobs = DEFAULT_JOBS, onBytes, retry, rangeBytes = RANGE_BYTES } = options;
  const memory = objectMemory();
  const send = objectSender(bucket, memory, options);

  /** Whether what lies there is certainly not the object: another size, or bytes of another digest. */
  async function isDamaged(object: StoreObject, found: BucketObject): Promise<boolean> {
    if (found.size !== object.expected.size) return true;
    if (!isRawMd5(object) || found.md5 === undefined || found.md5 === object.expected.md5) return false;
    // A listing's word is not enough to replace something: it may show a tag that is no digest.
    const looked = await bucket.stat(object.key);
    return looked?.md5 !== undefined && looked.md5 !== object.expected.md5;
  }

  async function writeGroup(group: readonly StoreObject[], summary: Summary): Promise<void> {
    const objects = new Map(group.map((object) => [checkStoreKey(object.key), object]));
    summary.present += group.length - objects.size;
    const there = await existingObjects(bucket, [...objects.keys()], jobs, true);
    await inParallel(objects.values(), Math.min(jobs, objects.size), async (object) => {
      const found = there.get(object.key);
      const damaged = found !== undefined && (await isDamaged(object, found));
      if (found !== undefined && !damaged) {
        summary.present++;
      } else if ((await send(object.key, object, damaged)) === 'exists') {
        summary.present++;
      } else {
        summary.written++;
        summary.writtenBytes += object.expected.size;
      }
    });
  }

  async function bring(
    key: string,
    expected: ExpectedContent,
    target: string,
    small?: (bytes: Uint8Array) => void,
    unfinished?: UnfinishedFile,
  ): Promise<void> {
    const { size } = expected;
    const start = unfinished?.bytes ?? 0;
    const corrupt = (found: { expected: string; actual: string }) =>
      assayError('E_STORE_OBJECT_CORRUPT', { key, store: title, ...found });
    // Most objects are small, and of those of unknown size many come whole with the first answer.
    const opened = small !== undefined && size === undefined && start === 0 ? await bucket.get(key) : undefined;
    if (small !== undefined && opened?.whole !== undefined && bytesMismatch(expected, opened.whole) === undefined) {
      onBytes?.(opened.whole.byteLength, key);
      return small(opened.whole);
    }
    const inMemory = size !== undefined && size > rangeBytes ? READ_AHEAD_BYTES * (PARALLEL_RANGES - 1) : 0;
    try {
      await memory.holding(inMemory, () =>
        keepVerified(
          {
            source: objectBytes(bucket, key, {
              ...{ retry, size, start, rangeBytes, opened },
              arrived: (bytes) => onBytes?.(bytes, key),
            }),
            unfinished,
            target,
            expected,
            mode: WORK_TREE_MODE,
            mismatch: corrupt,
          },
          small,
        ),
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
      for (const { key, size, changedMs } of objects) if (isStoreKey(key)) found.push({ key, size, changedMs });
    }
    return found.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  return {
    describe: () => bucket.description,
    has: async (key) => (await bucket.stat(checkStoreKey(key))) !== undefined,
    async existing(keys, options) {
      keys.forEach(checkStoreKey);
      return new Set((await existingObjects(bucket, keys, jobs, options?.writing)).keys());
    },
    async read(key, expected, target, small, left) {
      checkStoreKey(key);
      await goingOn(left, expected.size, (unfinished) => bring(key, expected, target, small, unfinished));
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

interface Summary {
  written: number;
  writtenBytes: number;
  present: number;
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
