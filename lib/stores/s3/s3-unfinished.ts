import { AssayError } from '../../errors.ts';
import { nextPage } from '../bucket/next-page.ts';
import type { PartSum } from '../bucket/part-checksum.ts';
import type { S3Requests } from './s3-bucket.ts';
import { isPassing } from './s3-failure.ts';
import type { Piece } from './s3-piece.ts';

/** A part that is there. */
export interface SentPart {
  readonly size: number;
  readonly tag: string;
  /** Base64, where the service tells it. */
  readonly crc32: string | undefined;
}

/** An upload in parts that is not completed. */
export interface Upload {
  readonly id: string;
  /** How its parts are checked. */
  readonly sum: PartSum;
  /** By number. */
  readonly parts: ReadonlyMap<number, SentPart>;
}

/** Whether a part that is there holds a piece. The tag of a part is its MD5. */
export function isThat({ size, tag, crc32 }: SentPart, piece: Piece, sum: PartSum): boolean {
  if (size !== piece.size) return false;
  return sum === 'crc32'
    ? crc32 === piece.checksum.toString('base64')
    : tag.replaceAll('"', '') === piece.checksum.toString('hex');
}

/** Finds an upload of a key that was begun and not completed, with what is there of it. */
export function s3Unfinished({
  at,
  request,
  title,
}: {
  readonly at: (key: string) => { Bucket: string; Key: string };
  readonly request: S3Requests;
  /** Of the store. */
  readonly title: string;
}): (key: string) => Promise<Upload | undefined> {
  async function unfinished(key: string): Promise<Upload | undefined> {
    try {
      const found = await request(`look for an upload of ${key}`, (client, sdk, signal) =>
        client.send(new sdk.ListMultipartUploadsCommand({ Bucket: at(key).Bucket, Prefix: at(key).Key }), signal),
      );
      const left = found.Uploads?.find((upload) => upload.Key === at(key).Key);
      if (left?.UploadId === undefined) return undefined;
      const parts = await partsOf(key, left.UploadId);
      const { ChecksumAlgorithm: algorithm } = left;
      // Some say that there is none by an empty name.
      if (!algorithm) return { id: left.UploadId, sum: 'md5', parts };
      // Without their checksums nothing tells what the parts hold.
      const told = algorithm === 'CRC32' && [...parts.values()].every(({ crc32 }) => crc32 !== undefined);
      return told ? { id: left.UploadId, sum: 'crc32', parts } : undefined;
    } catch (error) {
      // The right to list uploads, or the service's knowledge of it, may be missing: then there is nothing to take up.
      if (error instanceof AssayError && !isPassing(error)) return undefined;
      throw error;
    }
  }

  async function partsOf(key: string, id: string): Promise<Upload['parts']> {
    const parts = new Map<number, SentPart>();
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
      for (const { PartNumber = 0, Size = 0, ETag = '', ChecksumCRC32 } of page.Parts ?? []) {
        parts.set(PartNumber, { size: Size, tag: ETag, crc32: ChecksumCRC32 });
      }
      const next = page.IsTruncated === true ? page.NextPartNumberMarker : undefined;
      marker = nextPage(marker, next, { store: title, prefix: `the parts of ${key}` });
    } while (marker !== undefined);
    return parts;
  }

  return unfinished;
}
