import { once } from 'node:events';
import type { Bucket, File } from '@google-cloud/storage';
import { assayError } from '../../errors.ts';
import type { ProxySettings } from '../../proxy-settings.ts';
import { type BucketLocation, bucketAddress, bucketLocation } from '../bucket/bucket-location.ts';
import { firstAttempt } from '../bucket/first-attempt.ts';
import { nextPage } from '../bucket/next-page.ts';
import type { BucketObject, BucketPage, CloudPorts, ObjectBucket, WholeContent } from '../bucket/object-bucket.ts';
import { inParallel } from '../in-parallel.ts';
import { memberOf, numberMember, textMember } from '../member-of.ts';
import { remoteOptions } from '../remote-options.ts';
import { requestFault } from '../requests/request-fault.ts';
import { isFinal } from '../requests/retry.ts';
import { type WatchConnections, watchConnections } from '../requests/watch-connections.ts';
import { type WebTransport, webTransport } from '../requests/web-transport.ts';
import { openGcs, storageOptions } from './gcs-client.ts';
import { gcsFailure, NO_CREDENTIALS } from './gcs-failure.ts';
import { identify } from './gcs-identity.ts';
import { base64Of, gcsObject, gcsPage, generationOf } from './gcs-object.ts';
import { createGcsUploads, SessionGone } from './gcs-resumable.ts';

/** Where a store in Google Cloud Storage is. Credentials: a key file, else Application Default Credentials. */
export interface GcsOptions extends BucketLocation {
  readonly project?: string | undefined;
  readonly keyFile?: string | undefined;
  /** Address of a compatible service; without credentials unless it is one of Google's own. */
  readonly endpoint?: string | undefined;
  /** Of large uploads; the SDK finds those of the environment by itself. */
  readonly proxies?: ProxySettings | undefined;
}

const UNSUPPORTED: ReadonlyMap<string, string> = new Map([
  ['allow_anonymous_login', 'read a public bucket by its https:// address'],
]);

/** Reads `gs://bucket/folder` with the options of a DVC remote. @throws E_STORE_LOCATION, E_STORE_OPTION */
export function gcsOptions(location: string, remote: ReadonlyMap<string, string> = new Map()): GcsOptions {
  const option = remoteOptions(location, remote, UNSUPPORTED);
  return {
    ...bucketLocation(location, 'gs'),
    project: option.text('projectname'),
    keyFile: option.text('credentialpath'),
    endpoint: option.address('endpointurl'),
  };
}

