import type { CompletedPart } from '@aws-sdk/client-s3';
import { AssayError } from '../../errors.ts';
import type { BucketObject, ObjectBucket, PartedContent, PutResult, StoredObject } from '../bucket/object-bucket.ts';
import type { PartSum } from '../bucket/part-checksum.ts';
import type { S3Requests } from './s3-bucket.ts';
import { isPassing, NoPartChecksum, notS3, s3Code, UploadGone } from './s3-failure.ts';
import { type Piece, piecesOf } from './s3-piece.ts';
import { isThat, s3Unfinished, type Upload } from './s3-unfinished.ts';
import { unquoted } from './s3-versions.ts';

/** What an upload in parts needs of its bucket. */
export interface S3MultipartPorts {
  readonly at: (key: string) => { Bucket: string; Key: string };
  readonly stored: object;
  readonly request: S3Requests;
  readonly conditionally: (
    replace: boolean,
    send: (condition: { IfNoneMatch?: '*' }) => Promise<unknown>,
  ) => Promise<PutResult>;
  readonly stat: (key: string) => Promise<BucketObject | undefined>;
  /** Looks whether an object of that size is there, and throws where none is. */
  readonly requireStored: (key: string, size: number) => Promise<void>;
  /** Of the store. */
  readonly title: string;
}

/**
 * Uploads in parts, each checked on arrival by its CRC32, or by its MD5 where the service does not know the former; the
 * object is visible once all are there and the source is verified. An upload that was interrupted is taken up: its key names
 * its content, so whoever began it sent the same.
 */
export function createS3Multipart(ports: S3MultipartPorts): ObjectBucket['putParts'] {
  const { at, request, stat } = ports;
  const unfinished = s3Unfinished(ports);
  /** How parts of new uploads are checked; of services beside Amazon's some refuse checksums, some overlook them. */
  let sum: PartSum = 'crc32';

  async function create(key: string, checked: { ChecksumAlgorithm?: 'CRC32' }): Promise<Upload> {
    const created = await request(`begin to write ${key}`, (client, sdk, signal) =>
      client.send(new sdk.CreateMultipartUploadCommand({ ...at(key), ...ports.stored, ...checked }), signal),
    );
    if (created.UploadId === undefined) throw notS3(ports.title).givenUp(1);
    if (created.ChecksumAlgorithm !== 'CRC32') sum = 'md5';
    return { id: created.UploadId, sum, parts: new Map() };
  }

  async function begin(key: string): Promise<Upload> {
    if (sum === 'md5') return create(key, {});
    try {
      return await create(key, { ChecksumAlgorithm: 'CRC32' });
    } catch (error) {
      if (!(error instanceof AssayError) || isPassing(error)) throw error;
      // It may be the checksum that is refused, in words of the service's own; else the same is said again.
      return create(key, {});
    }
  }

  async function sendPart(key: string, upload: Upload, PartNumber: number, { size, checksum, body }: Piece) {
    const told = checksum.toString('base64');
    const crc32 = upload.sum === 'crc32' ? { ChecksumCRC32: told } : {};
    const answer = await request(`write part ${PartNumber} of ${key}`, async (client, sdk, signal) => {
      const { bytes, failure, end } = body();
      try {
        return await client.send(
          new sdk.UploadPartCommand({
            ...at(key),
            UploadId: upload.id,
            PartNumber,
            Body: bytes,
            ContentLength: size,
            ...(upload.sum === 'md5' ? { ContentMD5: told } : crc32),
          }),
          signal,
        );
      } catch (error) {
        if (failure() !== undefined) throw failure();
        if (s3Code(error).code === 'NoSuchUpload') throw new UploadGone();
        throw error;
      } finally {
        end();
      }
    });
    if (upload.sum === 'crc32' && answer.ChecksumCRC32 !== told) throw new NoPartChecksum();
    return { PartNumber, ETag: answer.ETag ?? '', ...crc32 };
  }

  /** Sends what is not there yet, a few parts at a time, and gives all of them. */
  async function sendParts(key: string, upload: Upload, content: PartedContent): Promise<CompletedPart[]> {
    const completed: CompletedPart[] = [];
    const underWay = new Set<Promise<void>>();
    let failure: { readonly error: unknown } | undefined;
    let number = 0;
    try {
      for await (const piece of piecesOf(content, upload.sum)) {
        const PartNumber = ++number;
        const there = upload.parts.get(PartNumber);
        const arrived = () => {
          content.arrived(piece.size);
          piece.release();
        };
        if (there !== undefined && isThat(there, piece, upload.sum)) {
          const { tag, crc32 } = there;
          completed.push({ PartNumber, ETag: tag, ...(crc32 === undefined ? {} : { ChecksumCRC32: crc32 }) });
          arrived();
          continue;
        }
        const sent: Promise<void> = sendPart(key, upload, PartNumber, piece)
          .then((part) => {
            completed.push(part);
            arrived();
          })
          .catch((error: unknown) => {
            failure ??= { error };
          })
          .finally(() => underWay.delete(sent));
        underWay.add(sent);
        // The next piece is read and hashed while the others travel.
        while (underWay.size >= content.parallel) await Promise.race(underWay);
        if (failure !== undefined) break;
      }
    } finally {
      await Promise.all(underWay);
    }
    if (failure !== undefined) throw failure.error;
    return completed.sort((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0));
  }

  async function complete(
    key: string,
    id: string,
    Parts: CompletedPart[],
    replace: boolean,
    { size, stored }: PartedContent,
  ): Promise<PutResult> {
    let written: StoredObject = { tag: undefined, version: undefined };
    const result = await request(`complete ${key}`, async (client, sdk, signal) => {
      try {
        return await ports.conditionally(replace, async (condition) => {
          const answer = await client.send(
            new sdk.CompleteMultipartUploadCommand({
              ...at(key),
              ...condition,
              UploadId: id,
              MultipartUpload: { Parts },
            }),
            signal,
          );
          written = { tag: unquoted(answer.ETag), version: answer.VersionId };
        });
      } catch (error) {
        if (s3Code(error).code === 'NoSuchUpload') throw new UploadGone();
        throw error;
      }
    });
    if (result === 'exists') return result;
    if (written.tag === undefined) await ports.requireStored(key, size);
    stored?.(written);
    return result;
  }

  async function abandon(key: string, id: string): Promise<void> {
    await request(`give up the upload of ${key}`, (client, sdk, signal) =>
      client.send(new sdk.AbortMultipartUploadCommand({ ...at(key), UploadId: id }), signal),
    ).catch(() => {});
  }

  async function upload(key: string, content: PartedContent, replace: boolean, begun: Upload): Promise<PutResult> {
    try {
      const parts = await sendParts(key, begun, content);
      const result = await complete(key, begun.id, parts, replace, content);
      if (result === 'exists') await abandon(key, begun.id);
      return result;
    } catch (error) {
      const kept = error instanceof AssayError ? isPassing(error) : !(error instanceof NoPartChecksum);
      if (!kept) await abandon(key, begun.id);
      throw error;
    }
  }

  return async (key, content, replace) => {
    const left = await unfinished(key);
    try {
      return await upload(key, content, replace, left ?? (await begin(key)));
    } catch (error) {
      if (error instanceof NoPartChecksum) {
        sum = 'md5';
        return upload(key, content, replace, await begin(key));
      }
      if (!(error instanceof UploadGone)) throw error;
      // Another writer of the same content ended the upload that both took part in, or an answer was lost on its way.
      const found = await stat(key);
      if (found?.size === content.size) return 'exists';
      return upload(key, content, replace, await begin(key));
    }
  };
}
