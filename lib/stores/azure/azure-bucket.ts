import { Readable } from 'node:stream';
import type { ContainerClient, ContainerListBlobFlatSegmentResponse } from '@azure/storage-blob';
import { assayError } from '../../errors.ts';
import { bucketAddress } from '../bucket/bucket-location.ts';
import { firstAttempt } from '../bucket/first-attempt.ts';
import { nextPage } from '../bucket/next-page.ts';
import type { BucketObject, BucketPage, CloudPorts, ObjectBucket } from '../bucket/object-bucket.ts';
import { inParallel } from '../in-parallel.ts';
import { requestFault } from '../requests/request-fault.ts';
import { isFinal } from '../requests/retry.ts';
import { type WatchConnections, watchConnections } from '../requests/watch-connections.ts';
import { type BlobRequest, stageBlocks } from './azure-blocks.ts';
import { openAzure } from './azure-client.ts';
import { azureFailure } from './azure-failure.ts';
import type { AzureOptions } from './azure-options.ts';

/** A container of Azure Blob Storage, through its SDK without retries of its own. Nothing is loaded before it is used. */
export function createAzureBucket(options: AzureOptions, ports: CloudPorts): ObjectBucket {
  const location = bucketAddress('azure', options);
  const title = `the store ${location}`;
  const root = options.prefix === '' ? '' : `${options.prefix}/`;
  // Spread wherever it is given: the SDK writes into the options that it gets.
  const abort = ports.signal === undefined ? {} : { abortSignal: ports.signal };
  let opened: Promise<ContainerClient> | undefined;
  let watched: WatchConnections | undefined;

  function request<T>(operation: string, send: (container: ContainerClient) => Promise<T>): Promise<T> {
    return ports.retry(async () => {
      try {
        opened ??= openAzure(options);
        const container = await opened;
        watched ??= watchConnections(ports.idleMs ?? options.readTimeoutMs, options.connectTimeoutMs);
        return await watched(() => send(container));
      } catch (error) {
        if (isFinal(error)) throw error;
        ports.signal?.throwIfAborted();
        const { code, status, name, signIn, retryAfter } = azureFailure(error);
        if (/Credential|Authentication(Required|Error)/.test(name)) {
          throw assayError('E_STORE_CREDENTIALS', { store: title, reason: signIn ?? name });
        }
        throw requestFault({ status, code, retryAfter }, { store: title, bucket: options.bucket, operation });
      }
    });
  }

  /** `conditions` of a write; what is in its way is answered with 409, in a race with 412. */
  function write(
    key: string,
    replace: boolean,
    send: (container: ContainerClient, conditions: { ifNoneMatch?: string }) => Promise<unknown>,
  ) {
    const outcome = firstAttempt();
    const attempt = async (container: ContainerClient) => {
      try {
        await send(container, replace ? {} : { ifNoneMatch: '*' });
        return 'written' as const;
      } catch (error) {
        const { code, status } = azureFailure(error);
        if (status === 412 || code === 'BlobAlreadyExists') return 'exists' as const;
        throw error;
      }
    };
    return request(`write ${key}`, (container) => outcome(attempt(container)));
  }

  const blobOf = (container: ContainerClient, key: string, version: string | undefined) => {
    const blob = container.getBlobClient(root + key);
    return version === undefined ? blob : blob.withVersion(version);
  };

  async function* pages(prefix: string, includeVersions: boolean): AsyncIterable<BucketPage> {
    let token: string | undefined;
    do {
      const page = await request(`list ${prefix}`, async (container) => {
        const found = container.listBlobsFlat({ prefix: root + prefix, includeVersions, ...abort });
        const step = await found.byPage(token === undefined ? {} : { continuationToken: token }).next();
        const first: ContainerListBlobFlatSegmentResponse | undefined = step.value;
        return first;
      });
      token = nextPage(token, page?.continuationToken, { store: title, prefix });
      const below = (page?.segment.blobItems ?? []).filter(({ name }) => name.startsWith(root + prefix));
      const objects = below.map(({ name, properties, versionId, isCurrentVersion }) => ({
        key: name.slice(root.length),
        size: properties.contentLength ?? 0,
        md5: hexOf(properties.contentMD5),
        tag: quoted(properties.etag),
        version: versionId,
        newest: isCurrentVersion === true,
        changedMs: properties.lastModified.getTime(),
      }));
      yield { objects, more: token !== undefined };
    } while (token !== undefined);
  }

  return {
    description: { kind: 'azure', title, location },
    listing: 'from-start',

    stat: (key, version) =>
      request<BucketObject | undefined>(`look at ${key}`, async (container) => {
        try {
          const found = await blobOf(container, key, version).getProperties({ ...abort });
          // Every blob has one: something else answers, such as a page to sign in to a network.
          if (found.etag === undefined) throw new Error('what answers is not Azure Blob Storage');
          return {
            key,
            size: found.contentLength ?? 0,
            md5: hexOf(found.contentMD5),
            tag: quoted(found.etag),
            version: found.versionId,
            changedMs: found.lastModified?.getTime(),
          };
        } catch (error) {
          const { status, code } = azureFailure(error);
          if (status === 404 && code !== 'ContainerNotFound') return undefined;
          throw error;
        }
      }),

    list: (prefix) => pages(prefix, false),
    versions: (prefix) => pages(prefix, true),

    get: (key, range, version) =>
      request(`read ${key}`, async (container) => {
        const { start = 0, end, tag } = range ?? {};
        try {
          const count = end === undefined ? undefined : end - start + 1;
          const conditions = tag === undefined ? {} : { conditions: { ifMatch: tag } };
          const blob = blobOf(container, key, version);
          const answer = await blob.download(start, count, { maxRetryRequests: 0, ...abort, ...conditions });
          const total = /\/(\d+)$/.exec(answer.contentRange ?? '')?.[1];
          const { readableStreamBody: body } = answer;
          return {
            total: total === undefined ? answer.contentLength : Number(total),
            tag: answer.etag,
            bytes: body instanceof Readable ? body : Readable.from([]),
          };
        } catch (error) {
          const { status, code } = azureFailure(error);
          if (status === 412) throw assayError('E_STORE_OBJECT_CHANGED', { key, store: title });
          if (status !== 404 || code === 'ContainerNotFound') throw error;
          throw assayError('E_STORE_OBJECT_MISSING', { key, store: title });
        }
      }),

    put: (key, { bytes, md5, stored }, replace) =>
      write(key, replace, async (container, conditions) => {
        const answer = await container.getBlockBlobClient(root + key).upload(Buffer.from(bytes), bytes.byteLength, {
          conditions,
          // The service holds the body against it and keeps it (Put Blob, x-ms-blob-content-md5).
          blobHTTPHeaders: { blobContentMD5: Buffer.from(md5, 'hex') },
          ...abort,
        });
        stored?.({ tag: quoted(answer.etag), version: answer.versionId });
      }),

    async putParts(key, content, replace) {
      const blob: BlobRequest = (operation, send) =>
        request(operation, (container) => send(container.getBlockBlobClient(root + key)));
      const blocks = await stageBlocks(blob, key, content, abort);
      const digest = content.md5 === undefined ? {} : { blobContentMD5: Buffer.from(content.md5, 'hex') };
      return write(key, replace, async (container, conditions) => {
        const answer = await container.getBlockBlobClient(root + key).commitBlockList(blocks, {
          conditions,
          blobHTTPHeaders: digest,
          ...abort,
        });
        content.stored?.({ tag: quoted(answer.etag), version: answer.versionId });
      });
    },

    remove: (keys) =>
      inParallel(keys, Math.min(ports.connections, keys.length), (key) =>
        request(`remove ${key}`, async (container) => {
          await container.getBlobClient(root + key).deleteIfExists({ ...abort });
        }),
      ),
  };
}

function hexOf(md5: Uint8Array | undefined): string | undefined {
  return md5 === undefined ? undefined : Buffer.from(md5).toString('hex');
}

/** A listing leaves the quotes out; DVC writes them. */
function quoted(tag: string | undefined): string | undefined {
  return tag?.replace(/^"?(.*?)"?$/, '"$1"');
}
