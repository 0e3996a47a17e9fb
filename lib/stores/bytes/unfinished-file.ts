import { type ErrorCode, hasCode } from '../../errors.ts';

/**
 * Where the bytes of a large object are collected, so that a call that is stopped does not have to begin anew: what is there
 * stays until the object is whole. Its bytes are hashed again before anything is added, and the digest of the whole decides.
 */
export interface UnfinishedFile {
  /** On the file system of the target; nobody else writes there. */
  readonly path: string;
  /** Bytes that an earlier call left there, 0 for none. */
  readonly bytes: number;
}

/** What a service, or the disk, says when there is nothing to go on with. */
const NOTHING_LEFT: readonly ErrorCode[] = ['E_STORE_REQUEST', 'E_STORE_READ'];

/** Whether an object is worth reading once more from its start: wrong bytes came, or what was left cannot be gone on with. */
export function beginsAnew(error: unknown, unfinished: UnfinishedFile | undefined): boolean {
  if (hasCode(error, 'E_STORE_OBJECT_CORRUPT', 'E_STORE_OBJECT_CHANGED')) return true;
  return unfinished !== undefined && unfinished.bytes > 0 && hasCode(error, ...NOTHING_LEFT);
}

/**
 * Reads an object, going on with what an earlier call left of it, and once more from its start where that is worth it: a bit that
 * flipped on the way is no damage of the store.
 *
 * @param size bytes of the object, where it is known
 */
export async function goingOn(
  left: UnfinishedFile | undefined,
  size: number | undefined,
  read: (unfinished: UnfinishedFile | undefined) => Promise<void>,
): Promise<void> {
  // As many bytes as the object has, or more, are not worth a request: they begin anew.
  const unfinished = left !== undefined && size !== undefined && left.bytes >= size ? { ...left, bytes: 0 } : left;
  try {
    await read(unfinished);
  } catch (error) {
    if (!beginsAnew(error, unfinished)) throw error;
    await read(unfinished && { ...unfinished, bytes: 0 });
  }
}
