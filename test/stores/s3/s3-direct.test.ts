import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createRetry } from '../../../lib/stores/requests/retry.ts';
import { createS3Bucket } from '../../../lib/stores/s3/s3-bucket.ts';
import { openConnections } from '../../../lib/stores/s3/s3-connection.ts';
import { patternOf } from '../../../lib/stores/s3/s3-pattern.ts';

type Answer = (request: IncomingMessage, answer: ServerResponse) => void;

const TLS = join(import.meta.dirname, 'tls');
const CERTIFICATE = join(TLS, 'certificate.pem');

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A server that answers one request after the other as told, the last way for all that follow. */
async function serverOf(...answers: readonly Answer[]) {
  return listening(createServer(), 'http', answers);
}

/** The same behind a certificate that no authority has signed. */
async function secureServerOf(...answers: readonly Answer[]) {
  const [key, cert] = [readFileSync(join(TLS, 'key.pem')), readFileSync(CERTIFICATE)];
  return listening(createSecureServer({ key, cert }), 'https', answers);
}

async function listening(server: Server | SecureServer, protocol: string, answers: readonly Answer[]) {
  const seen: { line: string; headers: IncomingMessage['headers']; body: Buffer }[] = [];
  let sockets = 0;
  server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const answer = answers[Math.min(seen.length, answers.length - 1)];
    seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body: Buffer.concat(chunks) });
    answer?.(request, response);
  });
  server.listen(0, '127.0.0.1');
  server.on('connection', () => sockets++);
  await once(server, 'listening');
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { endpoint: `${protocol}://127.0.0.1:${port}`, seen, sockets: () => sockets };
}

function bucketAt(endpoint: string, options: { anonymous?: true; sse?: 'AES256'; sslVerify?: boolean | string } = {}) {
  const credentials = { accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: 'token' };
  return createS3Bucket(
    {
      bucket: 'team',
      prefix: 'a b',
      endpoint,
      region: 'eu-west-1',
      pathStyle: true,
      ...(options.anonymous === true ? {} : { credentials }),
      ...options,
    },
    { retry: createRetry({ sleep: async () => {} }), connections: 4 },
  );
}

const content = (text: string) => {
  const bytes = Buffer.from(text);
  return { bytes, md5: createHash('md5').update(bytes).digest('hex') };
};
const well: Answer = (_request, answer) => answer.setHeader('etag', '"tag"').end();
const status =
  (code: number, body = '', headers: Record<string, string> = {}): Answer =>
  (_request, answer) =>
    answer.writeHead(code, headers).end(body);
const usesSdk = ({ headers }: { headers: IncomingMessage['headers'] }) => 'amz-sdk-invocation-id' in headers;

