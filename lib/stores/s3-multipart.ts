import type { CompletedPart } from '@aws-sdk/client-s3';
import { AssayError } from '../errors.ts';
import type { BucketObject, ObjectBucket, PartedContent, PutResult, StoredObject } from './object-bucket.ts';
import type { S3Requests } from './s3-bucket.ts';
import { notS3, s3Code, UploadGone } from './s3-failure.ts';
import { type Piece, piecesOf } from './s3-piece.ts';
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

interface Upload {
  readonly id: string;
  /** Size and tag of the parts that are there, by number. */
  readonly parts: ReadonlyMap<number, { readonly size: number; readonly tag: string }>;
}

/**
 * Uploads in parts, each checked by its MD5 on arrival; the object is visible once all are there and the source is
 * verified. An upload that was interrupted is taken up: its key names its content, so whoever began it sent the same.
 */
export function createS3Multipart(ports: S3MultipartPorts): ObjectBucket['putParts'] {
  const { at, request, stat } = ports;

  async function unfinished(key: string): Promise<Upload | undefined> {
    try {
      const found = await request(`look for an upload of ${key}`, (client, sdk, signal) =>
        client.send(new sdk.ListMultipartUploadsCommand({ Bucket: at(key).Bucket, Prefix: at(key).Key }), signal),
      );
      const id = found.Uploads?.find((upload) => upload.Key === at(key).Key)?.UploadId;
      return id === undefined ? undefined : { id, parts: await partsOf(key, id) };
    } catch (error) {
      // The right to list uploads, or the service's knowledge of it, may be missing: then there is nothing to take up.
      if (error instanceof AssayError && !isPassing(error)) return undefined;
      throw error;
    }
  }

  async function partsOf(key: string, id: string): Promise<Upload['parts']> {
    const parts = new Map<number, { size: number; tag: string }>();
    let marker: string | undefined;
    do {
      const page = await request(`list the parts of ${key}`, (client, sdk, signal) =>
        client.send(
          new sdk.ListPartsCommand({
            ...at(key),
            UploadId: id,
            ...(marker === undefined ? {} : { PartNumberMarker: marker }),
          }),
          signal,
        ),
      );
      for (const { PartNumber = 0, Size = 0, ETag = '' } of page.Parts ?? []) {
        parts.set(PartNumber, { size: Size, tag: ETag });
      }
      marker = page.IsTruncated === true ? page.NextPartNumberMarker : undefined;
    } while (marker !== undefined);
    return parts;
  }

  async function begin(key: string): Promise<Upload> {
    const created = await request(`begin to write ${key}`, (client, sdk, signal) =>
      client.send(new sdk.CreateMultipartUploadCommand({ ...at(key), ...ports.stored }), signal),
    );
    if (created.UploadId === undefined) throw notS3(ports.title).givenUp(1);
    return { id: created.UploadId, parts: new Map() };
  }

  async function sendPart(key: string, id: string, PartNumber: number, { size, md5, body }: Piece) {
    const answer = await request(`write part ${PartNumber} of ${key}`, async (client, sdk, signal) => {
      const { bytes, failure, end } = body();
      try {
        return await client.send(
          new sdk.UploadPartCommand({
            ...at(key),
            UploadId: id,
            PartNumber,
            Body: bytes,
            ContentLength: size,
            ContentMD5: md5.toString('base64'),
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
    return { PartNumber, ETag: answer.ETag ?? '' };
  }

  /** Sends what is not there yet, a few parts at a time, and gives all of them. */
  async function sendParts(key: string, upload: Upload, content: PartedContent): Promise<CompletedPart[]> {
    const completed: CompletedPart[] = [];
    const underWay = new Set<Promise<void>>();
    let failure: { readonly error: unknown } | undefined;
    let number = 0;
    try {
      for await (const piece of piecesOf(content)) {
        const PartNumber = ++number;
        const there = upload.parts.get(PartNumber);
        const arrived = () => {
          content.arrived(piece.size);
          piece.release();
        };
        if (there?.size === piece.size && there.tag.replaceAll('"', '') === piece.md5.toString('hex')) {
          completed.push({ PartNumber, ETag: there.tag });
          arrived();
          continue;
        }
        const sent: Promise<void> = sendPart(key, upload.id, PartNumber, piece)
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
      const kept = !(error instanceof AssayError) || isPassing(error);
      if (!kept) await abandon(key, begun.id);
      throw error;
    }
  }

  return async (key, content, replace) => {
    const left = await unfinished(key);
    try {
      return await upload(key, content, replace, left ?? (await begin(key)));
    } catch (error) {
      if (!(error instanceof UploadGone)) throw error;
      // Another writer of the same content ended the upload that both took part in, or an answer was lost on its way.
      const found = await stat(key);
      if (found?.size === content.size) return 'exists';
      return upload(key, content, replace, await begin(key));
    }
  };
}

/** Whether the next call may get further: then what was sent is worth keeping. */
function isPassing(error: AssayError): boolean {
  return error.code === 'E_STORE_UNREACHABLE' || error.code === 'E_STORE_BUSY';
}
