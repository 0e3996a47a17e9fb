import { type AssayError, assayError, detailed, hasCode } from '../../errors.ts';
import type { ObjectBucket } from './object-bucket.ts';

/** How a service refuses whoever it knows; of others it says more, to a list at least. */
const PLAIN_REFUSAL = /^HTTP 403( AccessDenied| AuthorizationPermissionMismatch)?$/;

/**
 * A bucket that tells what is not there from what it says nothing of. To a look at one object services say no more than "not found"
 * where the whole bucket is missing, and refuse what is missing like what is secret to whoever may not list (S3: "HeadObject",
 * permissions; Google: "Permission 'storage.objects.get' denied on resource (or it may not exist)"). So the list is asked, once.
 *
 * What is refused counts as missing as soon as another object could be read, because then it is not the right to read that is
 * missing; before that it is E_STORE_DENIED that is `unlisted`.
 */
export function tellingAbsence(bucket: ObjectBucket): ObjectBucket {
  if (bucket.listing === 'none') return bucket;
  const { title } = bucket.description;
  let exists = false;
  let readable = false;
  let asked: Promise<AssayError | undefined> | undefined;

  /** How the list is refused; undefined where it is not. @throws E_STORE_BUCKET, and what keeps the list from being asked */
  async function refusal(key: string): Promise<AssayError | undefined> {
    asked ??= firstPage(bucket, key);
    try {
      return await asked;
    } catch (error) {
      asked = undefined;
      throw error;
    }
  }

  async function requireBucket(key: string): Promise<void> {
    if (exists) return;
    await refusal(key);
    exists = true;
  }

  /** Returns where an object that is refused is not there. @throws what it means that it is refused */
  async function requireMissing(key: string, error: unknown): Promise<void> {
    if (!isDenied(error)) throw error;
    const list = await refusal(key);
    if (list === undefined) throw error;
    if (!PLAIN_REFUSAL.test(String(list.details.reason))) throw list;
    if (!readable) throw detailed(error, { unlisted: true });
  }

  return {
    ...bucket,
    async stat(key, version) {
      try {
        const found = await bucket.stat(key, version);
        if (found === undefined) await requireBucket(key);
        else exists = readable = true;
        return found;
      } catch (error) {
        await requireMissing(key, error);
        return undefined;
      }
    },
    async *list(prefix, after) {
      for await (const page of bucket.list(prefix, after)) {
        exists = true;
        asked = Promise.resolve(undefined);
        yield page;
      }
    },
    async get(key, range, version) {
      try {
        const body = await bucket.get(key, range, version);
        exists = readable = true;
        return body;
      } catch (error) {
        if (hasCode(error, 'E_STORE_OBJECT_MISSING')) {
          await requireBucket(key);
          throw error;
        }
        await requireMissing(key, error);
        throw assayError('E_STORE_OBJECT_MISSING', { key, store: title, unlisted: true });
      }
    },
  };
}

/** Whether an object may be there or not: it is refused, and so is the list that would tell. */
export function isUntold(error: unknown): boolean {
  return isDenied(error) && error.details.unlisted === true;
}

function isDenied(error: unknown): error is AssayError {
  return hasCode(error, 'E_STORE_DENIED');
}

async function firstPage(bucket: ObjectBucket, prefix: string): Promise<AssayError | undefined> {
  try {
    for await (const _page of bucket.list(prefix)) break;
    return undefined;
  } catch (error) {
    if (isDenied(error)) return error;
    throw error;
  }
}
