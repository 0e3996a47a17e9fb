import { text } from 'node:stream/consumers';
import type { Bucket } from '@google-cloud/storage';
import { assayError, messageOf } from '../../errors.ts';
import type { BucketObject, ObjectBucket, PartedContent } from '../bucket/object-bucket.ts';
import { textMember } from '../member-of.ts';
import { leaveBody, NoAnswerInTime, type WebTransport } from '../requests/web-transport.ts';
import { gcsObject } from './gcs-object.ts';

/** An answer that is a failure, in the form of the SDK's own errors. */
class UploadRefused extends Error {
  readonly code: number | string;
  readonly retryAfter: string | undefined;

  constructor(code: number | string, retryAfter?: string) {
    super(`an upload was answered ${code}`);
    this.name = 'UploadRefused';
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** Says that the service no longer knows the upload, or what it had of it: another one has to begin. */
export class SessionGone extends Error {
  /** Whether a part of the object became visible. */
  readonly visible: boolean;

  constructor(visible = false) {
    super('the upload is no longer there');
    this.name = 'SessionGone';
    this.visible = visible;
  }
}

export interface GcsUploadPorts {
  /** Of the store. */
  readonly title: string;
  /** Runs a request again where that may help, and makes errors of the catalogue. */
  readonly request: <T>(operation: string, send: (bucket: Bucket) => Promise<T>) => Promise<T>;
  /** The address of a new session; undefined where an object is in its way. */
  readonly begin: (
    bucket: Bucket,
    key: string,
    md5: string | undefined,
    replace: boolean,
  ) => Promise<string | undefined>;
  /** Told what was made of an object of so many bytes. @throws E_STORE_REQUEST where that is not all of them */
  readonly written: (object: BucketObject, size: number, told: PartedContent['stored']) => void;
  readonly transport: () => WebTransport;
  readonly signal: AbortSignal | undefined;
}

/** Sessions of one object that a service forgets, before it is given up. */
const MAX_SESSIONS = 8;

/** Uploads of large objects, which are visible once all of them is there and the source is verified. */
export function createGcsUploads(ports: GcsUploadPorts): ObjectBucket['putParts'] {
  const { title, request, begin } = ports;
  return async (key, content, replace) => {
    const operation = `write ${key}`;
    let damaged = false;
    for (let attempts = 1; ; attempts++) {
      const session = await request(operation, (bucket) => begin(bucket, key, content.md5, replace || damaged));
      if (session === undefined) return 'exists';
      try {
        const object = await inChunks(key, session, content, ports);
        if (object === 'exists') return object;
        ports.written(object, content.size, content.stored);
        return 'written';
      } catch (error) {
        if (!(error instanceof SessionGone)) throw error;
        damaged ||= error.visible;
        if (attempts < MAX_SESSIONS) continue;
        const reason = 'it forgets what was sent';
        throw assayError('E_STORE_UNREACHABLE', { store: title, operation, attempts, reason });
      }
    }
  };
}

/** Bytes from the start that the service has, the object that it made of all of them, or that another is there. */
type Taken = number | BucketObject | 'exists';

/**
 * Sends an object in chunks of one session, each tried again by itself from where the service has it: an object of many would
 * otherwise begin anew with every answer that fails. Whoever has the session's address may send, so requests carry no credentials.
 * Source: Cloud Storage, "Perform resumable uploads", "Resumable uploads".
 *
 * @throws SessionGone, errors of the catalogue, and what the source throws (then nothing is visible)
 */
async function inChunks(
  key: string,
  session: string,
  content: PartedContent,
  { title, request, transport, signal }: GcsUploadPorts,
): Promise<BucketObject | 'exists'> {
  const url = new URL(session);

  /** @param range `FIRST-LAST/SIZE`, or with `*` what is not said */
  async function put(range: string, body: Uint8Array): Promise<Taken> {
    const headers = { 'content-length': String(body.byteLength), 'content-range': `bytes ${range}` };
    const answer = await transport()(url, { method: 'PUT', headers, body, signal }).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw new UploadRefused(textMember(error, 'code') ?? wordOf(error));
    });
    const status = answer.statusCode ?? 0;
    if (status === 200 || status === 201) return gcsObject(key, await resourceOf(answer), title);
    leaveBody(answer, 'PUT');
    if (status === 308) return Number(/^bytes=0-(\d+)$/.exec(answer.headers.range ?? '')?.[1] ?? -1) + 1;
    if (status === 412) return 'exists';
    if (status === 404 || status === 410) throw new SessionGone();
    throw new UploadRefused(status, answer.headers['retry-after']);
  }

  /** Sends a part that begins at `start`; nobody knows what came of an attempt that failed. */
  async function send(part: Uint8Array, start: number): Promise<Taken> {
    const end = start + part.byteLength;
    const last = end === content.size;
    let failed = false;
    return request(`write ${key}`, async () => {
      let taken: Taken = failed ? await put(`*/${content.size}`, new Uint8Array(0)) : start;
      // fake-gcs-server ends an upload when it is asked how far it is.
      if (typeof taken === 'object' && taken.size !== content.size) throw new SessionGone(true);
      failed = true;
      while (typeof taken === 'number' && taken < end) {
        if (taken < start) throw new SessionGone();
        const before: number = taken;
        taken = await put(`${before}-${end - 1}/${last ? end : '*'}`, part.subarray(before - start));
        if (taken === before) throw new UploadRefused('nothing of it was taken');
      }
      if (last && typeof taken === 'number') throw new UploadRefused('it does not end');
      return taken;
    });
  }

  const parts = content.parts()[Symbol.asyncIterator]();
  let next = parts.next();
  let offset = 0;
  try {
    for (let step = await next; step.done !== true; step = await next) {
      // The next part is read while this one travels.
      next = parts.next();
      next.catch(() => {});
      const taken = await send(step.value, offset);
      if (typeof taken !== 'number') return taken;
      offset += step.value.byteLength;
      content.arrived(step.value.byteLength);
      content.release(step.value);
    }
    throw new SessionGone();
  } finally {
    await next.catch(() => {});
    await parts.return?.();
  }
}

async function resourceOf(answer: Parameters<typeof leaveBody>[0]): Promise<unknown> {
  try {
    return JSON.parse(await text(answer));
  } catch (error) {
    throw new UploadRefused(textMember(error, 'code') ?? 'an answer that cannot be read');
  }
}

function wordOf(error: unknown): string {
  return error instanceof NoAnswerInTime ? 'ETIMEDOUT' : messageOf(error);
}
