import type { FileMetadata } from '@google-cloud/storage';
import type { BucketObject } from './object-bucket.ts';

/** What Google's service tells of an object, in the words of every bucket; its generation is the version. */
export function gcsObject(key: string, metadata: FileMetadata): BucketObject {
  const { size, md5Hash, etag, generation, updated, timeDeleted } = metadata;
  return {
    key,
    size: Number(size),
    md5: hexOf(md5Hash),
    // As DVC writes it: the bytes that the service encodes, in hex.
    tag: hexOf(etag),
    version: generation === undefined ? undefined : String(generation),
    condition: generation === undefined ? undefined : String(generation),
    newest: timeDeleted === undefined,
    changedMs: Date.parse(updated ?? '') || undefined,
  };
}

/** No object has this generation: they are times in microseconds. */
const NO_GENERATION = 1;

/** The part of a request that names a version. One that is no number is the version of nothing. */
export function generationOf(version: string | undefined): { generation?: number } {
  return version === undefined ? {} : { generation: Number(version) || NO_GENERATION };
}

export function base64Of(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}

function hexOf(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('hex');
}
