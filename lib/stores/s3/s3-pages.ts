import { nextPage } from '../bucket/next-page.ts';
import type { BucketPage } from '../bucket/object-bucket.ts';
import { textOf } from './s3-answers.ts';
import type { S3Requests } from './s3-bucket.ts';
import { notS3 } from './s3-failure.ts';
import { MAX_PAGE_BYTES, readListing } from './s3-listing.ts';
import { unquoted } from './s3-versions.ts';

export interface S3PagesOptions {
  readonly bucket: string;
  /** Of messages. */
  readonly title: string;
  /** Of the store, with a slash at its end, or ''. */
  readonly root: string;
  readonly prefix: string;
  /** The key behind which to begin. */
  readonly after: string | undefined;
  readonly md5Of: (tag: string | undefined) => string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Pages of the objects below a prefix: the first one by the SDK, which has seen any form of answer. @throws the bucket's errors */
export async function* s3Pages(
  request: S3Requests,
  { bucket, title, root, prefix, after, md5Of, signal }: S3PagesOptions,
): AsyncIterable<BucketPage> {
  let token: string | undefined;
  const from = after === undefined ? undefined : root + after;
  do {
    const page = await onePage(request, { bucket, title, prefix: root + prefix, from, token, signal });
    const next = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    token = nextPage(token, next, { store: title, prefix: root + prefix });
    // A service that lists what was not asked for is not believed.
    const below = (page.Contents ?? []).filter(({ Key }) => Key?.startsWith(root + prefix));
    const objects = below.map(({ Key = '', Size = 0, ETag, LastModified }) => ({
      key: Key.slice(root.length),
      size: Size,
      md5: md5Of(ETag),
      tag: unquoted(ETag),
      changedMs: LastModified?.getTime(),
    }));
    yield { objects, more: token !== undefined };
  } while (token !== undefined);
}

interface PageRequest extends Pick<S3PagesOptions, 'bucket' | 'title' | 'prefix' | 'signal'> {
  readonly from: string | undefined;
  readonly token: string | undefined;
}

function onePage(request: S3Requests, { bucket, title, prefix, from, token, signal }: PageRequest) {
  const start = token === undefined ? from : undefined;
  return request(`list ${prefix}`, async (client, sdk, abort, beside) => {
    const query = {
      prefix,
      ...(token === undefined ? {} : { 'continuation-token': token }),
      ...(start === undefined ? {} : { 'start-after': start }),
    };
    const direct = await beside.send({ operation: 'ListObjectsV2', key: '', query }, signal);
    const page = direct === undefined ? undefined : readListing(await textOf(direct, MAX_PAGE_BYTES));
    if (page !== undefined) return page;
    const answer = await client.send(
      new sdk.ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        ...(token === undefined ? {} : { ContinuationToken: token }),
        ...(start === undefined ? {} : { StartAfter: start }),
      }),
      abort,
    );
    // What a list always says: a page to sign in to a network, or an empty one, would pass for an empty bucket.
    if ([answer.IsTruncated, answer.Name, answer.KeyCount].every((part) => part === undefined)) throw notS3(title);
    return answer;
  });
}
