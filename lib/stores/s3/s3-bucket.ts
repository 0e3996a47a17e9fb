import type { S3Client } from '@aws-sdk/client-s3';
import { assayError } from '../../errors.ts';
import { bucketAddress } from '../bucket/bucket-location.ts';
import { firstAttempt } from '../bucket/first-attempt.ts';
import type { BucketObject, ObjectBucket, PutResult, StoredObject } from '../bucket/object-bucket.ts';
import { isFinal, type Retry } from '../requests/retry.ts';
import { isIterable, lookedAt, oneChunk } from './s3-answers.ts';
import { openS3, type S3Sdk } from './s3-client.ts';
import type { S3Direct } from './s3-direct.ts';
import { identify, notS3, s3Code, s3Fault, UploadGone } from './s3-failure.ts';
import { createS3Multipart } from './s3-multipart.ts';
import type { S3Options } from './s3-options.ts';
import { s3Pages } from './s3-pages.ts';
import { s3Remove } from './s3-remove.ts';
import { isNoVersion, s3Versions, unquoted, versioned } from './s3-versions.ts';

/** An entity tag that can be the MD5 of the object: one of a multipart upload has a dash. */
const MD5_TAG = /^"?([0-9a-f]{32})"?$/;

export interface S3BucketPorts {
  readonly retry: Retry;
  readonly signal?: AbortSignal | undefined;
  /** Connections at a time. */
  readonly connections: number;
}

/** One request to the service, inside of the store's retries; what the SDK throws becomes an error of the catalogue. */
export type S3Requests = <T>(
  operation: string,
  send: (client: S3Client, sdk: S3Sdk, abort: { abortSignal?: AbortSignal }, direct: S3Direct) => Promise<T>,
) => Promise<T>;

