import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { requestFault } from '../../../lib/stores/requests/request-fault.ts';
import { createRetry, type Retry, TransientFault } from '../../../lib/stores/requests/retry.ts';
import { createS3Bucket } from '../../../lib/stores/s3/s3-bucket.ts';
import { openS3 } from '../../../lib/stores/s3/s3-client.ts';
import { MAX_PAGE_BYTES } from '../../../lib/stores/s3/s3-listing.ts';
import { s3Options } from '../../../lib/stores/s3/s3-options.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-s3-client-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

test.each([
  [undefined, 'ours'],
  ['team', 'theirs'],
])('credentialpath is the file of credentials, profile %s', async (profile, accessKeyId) => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
  const credentialpath = join(folder, 'keys');
  const section = (name: string, key: string) => `[${name}]\naws_access_key_id = ${key}\naws_secret_access_key = s\n`;
  await writeFile(credentialpath, section('default', 'ours') + section('team', 'theirs'));
  const remote = { credentialpath, region: 'eu-central-1', ...(profile === undefined ? {} : { profile }) };
  const { client } = await openS3(s3Options('s3://bucket/x', new Map(Object.entries(remote))), 2);
  expect(await client.config.credentials()).toMatchObject({ accessKeyId, secretAccessKey: 's' });
  client.destroy();
});

test.each([400, 403])('an answer of %i without a word is a refusal, and no word is made up', (status) => {
  const context = { store: 'the store s3://bucket', bucket: 'bucket', operation: 'look at x' };
  expect(requestFault({ status, code: 'Unknown' }, context)).toMatchObject({
    code: 'E_STORE_DENIED',
    message: `the store s3://bucket refuses to look at x: HTTP ${status}`,
  });
});

test('a file of credentials that is not there is named, and not taken for a network that is down', async () => {
  const token = join(folder, 'no-token');
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
  for (const name of ['AWS_SHARED_CREDENTIALS_FILE', 'AWS_CONFIG_FILE']) vi.stubEnv(name, join(folder, 'none'));
  vi.stubEnv('AWS_WEB_IDENTITY_TOKEN_FILE', token);
  vi.stubEnv('AWS_ROLE_ARN', 'arn:aws:iam::1:role/runner');
  const remote = new Map(Object.entries({ endpointurl: 'http://127.0.0.1:1', region: 'eu-central-1' }));
  const retry = createRetry({ sleep: () => Promise.reject(new Error('tried again')) });
  const bucket = createS3Bucket(s3Options('s3://bucket/x', remote), { retry, connections: 2 });
  await expect(bucket.stat('a')).rejects.toMatchObject({
    code: 'E_STORE_CREDENTIALS',
    message: expect.stringContaining(token),
  });
});

test.each([200, 500])('an answer of %i that never ends does not fill the memory', async (status) => {
  let sent = 0;
  const endless = createServer((_request, answer) => {
    answer.writeHead(status);
    const piece = Buffer.alloc(1024 * 1024, 'x');
    const more = () => {
      while (!answer.destroyed && answer.write(piece)) sent += piece.length;
    };
    answer.on('drain', more);
    more();
  }).listen(0, '127.0.0.1');
  await once(endless, 'listening');
  const address = endless.address();
  const endpointurl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const remote = { endpointurl, region: 'eu-central-1', access_key_id: 'a', secret_access_key: 's' };
  const retry: Retry = (work) =>
    work().catch((error: unknown) => Promise.reject(error instanceof TransientFault ? error.givenUp(1) : error));
  const bucket = createS3Bucket(s3Options('s3://bucket/x', new Map(Object.entries(remote))), { retry, connections: 2 });
  const pages = bucket.list('')[Symbol.asyncIterator]();
  await expect(pages.next()).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
  expect(sent).toBeLessThan(3 * MAX_PAGE_BYTES);
  endless.close();
  endless.closeAllConnections();
});

test.each([
  [301, 'PermanentRedirect', 'E_STORE_REGION', 'eu-central-1'],
  [307, 'TemporaryRedirect', 'E_STORE_REGION', 'eu-central-1'],
  [403, 'InvalidObjectState', 'E_STORE_ARCHIVED', 'InvalidObjectState'],
  [409, 'BlobArchived', 'E_STORE_ARCHIVED', 'archive'],
])('an answer of %i %s is %s', (status, code, expected, word) => {
  const context = { store: 'the store s3://bucket', bucket: 'bucket', operation: 'read x' };
  expect(requestFault({ status, code, region: 'eu-central-1' }, context)).toMatchObject({
    code: expected,
    message: expect.stringContaining(word),
  });
});

test('the proxy of the environment is asked for all', async () => {
  const asked: string[] = [];
  const proxy = createServer(({ method, url }, answer) => {
    asked.push(`${method} ${url}`);
    answer.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  const remote = { endpointurl: 'http://s3.test', region: 'eu-central-1', access_key_id: 'a', secret_access_key: 's' };
  const proxies = { HTTP_PROXY: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` };
  const options = { ...s3Options('s3://bucket/x', new Map(Object.entries(remote))), proxies };
  const bucket = createS3Bucket(options, { retry: createRetry(), connections: 2 });
  for (const key of ['a', 'b']) expect(await bucket.stat(key)).toBe(undefined);
  expect(asked).toEqual(['HEAD http://s3.test/bucket/x/a', 'HEAD http://s3.test/bucket/x/b']);
  proxy.close();
  proxy.closeAllConnections();
});
