import { S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalQuery, createSigner } from '../../../lib/stores/s3/s3-signature.ts';

const scope = { region: 'eu-west-1', service: 's3' };

/** The headers that the SDK's own signer gives a request. */
async function signedBySdk(
  request: { method: string; path: string; query: Record<string, string>; headers: Record<string, string> },
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
  signingDate: Date,
) {
  const client = new S3Client({ region: scope.region, credentials });
  const signer = await client.config.signer();
  const { headers } = await signer.sign(
    { ...request, protocol: 'https:', hostname: 'h' },
    { signingDate, signingRegion: scope.region, signingService: scope.service },
  );
  return headers;
}

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
const value = fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/);
const requests = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'HEAD'),
  path: fc.stringMatching(/^\/[\w./-]{0,40}$/),
  query: fc.dictionary(word, fc.string({ maxLength: 20 }), { maxKeys: 4 }),
  headers: fc.dictionary(word, value, { maxKeys: 6 }).map((headers) => ({
    ...headers,
    host: 'team.example.org',
    'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  })),
});
const identities = fc.record(
  { accessKeyId: word, secretAccessKey: fc.string({ minLength: 1, maxLength: 50 }), sessionToken: value },
  { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
);

describe('a signature', () => {
  test("is that of the SDK's signer, whatever the request", async () => {
    const sign = createSigner();
    const dates = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });
    await fc.assert(
      fc.asyncProperty(requests, identities, dates, async (request, { sessionToken, ...identity }, date) => {
        const credentials = { ...identity, ...(sessionToken === undefined ? {} : { sessionToken }) };
        const ours = sign({ ...request, query: canonicalQuery(request.query) }, credentials, scope, date);
        expect(ours).toEqual(await signedBySdk(request, credentials, date));
      }),
      { numRuns: 300 },
    );
  });

  test('is the one that AWS publishes for its example of a GET', () => {
    // S3 API Reference, "Signature Calculations for the Authorization Header", "GET Object".
    const signed = createSigner()(
      {
        method: 'GET',
        path: '/test.txt',
        query: '',
        headers: {
          host: 'examplebucket.s3.amazonaws.com',
          range: 'bytes=0-9',
          'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        },
      },
      { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
      { region: 'us-east-1', service: 's3' },
      new Date('2013-05-24T00:00:00Z'),
    );
    expect(signed.authorization).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, ' +
        'SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, ' +
        'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    );
  });

  test('follows the keys of whoever signs', () => {
    const sign = createSigner();
    const request = { method: 'GET', path: '/', query: '', headers: { host: 'h', 'x-amz-content-sha256': '' } };
    const of = (secretAccessKey: string) =>
      sign(request, { accessKeyId: 'a', secretAccessKey }, scope, new Date(0)).authorization;
    expect(of('one')).not.toBe(of('other'));
    expect(of('one')).toBe(of('one'));
  });
});

test.each([
  [{}, ''],
  [{ prefix: "a b/ü'(*)", 'list-type': '2' }, 'list-type=2&prefix=a%20b%2F%C3%BC%27%28%2A%29'],
])('a query is sorted and encoded: %j', (query, text) => {
  expect(canonicalQuery(query)).toBe(text);
});
