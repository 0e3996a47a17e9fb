import { expect, test } from 'vitest';
import type { S3Requests } from '../../../lib/stores/s3/s3-bucket.ts';
import { openS3 } from '../../../lib/stores/s3/s3-client.ts';
import { s3Options } from '../../../lib/stores/s3/s3-options.ts';
import { s3Unfinished } from '../../../lib/stores/s3/s3-unfinished.ts';

/** What is found of an upload where the service answers its requests so, by the command's name. */
async function found(answers: Readonly<Record<string, object>>) {
  const asked: string[] = [];
  const remote = new Map(Object.entries({ region: 'eu-west-1', access_key_id: 'k', secret_access_key: 's' }));
  const { client, sdk, direct } = await openS3(s3Options('s3://bucket', remote), 1);
  client.send = async (command: object) => {
    asked.push(command.constructor.name);
    if (asked.length > 20) throw new Error('it never ends');
    return { ...answers[command.constructor.name] };
  };
  const request: S3Requests = (_operation, send) => send(client, sdk, {}, direct);
  const upload = await s3Unfinished({ at: (Key) => ({ Bucket: 'bucket', Key }), request, title: 'the store' })('key');
  return { upload, asked };
}

const uploads = {
  Uploads: [
    { Key: 'key.dir', UploadId: 'other' },
    { Key: 'key', UploadId: 'id' },
  ],
};
const Parts = [{ PartNumber: 1, Size: 3, ETag: '"tag"' }];

test('an upload of the key is found, with its parts', async () => {
  const { upload } = await found({ ListMultipartUploadsCommand: uploads, ListPartsCommand: { Parts } });
  expect(upload).toEqual({ id: 'id', sum: 'md5', parts: new Map([[1, { size: 3, tag: '"tag"', crc32: undefined }]]) });
});

test('one whose parts are listed again and again is not taken up', async () => {
  const page = { Parts, IsTruncated: true, NextPartNumberMarker: '1' };
  const { upload, asked } = await found({ ListMultipartUploadsCommand: uploads, ListPartsCommand: page });
  expect(upload).toBeUndefined();
  expect(asked).toEqual(['ListMultipartUploadsCommand', 'ListPartsCommand', 'ListPartsCommand']);
});
