import { nextPage } from '../bucket/next-page.ts';
import type { BucketObject, BucketPage } from '../bucket/object-bucket.ts';
import type { S3Requests } from './s3-bucket.ts';
import { notS3, s3Code } from './s3-failure.ts';

export interface S3VersionsListing {
  readonly bucket: string;
  /** Of messages. */
  readonly title: string;
  /** Of the store, with a slash at its end, or ''. */
  readonly root: string;
  readonly prefix: string;
  readonly md5Of: (tag: string | undefined) => string | undefined;
}

/**
 * Pages of every version of the objects below a prefix, newest first for each key; what marks a deletion is left out.
 *
 * @throws the bucket's errors; E_STORE_DENIED without the right to list versions (s3:ListBucketVersions)
 */
export async function* s3Versions(
  request: S3Requests,
  { bucket, title, root, prefix, md5Of }: S3VersionsListing,
): AsyncIterable<BucketPage> {
  let marker: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
  while (marker !== undefined) {
    const after: { KeyMarker?: string; VersionIdMarker?: string } = marker;
    const page = await request(`list the versions of ${prefix}`, (client, sdk, signal) =>
      client.send(new sdk.ListObjectVersionsCommand({ Bucket: bucket, Prefix: root + prefix, ...after }), signal),
    );
    if ([page.IsTruncated, page.Name].every((part) => part === undefined)) throw notS3(title).givenUp(1);
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page;
    if (page.IsTruncated === true) {
      const [before, next] = [after, { KeyMarker, VersionIdMarker }].map((one) => JSON.stringify(one));
      nextPage(before, next, { store: title, prefix: root + prefix });
    }
    marker =
      page.IsTruncated === true && KeyMarker !== undefined
        ? { KeyMarker, ...(VersionIdMarker === undefined ? {} : { VersionIdMarker }) }
        : undefined;
    const below = (page.Versions ?? []).filter(({ Key }) => Key?.startsWith(root + prefix));
    const objects = below.map(
      ({ Key = '', Size = 0, ETag, VersionId, IsLatest, LastModified }): BucketObject => ({
        key: Key.slice(root.length),
        size: Size,
        md5: md5Of(ETag),
        tag: unquoted(ETag),
        version: VersionId,
        newest: IsLatest === true,
        changedMs: LastModified?.getTime(),
      }),
    );
    yield { objects, more: marker !== undefined };
  }
}

/** The part of a request that names a version. */
export function versioned(version: string | undefined): { VersionId?: string } {
  return version === undefined ? {} : { VersionId: version };
}

/** How services say that there is no such version: unknown to them, of a form that they do not use, or a deletion. */
export function isNoVersion(error: unknown, version: string | undefined): boolean {
  const { code, status } = s3Code(error);
  return version !== undefined && (code === 'NoSuchVersion' || status === 400 || status === 405);
}

/** As DVC writes tags of S3. */
export function unquoted(tag: string | undefined): string | undefined {
  return tag?.replace(/^"(.*)"$/, '$1');
}
