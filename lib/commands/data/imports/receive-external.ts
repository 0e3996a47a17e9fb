import { rm } from 'node:fs/promises';
import { assayError, type ErrorCode, hasCode } from '../../../errors.ts';
import type { ObjectCache } from '../../../pointers/cache/object-cache.ts';
import { placeFile } from '../../../pointers/cache/place-file.ts';
import type { Staging } from '../../../pointers/cache/staging.ts';
import { type ReceivedBytes, receiveUnnamed } from '../../../stores/bytes/receive-unnamed.ts';
import { beginsAnew } from '../../../stores/bytes/unfinished-file.ts';
import type { ExternalFile } from '../../../stores/external-data.ts';

/** What is left of such a call is of no use to the next. */
const WRONG_BYTES: readonly ErrorCode[] = ['E_STORE_OBJECT_CHANGED', 'E_STORE_OBJECT_CORRUPT'];
/** Attempts at bytes that nothing tells from others: each begins anew. Of others each request is tried again. */
const MAX_ATTEMPTS = 5;

/**
 * Brings one file from outside of every repository into the cache. What a call that was stopped left of it is gone on with;
 * where the service knows its digest, that is held against what came.
 *
 * @param name of what is left, which names these very bytes; undefined where nothing tells them from others
 * @param title of the file, for messages
 * @throws E_STORE_OBJECT_CHANGED, E_STORE_OBJECT_CORRUPT, the bucket's errors, E_STORE_WRITE
 */
export async function receiveExternal(
  { cache, staging }: { readonly cache: ObjectCache; readonly staging: Staging },
  file: ExternalFile,
  name: string | undefined,
  title: string,
): Promise<ReceivedBytes> {
  const unfinished = name === undefined ? { path: staging.next(), bytes: 0 } : staging.unfinished(name);
  const receive = async (bytes: number) => {
    const received = await receiveUnnamed((start) => file.bytes(start), { ...unfinished, bytes });
    const { size = received.size } = file;
    const md5 = file.md5 === undefined || file.md5 === received.md5 ? file.md5 : await file.digest();
    if ((md5 ?? received.md5) === received.md5 && size === received.size) return received;
    const expected = md5 === undefined ? `${size} bytes` : `MD5 ${md5}`;
    const actual = md5 === undefined ? `${received.size} bytes` : `MD5 ${received.md5}`;
    throw assayError('E_STORE_OBJECT_CORRUPT', { key: title, store: 'its source', expected, actual });
  };
  // What is there may be whole already, or of something longer: the end is read again in any case.
  const left = Math.min(unfinished.bytes, file.size ?? unfinished.bytes);
  try {
    const received =
      name === undefined
        ? await withoutBreak(() => receive(0))
        : await receive(left).catch((error: unknown) => {
            if (left === 0 || !beginsAnew(error, unfinished)) throw error;
            return receive(0);
          });
    await placeFile(cache, received.md5, unfinished.path);
    return received;
  } catch (error) {
    const wrong = hasCode(error, ...WRONG_BYTES);
    if (name === undefined || wrong) await rm(unfinished.path, { force: true });
    else staging.leave(unfinished);
    throw error;
  }
}

/** Runs it until no connection breaks in its middle. */
async function withoutBreak<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !hasCode(error, 'E_STORE_BROKEN')) throw error;
    }
  }
}