/** A bucket of S3 or of a compatible service, through the AWS SDK. Nothing is loaded or asked before it is used. */
export function createS3Bucket(options: S3Options, ports: S3BucketPorts): ObjectBucket {
  const location = bucketAddress('s3', options);
  const title = `the store ${location}`;
  const Bucket = options.bucket;
  const root = options.prefix === '' ? '' : `${options.prefix}/`;
  const at = (key: string) => ({ Bucket, Key: root + key });
  const stored = storedWith(options);
  const abort = ports.signal === undefined ? {} : { abortSignal: ports.signal };
  let opened: ReturnType<typeof openS3> | undefined;
  /** Whether tags of this bucket are digests: not where it encrypts with keys of KMS. Learned from the first look. */
  let tagsAreDigests = !(options.sse ?? '').startsWith('aws:kms');
  /** Whether the service knows `If-None-Match`. Without it two writers of one key write the same bytes twice. */
  let conditional = true;

  const request: S3Requests = (operation, send) =>
    ports.retry(async () => {
      try {
        opened ??= openS3(options, ports.connections);
        const { client, sdk, direct } = await opened;
        await identify(client, title);
        return await send(client, sdk, abort, direct);
      } catch (error) {
        if (isFinal(error) || error instanceof UploadGone) throw error;
        throw s3Fault(error, { store: title, bucket: Bucket, operation });
      }
    });

  function md5Of(tag: string | undefined): string | undefined {
    return tagsAreDigests ? MD5_TAG.exec(tag ?? '')?.[1] : undefined;
  }

  /** `send` with the condition that nothing is there; 'exists' where something is. */
  async function conditionally(
    replace: boolean,
    send: (condition: { IfNoneMatch?: '*' }) => Promise<unknown>,
  ): Promise<PutResult> {
    const once = !replace && conditional;
    try {
      await send(once ? { IfNoneMatch: '*' } : {});
      return 'written';
    } catch (error) {
      const { status } = s3Code(error);
      if (status === 412) return 'exists';
      // Others that were under way may have learned it before.
      if (status !== 501 || !once) throw error;
      conditional = false;
      return conditionally(replace, send);
    }
  }

  async function stat(key: string, version?: string): Promise<BucketObject | undefined> {
    const found = await request(`look at ${key}`, async (client, sdk, signal, beside) => {
      try {
        const direct =
          version === undefined ? await beside.send({ operation: 'HeadObject', key }, ports.signal) : undefined;
        const answer =
          direct === undefined
            ? await client.send(new sdk.HeadObjectCommand({ ...at(key), ...versioned(version) }), signal)
            : lookedAt(direct);
        if (answer.ETag === undefined && answer.LastModified === undefined) throw notS3(title);
        return answer;
      } catch (error) {
        if (s3Code(error).status === 404 || isNoVersion(error, version)) return undefined;
        throw error;
      }
    });
    if (found === undefined) return undefined;
    if ((found.ServerSideEncryption ?? '').startsWith('aws:kms')) tagsAreDigests = false;
    return {
      key,
      size: found.ContentLength ?? 0,
      md5: md5Of(found.ETag),
      tag: unquoted(found.ETag),
      version: found.VersionId,
      changedMs: found.LastModified?.getTime(),
    };
  }

  /** An answer without the tag that S3 gives what it has taken may be nobody's word. */
  async function requireStored(key: string, size: number): Promise<void> {
    const found = await stat(key);
    if (found?.size !== size) throw notS3(title).givenUp(1);
  }

  return {
    description: { kind: 's3', title, location },
    listing: 'from-key',
    streamsParts: true,
    stat,

    list: (prefix, after) =>
      s3Pages(request, { bucket: Bucket, title, root, prefix, after, md5Of, signal: ports.signal }),

    versions: (prefix) => s3Versions(request, { bucket: Bucket, title, root, prefix, md5Of }),

    async get(key, range, version) {
      const answer = await request(`read ${key}`, async (client, sdk, signal, beside) => {
        try {
          const whole = range === undefined && version === undefined;
          const direct = whole ? await beside.send({ operation: 'GetObject', key }, ports.signal) : undefined;
          if (direct !== undefined) {
            const { 'content-length': length, etag: ETag } = direct.headers;
            // What is small came whole; where it was cut off it is asked for again from its beginning.
            const whole = Buffer.isBuffer(direct.body) ? direct.body : undefined;
            const Body = whole === undefined ? direct.body : oneChunk(whole);
            return { ContentLength: length === undefined ? undefined : Number(length), ETag, Body, whole };
          }
          const { start = 0, end, tag } = range ?? {};
          const bytes = start === 0 && end === undefined ? {} : { Range: `bytes=${start}-${end ?? ''}` };
          const same = tag === undefined ? {} : { IfMatch: `"${unquoted(tag)}"` };
          const which = { ...at(key), ...versioned(version) };
          return await client.send(new sdk.GetObjectCommand({ ...which, ...bytes, ...same }), signal);
        } catch (error) {
          const { code, status } = s3Code(error);
          if ((status === 404 && code !== 'NoSuchBucket') || isNoVersion(error, version)) {
            throw assayError('E_STORE_OBJECT_MISSING', { key, store: title });
          }
          if (status === 412) throw assayError('E_STORE_OBJECT_CHANGED', { key, store: title });
          throw error;
        }
      });
      const total = 'ContentRange' in answer ? /\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1] : undefined;
      return {
        total: total === undefined ? answer.ContentLength : Number(total),
        tag: answer.ETag,
        bytes: isIterable(answer.Body) ? answer.Body : oneChunk(),
        whole: 'whole' in answer ? answer.whole : undefined,
      };
    },

    async put(key, { bytes, md5, stored: told }, replace) {
      const outcome = firstAttempt();
      let written: StoredObject = { tag: undefined, version: undefined };
      const result = await request(`write ${key}`, async (client, sdk, signal, beside) =>
        outcome(
          conditionally(replace, async (condition) => {
            const contentMd5 = Buffer.from(md5, 'hex').toString('base64');
            const once = condition.IfNoneMatch === undefined ? {} : { 'if-none-match': condition.IfNoneMatch };
            const headers = { 'content-md5': contentMd5, ...once };
            const direct = await beside.send({ operation: 'PutObject', key, headers, body: bytes }, ports.signal);
            if (direct !== undefined) {
              written = { tag: unquoted(direct.headers.etag), version: direct.headers['x-amz-version-id'] };
              return;
            }
            const answer = await client.send(
              new sdk.PutObjectCommand({
                ...at(key),
                ...stored,
                ...condition,
                Body: bytes,
                ContentMD5: contentMd5,
              }),
              signal,
            );
            written = { tag: unquoted(answer.ETag), version: answer.VersionId };
          }),
        ),
      );
      if (result === 'exists') return result;
      if (written.tag === undefined) await requireStored(key, bytes.byteLength);
      told?.(written);
      return result;
    },

    putParts: createS3Multipart({ at, stored, request, conditionally, stat, requireStored, title }),

    remove: (keys) => s3Remove(request, keys, { bucket: Bucket, title, root }),
  };
}

/** How objects are stored: settings that every upload carries. */
function storedWith({ sse, sseKmsKeyId, acl }: S3Options) {
  return {
    ...(sse === undefined ? {} : { ServerSideEncryption: sse }),
    ...(sseKmsKeyId === undefined ? {} : { SSEKMSKeyId: sseKmsKeyId }),
    ...(acl === undefined ? {} : { ACL: acl }),
  };
}
