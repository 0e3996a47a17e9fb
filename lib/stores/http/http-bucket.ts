import { assayError } from '../../errors.ts';
import type { BucketBody, ObjectBucket } from '../bucket/object-bucket.ts';
import { giveUp } from '../requests/give-up.ts';
import type { Retry } from '../requests/retry.ts';
import type { HttpOptions } from './http-options.ts';
import { type HttpAnswer, httpRequests } from './http-request.ts';
import { codingsOf } from './unpacked.ts';

/** How servers, and addresses that are signed for one method, refuse HEAD where GET is allowed. */
const NO_HEAD = [403, 405, 501];

/** A web server's folder. It lists nothing, and whether it gives ranges shows when one is asked for. */
export function createHttpBucket(
  options: HttpOptions,
  ports: { readonly retry: Retry; readonly signal?: AbortSignal | undefined },
): ObjectBucket {
  const location = options.url.replace(/\?.*$/, '');
  const title = `the store ${location}`;
  const ask = httpRequests(options, ports);
  const refuse = (operation: string) => assayError('E_STORE_READ_ONLY', { store: title, operation });

  return {
    description: { kind: 'http', title, location },
    listing: 'none',
    async stat(key) {
      const looked = await ask('HEAD', key, {}, NO_HEAD);
      const answer = looked !== undefined && NO_HEAD.includes(looked.status) ? await ask('GET', key) : looked;
      if (answer === undefined) return undefined;
      await giveUp(answer.bytes);
      const tag = answer.header('etag');
      return { key, size: sizeOf(answer) ?? 0, tag };
    },
    // biome-ignore lint/correctness/useYield: there is nothing that could be listed
    async *list() {
      throw refuse('be listed');
    },
    async get(key, range) {
      const { start = 0, tag } = range ?? {};
      // A weak tag is no condition of a range (RFC 9110, 13.1.5).
      const same = tag === undefined || tag.startsWith('W/') ? undefined : { 'if-range': tag };
      let answer = await ask('GET', key, start === 0 ? {} : { range: `bytes=${start}-`, ...same });
      if (answer?.status === 206 && !continues(answer, start)) {
        // A part of something else than what was asked for: all of it, then.
        await giveUp(answer.bytes);
        answer = await ask('GET', key);
      }
      if (answer === undefined) throw assayError('E_STORE_OBJECT_MISSING', { key, store: title });
      const now = answer.header('etag') ?? tag;
      if (tag !== undefined && now !== tag) {
        await giveUp(answer.bytes);
        throw assayError('E_STORE_OBJECT_CHANGED', { key, store: title });
      }
      return bodyOf(answer, start);
    },
    async put(key) {
      throw refuse(`store ${key}`);
    },
    async putParts(key) {
      throw refuse(`store ${key}`);
    },
    async remove() {
      throw refuse('remove objects');
    },
  };
}

/** Whether a body was packed on its way, which was undone: lengths and ranges are of other bytes than those that come. */
function isPacked({ header }: HttpAnswer): boolean {
  return codingsOf(header('content-encoding')).length > 0;
}

/** Whether a part begins where it was asked to, and is of the bytes that were counted. */
function continues(answer: HttpAnswer, start: number): boolean {
  return !isPacked(answer) && new RegExp(`^bytes ${start}-`).test(answer.header('content-range') ?? '');
}

/** Bytes of the whole object; undefined where nothing tells. */
function sizeOf(answer: HttpAnswer): number | undefined {
  if (isPacked(answer)) return undefined;
  const size = /\/(\d+)$/.exec(answer.header('content-range') ?? '')?.[1] ?? answer.header('content-length');
  return size === undefined ? undefined : Number(size);
}

/** The body from `start` on, also of a server that answers a range with everything. */
function bodyOf(answer: HttpAnswer, start: number): BucketBody {
  const skip = answer.status === 206 ? 0 : start;
  const bytes = skip === 0 ? answer.bytes : without(answer.bytes, skip);
  return { total: sizeOf(answer), tag: undefined, bytes };
}

async function* without(bytes: AsyncIterable<Uint8Array>, skip: number): AsyncIterable<Uint8Array> {
  let left = skip;
  for await (const chunk of bytes) {
    if (chunk.byteLength > left) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.byteLength);
  }
}