/** A bucket of Google Cloud Storage, through its SDK without retries of its own. Nothing is loaded before it is used. */
export function createGcsBucket(options: GcsOptions, ports: CloudPorts): ObjectBucket {
  const location = bucketAddress('gs', options);
  const title = `the store ${location}`;
  const root = options.prefix === '' ? '' : `${options.prefix}/`;
  const signed = storageOptions(options).useAuthWithCustomEndpoint !== false;
  /** Whether requests say who asks; nobody is asked for credentials where none are sent. */
  let known = true;
  let opened: Promise<Bucket> | undefined;
  let watched: WatchConnections | undefined;
  let transport: WebTransport | undefined;

  /** One request; `missing` is what an answer of 404 means, without it: that there is no such bucket. */
  function request<T>(
    operation: string,
    send: (bucket: Bucket) => Promise<T>,
    missing: () => T = () => {
      throw assayError('E_STORE_BUCKET', { bucket: options.bucket, store: title });
    },
  ): Promise<T> {
    return ports.retry(async () => {
      try {
        opened ??= openGcs(options);
        const bucket = await opened;
        watched ??= watchConnections(ports.idleMs);
        return await watched(async () => {
          if (signed) known = await identify(bucket, title);
          return await send(bucket);
        });
      } catch (error) {
        if (isFinal(error) || error instanceof SessionGone) throw error;
        ports.signal?.throwIfAborted();
        const { status, code, retryAfter } = gcsFailure(error);
        if (status === 404) return missing();
        if (!known && (status === 401 || status === 403)) {
          throw assayError('E_STORE_CREDENTIALS', { store: title, reason: NO_CREDENTIALS });
        }
        throw requestFault({ status, code, retryAfter }, { store: title, bucket: options.bucket, operation });
      }
    });
  }

  function write(key: string, replace: boolean, send: (file: File, condition: object) => Promise<void>) {
    const outcome = firstAttempt();
    const attempt = async (bucket: Bucket) => {
      try {
        await send(bucket.file(root + key), conditionOf(replace));
        return 'written' as const;
      } catch (error) {
        if (gcsFailure(error).status === 412) return 'exists' as const;
        throw error;
      }
    };
    return request(`write ${key}`, (bucket) => outcome(attempt(bucket)));
  }

  /**
   * @throws E_STORE_REQUEST where the answer to an upload says that not all of it is there: what another attempt then finds in its
   * way would be taken for whole
   */
  function written(object: BucketObject, size: number, told: WholeContent['stored']): void {
    if (object.size !== size) {
      const reason = `it took ${object.size} of ${size} bytes`;
      throw assayError('E_STORE_REQUEST', { store: title, operation: `write ${object.key}`, reason });
    }
    told?.(object);
  }

  async function* pages(prefix: string, settings: object): AsyncIterable<BucketPage> {
    let pageToken: string | undefined;
    do {
      const qs = { prefix: root + prefix, ...settings, ...(pageToken === undefined ? {} : { pageToken }) };
      // `getFiles` ends the process when the answer is none: it throws where nobody can catch.
      const page = await request(`list ${prefix}`, async (bucket) => {
        const [resource] = await bucket.request({ uri: '/o', qs });
        return gcsPage(resource, { root, prefix }, title);
      });
      pageToken = nextPage(pageToken, page.nextToken, { store: title, prefix });
      yield { objects: page.objects, more: pageToken !== undefined };
    } while (pageToken !== undefined);
  }

  return {
    description: { kind: 'gs', title, location },
    listing: 'from-key',

    stat: (key, version) =>
      request<BucketObject | undefined>(
        `look at ${key}`,
        async (bucket) => {
          const [found] = await bucket.file(root + key, generationOf(version)).getMetadata();
          return gcsObject(key, found, title);
        },
        () => undefined,
      ),

    list: (prefix, after) => pages(prefix, after === undefined ? {} : { startOffset: root + after }),
    versions: (prefix) => pages(prefix, { versions: true }),

    get: (key, range, version) =>
      request(
        `read ${key}`,
        async (bucket) => {
          const { start = 0, end, tag } = range ?? {};
          const stream = bucket.file(root + key, generationOf(version ?? tag)).createReadStream({
            validation: false,
            decompress: false,
            ...(start === 0 && end === undefined ? {} : { start }),
            ...(end === undefined ? {} : { end }),
          });
          const answered = once(stream, 'response');
          // The SDK sends its request at the first read.
          stream.read(0);
          const [answer] = await answered;
          const [statusCode, headers] = [numberMember(answer, 'statusCode') ?? 0, memberOf(answer, 'headers')];
          if (statusCode < 200 || statusCode >= 300) {
            // The SDK throws the answer into the stream as well, later and to nobody.
            stream.on('error', () => {}).resume();
            throw Object.assign(new Error('refused'), {
              code: statusCode,
              retryAfter: textMember(headers, 'retry-after'),
            });
          }
          const came = textMember(headers, 'content-range') ?? '';
          const total = /\/(\d+)$/.exec(came)?.[1] ?? textMember(headers, 'content-length');
          const generation = textMember(headers, 'x-goog-generation');
          return { total: total === undefined ? undefined : Number(total), tag: generation, bytes: stream };
        },
        () => {
          // A generation that was replaced in a bucket without versions is gone.
          const replaced = version === undefined && range?.tag !== undefined;
          throw assayError(replaced ? 'E_STORE_OBJECT_CHANGED' : 'E_STORE_OBJECT_MISSING', { key, store: title });
        },
      ),

    put: (key, { bytes, md5, stored }, replace) =>
      write(key, replace, async (file, condition) => {
        await file.save(Buffer.from(bytes), {
          resumable: false,
          validation: false,
          metadata: { md5Hash: base64Of(md5) },
          ...condition,
        });
        written(gcsObject(key, file.metadata, title), bytes.byteLength, stored);
      }),

    putParts: createGcsUploads({
      ...{ title, request, written },
      begin: (bucket, key, md5, replace) => beginUpload(bucket.file(root + key), md5, replace),
      transport: () => (transport ??= webTransport({ proxies: options.proxies, readTimeoutMs: ports.idleMs })),
      signal: ports.signal,
    }),

    remove: (keys) =>
      inParallel(keys, Math.min(ports.connections, keys.length), (key) =>
        request(`remove ${key}`, async (bucket) => {
          await bucket.file(root + key).delete({ ignoreNotFound: true });
        }),
      ),
  };
}

/** The address of a new session; undefined where an object is in its way. */
async function beginUpload(file: File, md5: string | undefined, replace: boolean): Promise<string | undefined> {
  try {
    const [session] = await file.createResumableUpload({
      metadata: md5 === undefined ? {} : { md5Hash: base64Of(md5) },
      ...conditionOf(replace),
    });
    return session;
  } catch (error) {
    if (gcsFailure(error).status === 412) return undefined;
    throw error;
  }
}

function conditionOf(replace: boolean): { preconditionOpts?: { ifGenerationMatch: number } } {
  return replace ? {} : { preconditionOpts: { ifGenerationMatch: 0 } };
}
