import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { assayError } from '../../../lib/errors.ts';
import { silentLog } from '../../../lib/ports.ts';
import { tellingAbsence } from '../../../lib/stores/bucket/telling-absence.ts';
import { openStore, parseStoreLocation } from '../../../lib/stores/open-store.ts';
import { objectOf } from '../conformance.ts';
import { type AwsServer, startAws } from '../s3/aws-server.ts';
import { BUCKET, s3Remote } from '../s3/s3-fixture.ts';
import { memoryBucket } from './memory-bucket.ts';

let aws: AwsServer;
let folder: string;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws?.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-absence-'));
  aws.objects.clear();
  aws.objects.set(`${BUCKET}/`, Buffer.alloc(0));
  aws.asked.length = 0;
});
afterEach(() => rm(folder, { recursive: true }));

const store = () =>
  openStore(parseStoreLocation(`s3://${BUCKET}/team`, '/', s3Remote(aws.endpoint)), { log: silentLog });
const objects = (count: number) => Array.from({ length: count }, (_, i) => objectOf(`row ${i}`));
const keys = (count: number) => objects(count).map(({ key }) => key);
const put = (count: number) => {
  for (const { key, source } of objects(count)) {
    if ('bytes' in source) aws.objects.set(`${BUCKET}/team/${key}`, Buffer.from(source.bytes));
  }
};

for (const count of [3, 20]) {
  test(`writes ${count} objects to a bucket that may be neither listed nor read`, async () => {
    aws.rules = { listing: 'refused', reading: 'refused' };
    expect(await store().existing(keys(count), { writing: true })).toEqual(new Set());
    expect(await store().write(objects(count))).toMatchObject({ written: count, present: 0 });
    expect(await store().write(objects(count))).toMatchObject({ written: 0, present: count });
  });

  test(`knows which of ${count} objects are in a bucket that may not be listed, as soon as one can be read`, async () => {
    aws.rules = { listing: 'refused' };
    put(2);
    expect(await store().existing(keys(count))).toEqual(new Set(keys(2)));
    expect(await store().write(objects(count))).toMatchObject({ written: count - 2, present: 2 });
    expect((await store().existing(keys(count))).size).toBe(count);
  });

  test(`says of ${count} objects what it is not told where it may not list, and sees none`, async () => {
    aws.rules = { listing: 'refused' };
    const untold = { code: 'E_STORE_DENIED', exitCode: 3, fix: expect.stringContaining('s3:ListBucket') };
    await expect(store().existing(keys(count))).rejects.toMatchObject(untold);
    await expect(store().has(keys(1)[0] ?? '')).rejects.toMatchObject(untold);
  });

  test(`finds no bucket where ${count} objects are looked for in one that is not there`, async () => {
    aws.rules = {};
    aws.objects.clear();
    await expect(store().existing(keys(count))).rejects.toMatchObject({ code: 'E_STORE_BUCKET', exitCode: 2 });
  });
}

test('what may not be read is no object that is missing, where the bucket can be listed', async () => {
  aws.rules = { reading: 'refused' };
  put(1);
  const [object] = objects(1);
  if (object === undefined) throw new Error();
  await expect(store().has(object.key)).rejects.toMatchObject({
    code: 'E_STORE_DENIED',
    fix: expect.not.stringContaining('ListBucket'),
  });
});

test('reads what is there of a bucket that may not be listed, and names what is not', async () => {
  aws.rules = { listing: 'refused' };
  put(1);
  const [there, missing] = objects(2);
  if (there === undefined || missing === undefined) throw new Error();
  const opened = store();
  const target = join(folder, 'object');
  await expect(opened.read(missing.key, missing.expected, target)).rejects.toMatchObject({ code: 'E_STORE_DENIED' });
  await opened.read(there.key, there.expected, target);
  expect(
    createHash('md5')
      .update(await readFile(target))
      .digest('hex'),
  ).toBe(there.expected.md5);
  await expect(opened.read(missing.key, missing.expected, target)).rejects.toMatchObject({
    code: 'E_STORE_OBJECT_MISSING',
    message: expect.stringContaining('may not be read'),
  });
});

test('asks a list no second time what it has told', async () => {
  aws.rules = {};
  const opened = store();
  for (const key of keys(3)) expect(await opened.has(key)).toBe(false);
  expect(aws.asked.filter((line) => line.includes(`/${BUCKET}/ `))).toHaveLength(1);
});

test.each([
  ['HTTP 403', true],
  ['HTTP 403 AccessDenied', true],
  ['HTTP 403 AuthorizationPermissionMismatch', true],
  ['HTTP 403 SignatureDoesNotMatch', undefined],
  ['HTTP 400 ExpiredToken', undefined],
])('a list that is refused by %s tells nothing of what is there: %s', async (reason, unlisted) => {
  const refused = () => assayError('E_STORE_DENIED', { store: 's', operation: 'list', reason });
  const bucket = tellingAbsence({
    ...memoryBucket(),
    stat: () => Promise.reject(assayError('E_STORE_DENIED', { store: 's', operation: 'look', reason: 'HTTP 403' })),
    // biome-ignore lint/correctness/useYield: it fails before its first page
    async *list(): AsyncGenerator<never> {
      throw refused();
    },
  });
  await expect(bucket.stat('key')).rejects.toMatchObject({
    code: 'E_STORE_DENIED',
    details: unlisted === true ? { operation: 'look', unlisted } : { operation: 'list', reason },
  });
});
