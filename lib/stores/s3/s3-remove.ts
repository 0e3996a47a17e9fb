import { requestFault } from '../requests/request-fault.ts';
import type { S3Requests } from './s3-bucket.ts';

/** Keys of one request to delete (S3 API reference, DeleteObjects). */
const KEYS_A_DELETE = 1000;
/** What S3 says of one key of many where it would answer a request of its own with such a status ("Error responses"). */
const STATUSES: Readonly<Record<string, number>> = { AccessDenied: 403, InternalError: 500, ServiceUnavailable: 503 };

export interface S3RemoveOptions {
  readonly bucket: string;
  /** Of messages. */
  readonly title: string;
  /** Of the store, with a slash at its end, or ''. */
  readonly root: string;
}

/** Removes objects, a thousand with a request; one that fails for some of them is made again for all, which does no harm. */
export async function s3Remove(
  request: S3Requests,
  keys: readonly string[],
  { bucket, title, root }: S3RemoveOptions,
): Promise<void> {
  for (let from = 0; from < keys.length; from += KEYS_A_DELETE) {
    const batch = keys.slice(from, from + KEYS_A_DELETE);
    await request(`remove ${batch.length} objects`, async (client, sdk, signal) => {
      const answer = await client.send(
        new sdk.DeleteObjectsCommand({
          Bucket: bucket,
          Delete: { Quiet: true, Objects: batch.map((key) => ({ Key: root + key })) },
        }),
        signal,
      );
      const [failed] = (answer.Errors ?? []).filter(({ Code }) => Code !== 'NoSuchKey');
      if (failed === undefined) return;
      const { Code: code = 'it does not say why', Key = 'an object' } = failed;
      const status = STATUSES[code] ?? 400;
      throw requestFault({ status, code }, { store: title, bucket, operation: `remove ${Key}` });
    });
  }
}
