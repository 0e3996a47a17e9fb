import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createRetry } from '../../../lib/stores/requests/retry.ts';
import { createS3Bucket } from '../../../lib/stores/s3/s3-bucket.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A bucket whose requests to delete are answered by these codes for a key, one after the other; '' for none. */
async function answering(...codes: readonly string[]) {
  let asked = 0;
  const server = createServer((request, answer) => {
    const code = codes[asked++] ?? '';
    request.resume();
    const error = code === '' ? '' : `<Error><Key>x/one</Key><Code>${code}</Code></Error>`;
    answer.setHeader('content-type', 'application/xml');
    request.on('end', () => answer.end(`<?xml version="1.0"?><DeleteResult>${error}</DeleteResult>`));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
  const options = { bucket: 'team', prefix: 'x', endpoint, region: 'eu-west-1', pathStyle: true, credentials };
  const bucket = createS3Bucket(options, { retry: createRetry({ sleep: async () => {} }), connections: 2 });
  return { bucket, asked: () => asked };
}

test.each(['InternalError', 'SlowDown', 'ServiceUnavailable'])('%s for one key of many passes', async (code) => {
  const { bucket, asked } = await answering(code, '');
  await bucket.remove(['one', 'two']);
  expect(asked()).toBe(2);
});

test.each([
  ['AccessDenied', 'E_STORE_DENIED'],
  ['ObjectLocked', 'E_STORE_REQUEST'],
])('%s stays, and names the key', async (word, code) => {
  const { bucket, asked } = await answering(word);
  await expect(bucket.remove(['one'])).rejects.toMatchObject({ code, message: expect.stringContaining('x/one') });
  expect(asked()).toBe(1);
});

test('one that is not there is no error', async () => {
  const { bucket, asked } = await answering('NoSuchKey');
  await bucket.remove(['one']);
  expect(asked()).toBe(1);
});
