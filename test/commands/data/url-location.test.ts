import { expect, test } from 'vitest';
import { splitVersion, withVersion } from '../../../lib/commands/data/imports/url-location.ts';

test.each([
  ['s3://b/k?versionId=abc', 's3://b/k', 'abc'],
  ['azure://c/k?versionid=2026-01-01T00:00:00.0000000Z', 'azure://c/k', '2026-01-01T00:00:00.0000000Z'],
  ['gs://b/k#1700000000000000', 'gs://b/k', '1700000000000000'],
  ['s3://b/k?versionId=%zz', 's3://b/k', '%zz'],
  ['gs://b/k#part', 'gs://b/k#part', undefined],
  ['s3://b/k?versionId=', 's3://b/k?versionId=', undefined],
  ['https://h/k?versionId=abc', 'https://h/k?versionId=abc', undefined],
  ['constructor://r/k?versionId=abc', 'constructor://r/k?versionId=abc', undefined],
  ['remote://r/k?versionId=abc', 'remote://r/k?versionId=abc', undefined],
])('the version in an address: %s', (address, url, version) => {
  expect(splitVersion(address)).toEqual(version === undefined ? { url } : { url, version });
  expect(withVersion(url, version)).toBe(address);
});
