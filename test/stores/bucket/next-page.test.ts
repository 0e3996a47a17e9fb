import { expect, test } from 'vitest';
import { nextPage } from '../../../lib/stores/bucket/next-page.ts';

const OF = { store: 'the store s3://b', prefix: 'files/' };

test.each([
  [undefined, 'a', 'a'],
  ['a', 'b', 'b'],
  ['a', undefined, undefined],
  ['a', '', undefined],
  [undefined, undefined, undefined],
])('after %j comes what the service names: %j', (before, named, expected) => {
  expect(nextPage(before, named, OF)).toBe(expected);
});

test('a list that names the same page again ends', () => {
  expect(() => nextPage('a', 'a', OF)).toThrow(
    expect.objectContaining({ code: 'E_STORE_REQUEST', message: expect.stringContaining('same page') }),
  );
});
