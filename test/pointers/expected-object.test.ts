import { expect, test } from 'vitest';
import { expectedObject, SIZE_SLACK_BYTES } from '../../lib/pointers/expected-object.ts';
import { MAX_DIR_OBJECT_BYTES } from '../../lib/pointers/listings/dir-object.ts';

const MD5 = '5ea40360f5b4ec688df672a4db9c17d1';

test.each([
  ['a file', MD5, 6, { md5: MD5, hash: 'md5', atMost: 6 + SIZE_SLACK_BYTES }],
  ['a file whose size nobody says', MD5, undefined, { md5: MD5, hash: 'md5' }],
  // The size beside it is that of its files.
  ['a listing', `${MD5}.dir`, 6, { md5: MD5, atMost: MAX_DIR_OBJECT_BYTES }],
])('%s', (_what, md5, outputBytes, expected) => {
  expect(expectedObject(md5, 'md5', outputBytes)).toEqual(expected);
});
