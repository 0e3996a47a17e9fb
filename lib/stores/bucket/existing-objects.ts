import { hasCode } from '../../errors.ts';
import { inParallel } from '../in-parallel.ts';
import type { BucketObject, ObjectBucket } from './object-bucket.ts';
import { isUntold } from './telling-absence.ts';

/** So few keys are looked at one by one: a look is a tenth of the price of a page, and needs no right to list. */
const FEW_KEYS = 4;
/** A page that tells of fewer keys than this costs more than looking at them (S3: a list is 12.5 looks, 1,000 keys). */
const WORTH_A_PAGE = 12;
/** Keys to one reader of pages: what one page (of 1,000 keys) tells of where few others lie between. */
const KEYS_PER_READER = 950;
/** Readers one after the other: more would end in the middle of a page more often. */
const READERS_PER_JOB = 8;

/**
 * Those of `keys` that a bucket has. Never more requests than keys; where they lie close together, pages of the
 * listing tell of up to a thousand at once.
 *
 * @param jobs requests under way at a time
 * @param writing what the service tells nothing of is left out, because the write itself will tell
 * @throws E_STORE_DENIED where nothing tells of any of them, and the bucket's errors
 */
export async function existingObjects(
  bucket: ObjectBucket,
  keys: readonly string[],
  jobs: number,
  writing = false,
): Promise<ReadonlyMap<string, BucketObject>> {
  const found = new Map<string, BucketObject>();
  const wanted = [...new Set(keys)].sort();
  const look = async (rest: readonly string[]) => {
    let untold: unknown;
    await inParallel(rest, Math.min(jobs, rest.length), async (key) => {
      try {
        const object = await bucket.stat(key);
        if (object !== undefined) found.set(key, object);
      } catch (error) {
        if (!isUntold(error)) throw error;
        untold ??= error;
      }
    });
    if (untold !== undefined && found.size === 0 && !writing) throw untold;
  };
  if (bucket.listing === 'none' || wanted.length <= FEW_KEYS) {
    await look(wanted);
    return found;
  }
  const scan = (slice: readonly string[], pages: number) => readPages(bucket, slice, folderOf(wanted), pages, found);
  try {
    // The first page says how close the keys lie; only then is the rest worth several readers.
    const readers = bucket.listing === 'from-key' ? jobs : 1;
    const rest = await scan(wanted, readers === 1 ? Number.POSITIVE_INFINITY : 1);
    const left = rest.dense
      ? await inReaders(rest.keys, readers, (slice) => scan(slice, Number.POSITIVE_INFINITY))
      : rest.keys;
    await look(left);
  } catch (error) {
    // Credentials that may read and write but not list are common.
    if (!hasCode(error, 'E_STORE_DENIED')) throw error;
    // Who is not let in at all is told why by the list alone: a look is answered without a word.
    await look(wanted.filter((key) => !found.has(key))).catch((later: unknown) => {
      throw isRefusal(later) && !isUntold(later) ? error : later;
    });
  }
  return found;
}

/** Whether a service understood a request and will not do it. */
function isRefusal(error: unknown): boolean {
  return hasCode(error, 'E_STORE_DENIED', 'E_STORE_REQUEST');
}

interface Rest {
  /** Keys that no page told of. */
  readonly keys: readonly string[];
  /** Whether more pages are worth it. */
  readonly dense: boolean;
}

/** Reads pages from just before the first of the sorted `keys` until they are passed, or a page is not worth it. */
async function readPages(
  bucket: ObjectBucket,
  keys: readonly string[],
  prefix: string,
  limit: number,
  found: Map<string, BucketObject>,
): Promise<Rest> {
  const wanted = new Set(keys);
  const [first] = keys;
  if (first === undefined) return { keys: [], dense: false };
  let passed = 0;
  let pages = 0;
  // A key without its last character is the nearest name before it that is easily made.
  for await (const { objects, more } of bucket.list(prefix, first.slice(0, -1))) {
    for (const object of objects) if (wanted.has(object.key)) found.set(object.key, object);
    if (!more) break;
    const last = objects.at(-1)?.key;
    if (last === undefined) continue;
    const before = passed;
    while (passed < keys.length && (keys[passed] ?? '') <= last) passed++;
    if (passed === keys.length) break;
    const dense = passed - before >= WORTH_A_PAGE || (bucket.listing === 'from-start' && passed === 0);
    if (++pages >= limit || !dense) return { keys: keys.slice(passed), dense };
  }
  return { keys: [], dense: false };
}

async function inReaders(
  keys: readonly string[],
  jobs: number,
  scan: (slice: readonly string[]) => Promise<Rest>,
): Promise<readonly string[]> {
  const share = Math.max(KEYS_PER_READER, Math.ceil(keys.length / (jobs * READERS_PER_JOB)));
  const slices = Array.from({ length: Math.ceil(keys.length / share) }, (_, i) =>
    keys.slice(i * share, (i + 1) * share),
  );
  const left: string[] = [];
  await inParallel(slices, Math.min(jobs, slices.length), async (slice) => {
    for (const key of (await scan(slice)).keys) left.push(key);
  });
  return left;
}

/** The longest folder that all of the sorted keys lie in, with its slash. */
function folderOf(keys: readonly string[]): string {
  const first = keys[0] ?? '';
  const last = keys.at(-1) ?? '';
  let same = 0;
  while (same < first.length && first[same] === last[same]) same++;
  return first.slice(0, first.slice(0, same).lastIndexOf('/') + 1);
}