describe('requests beside the SDK', () => {
  test('ask what the SDK asked, for another object, signed anew, over connections that are kept', async () => {
    const { endpoint, seen, sockets } = await serverOf(well);
    const bucket = bucketAt(endpoint, { sse: 'AES256' });
    const keys = Array.from({ length: 20 }, (_, index) => `files/md5/00/${index + 1}`);
    for (const key of keys) expect(await bucket.put(key, content(key), false)).toBe('written');
    const [first, second] = seen;
    expect(seen.map(usesSdk)).toEqual(keys.map((_, index) => index === 0));
    expect(second?.line).toBe(first?.line.replace('00/1', '00/2'));
    expect(second?.body.toString()).toBe('files/md5/00/2');
    const same = ['host', 'if-none-match', 'x-amz-server-side-encryption', 'x-amz-security-token', 'content-type'];
    for (const name of same) expect([name, second?.headers[name]]).toEqual([name, first?.headers[name]]);
    expect(second?.headers['content-md5']).toBe(createHash('md5').update('files/md5/00/2').digest('base64'));
    expect(second?.headers['x-amz-content-sha256']).toBe(createHash('sha256').update('files/md5/00/2').digest('hex'));
    expect(second?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=key\/\d{8}\/eu-west-1\/s3\/aws4_request,/,
    );
    expect(second?.headers.authorization).not.toBe(first?.headers.authorization);
    // One of the SDK's, and those that the options allow.
    expect(sockets()).toBeLessThanOrEqual(1 + 4);
  });

  test('are not signed where the SDK does not sign', async () => {
    const { endpoint, seen } = await serverOf((_request, answer) => answer.end('bytes'));
    const bucket = bucketAt(endpoint, { anonymous: true });
    for (const key of ['one', 'two']) {
      const { bytes } = await bucket.get(key);
      const got: Uint8Array[] = [];
      for await (const chunk of bytes) got.push(chunk);
      expect(Buffer.concat(got).toString()).toBe('bytes');
    }
    expect(seen.map(usesSdk)).toEqual([true, false]);
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  });

  test.each([301, 302, 307, 308])('follow no redirect: after %s nothing goes anywhere else', async (code) => {
    const elsewhere = await serverOf(well);
    const { endpoint, seen } = await serverOf(well, status(code, '', { location: `${elsewhere.endpoint}/team/x` }));
    const bucket = bucketAt(endpoint);
    await bucket.put('one', content('one'), true);
    await expect(bucket.put('two', content('two'), true)).rejects.toThrow();
    expect(seen.slice(0, 3).map(usesSdk)).toEqual([true, false, true]);
    expect(elsewhere.seen).toEqual([]);
  });

  test('leave what is no plain answer to the SDK, which asks once more', async () => {
    const { endpoint, seen } = await serverOf(well, status(403, '<Error><Code>ExpiredToken</Code></Error>'), well);
    const bucket = bucketAt(endpoint);
    for (const key of ['one', 'two', 'three']) expect(await bucket.put(key, content(key), true)).toBe('written');
    expect(seen.map(usesSdk)).toEqual([true, false, true, false]);
  });

  test('are tried again when the server is busy, and when a body is cut off', async () => {
    const cut: Answer = (_request, answer) => {
      answer.writeHead(200, { 'content-length': '5' });
      answer.write('by');
      setImmediate(() => answer.destroy());
    };
    const whole: Answer = (_request, answer) => answer.end('bytes');
    const busy = status(503, '<Error><Code>SlowDown</Code></Error>', { 'retry-after': '0' });
    const { endpoint, seen } = await serverOf(whole, busy, cut, whole);
    const bucket = bucketAt(endpoint);
    for (const key of ['one', 'two']) {
      const { bytes } = await bucket.get(key);
      for await (const chunk of bytes) expect(Buffer.from(chunk).toString()).toBe('bytes');
    }
    expect(seen.map(usesSdk)).toEqual([true, false, false, false]);
  });

  test('say what is missing, and what is there already', async () => {
    const missing = status(404, '<Error><Code>NoSuchKey</Code></Error>');
    const { endpoint, seen } = await serverOf(well, missing, well, status(412), well, status(404));
    const bucket = bucketAt(endpoint);
    await bucket.get('one');
    await expect(bucket.get('two')).rejects.toMatchObject({ code: 'E_STORE_OBJECT_MISSING' });
    await bucket.put('one', content('one'), false);
    expect(await bucket.put('two', content('two'), false)).toBe('exists');
    await bucket.stat('one');
    expect(await bucket.stat('two')).toBeUndefined();
    expect(seen.map(usesSdk)).toEqual([true, false, true, false, true, false]);
  });

  test.each([CERTIFICATE, false])('trust whom the SDK trusts: sslVerify %s', async (sslVerify) => {
    const { endpoint, seen } = await secureServerOf(well);
    const bucket = bucketAt(endpoint, { sslVerify });
    for (const key of ['one', 'two', 'three']) expect(await bucket.put(key, content(key), true)).toBe('written');
    expect(seen.map(usesSdk)).toEqual([true, false, false]);
  });

  test('are not made to a server that nobody vouches for', async () => {
    const { endpoint, seen } = await secureServerOf(well);
    await expect(bucketAt(endpoint).put('one', content('one'), true)).rejects.toMatchObject({
      message: expect.stringContaining('SELF_SIGNED'),
    });
    const exchange = await openConnections(endpoint, {
      ...{ connections: 1, connectTimeoutMs: 1000, readTimeoutMs: 1000, tls: {} },
    });
    await expect(exchange({ method: 'GET', path: '/', headers: {} }, undefined)).rejects.toMatchObject({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    expect(seen).toEqual([]);
  });

  test('are not made for keys that a path does not hold as they are', async () => {
    const { endpoint, seen } = await serverOf(well);
    const bucket = bucketAt(endpoint);
    for (const key of ['one', 'a b/ü?#']) await bucket.put(key, content(key), true);
    expect(seen.map(usesSdk)).toEqual([true, true]);
  });
});

describe('a connection', () => {
  const timeouts = { connectTimeoutMs: 1000, readTimeoutMs: 60_000 };
  const open = (endpoint: string) => openConnections(endpoint, { connections: 1, ...timeouts, tls: {} });
  const get = { method: 'GET', path: '/team/one', headers: {} } as const;
  const large = Buffer.alloc(3 * 1024 * 1024, 'large ');

  test('gives a large body as it comes, and holds it back until somebody reads', async () => {
    const { endpoint } = await serverOf((_request, answer) => answer.end(large));
    const { body, headers } = await (await open(endpoint))(get, undefined);
    expect(headers['content-length']).toBe(String(large.length));
    if (Buffer.isBuffer(body)) throw new Error('it came whole');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(body.readableLength).toBeLessThan(large.length / 2);
    const chunks: Buffer[] = [];
    for await (const chunk of body) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(large)).toBe(true);
  });

  test('ends with the signal: before an answer, in the middle of one, and at once', async () => {
    const { endpoint } = await serverOf(
      () => {},
      (_request, answer) => void answer.write(large),
      well,
    );
    const exchange = await open(endpoint);
    const reason = new Error('enough');
    const waiting = new AbortController();
    const none = exchange(get, waiting.signal);
    setTimeout(() => waiting.abort(reason), 20);
    await expect(none).rejects.toBe(reason);
    const reading = new AbortController();
    const { body } = await exchange(get, reading.signal);
    reading.abort(reason);
    await expect(
      (async () => {
        for await (const _chunk of body);
      })(),
    ).rejects.toBe(reason);
    await expect(exchange(get, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect((await exchange(get, undefined)).status).toBe(200);
  });

  test('tells of a body that ends too early', async () => {
    const { endpoint } = await serverOf((_request, answer) => {
      answer.writeHead(200, { 'content-length': String(large.length) });
      answer.write(large.subarray(0, 1000), () => answer.destroy());
    });
    const { body } = await (await open(endpoint))(get, undefined);
    await expect(
      (async () => {
        for await (const _chunk of body);
      })(),
    ).rejects.toThrow();
  });
});

describe('the pattern of a request', () => {
  const headers = {
    host: 'h',
    authorization: 'AWS4-HMAC-SHA256 Credential=k/20260101/r/s3/aws4_request, SignedHeaders=host, Signature=0',
  };
  const request = { protocol: 'https:', hostname: 'h', path: '/b/k', query: { 'x-id': 'PutObject' }, headers };

  test('has what is common to all requests of its kind', () => {
    expect(patternOf(request, 'k')).toEqual({
      protocol: 'https:',
      hostname: 'h',
      port: undefined,
      path: '/b/',
      query: { 'x-id': 'PutObject' },
      headers: { host: 'h' },
      scope: { region: 'r', service: 's3' },
    });
  });

  test.each([
    ['a version', { query: { 'x-id': 'GetObject', versionId: '1' } }],
    ['a checksum of one content', { headers: { ...headers, 'x-amz-checksum-crc32': 'AAAA' } }],
    ['a session of a directory bucket', { headers: { ...headers, 'x-amz-s3session-token': 't' } }],
    [
      'a signature for several regions',
      { headers: { authorization: 'AWS4-ECDSA-P256-SHA256 Credential=k/20260101/s3/aws4_request, x' } },
    ],
    ['another path', { path: '/b/other' }],
    ['another protocol', { protocol: 'ftp:' }],
  ])('is none of a request with %s', (_what, change) => {
    expect(patternOf({ ...request, ...change }, 'k')).toBeUndefined();
  });
});
