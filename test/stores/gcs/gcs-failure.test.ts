import { expect, test } from 'vitest';
import { gcsFailure } from '../../../lib/stores/gcs/gcs-failure.ts';

const session = 'https://storage.googleapis.com/upload/storage/v1/b/team/o?upload_id=SECRET';

test.each([
  [`request to ${session} failed, reason: Proxy connection ended`, 'Proxy connection ended'],
  [`Invalid response at ${session}`, 'Invalid response'],
  ['socket hang up', 'socket hang up'],
])('no address is told of %s: that of an upload lets in', (message, code) => {
  expect(gcsFailure(new Error(message))).toEqual({ status: undefined, code, retryAfter: undefined });
});
