import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createGcsBucket } from '../../../lib/stores/gcs/gcs-bucket.ts';
import { createRetry } from '../../../lib/stores/requests/retry.ts';
import { createS3Bucket } from '../../../lib/stores/s3/s3-bucket.ts';
import { newFolder } from '../../new-folder.ts';

const IDENTITY = 'the-secret-identity';
const ports = { retry: createRetry({ sleep: async () => {} }), connections: 1 };

/** Buckets whose SDK first asks a service of tokens. None of them is ever asked itself. */
const BUCKETS = {
  Google: () => createGcsBucket({ bucket: 'bucket', prefix: '', project: 'team' }, ports),
  Amazon: () =>
    createS3Bucket({ bucket: 'bucket', prefix: '', region: 'eu-central-1', endpoint: 'http://127.0.0.1:1' }, ports),
};

describe.each(Object.entries(BUCKETS))(
  'what the service of tokens of %s says is not taken for the bucket',
  (_cloud, open) => {
    let server: Server;
    let answer: { status: number; body: string };
    beforeAll(async () => {
      server = createServer((request, response) => {
        request.resume().on('end', () => response.writeHead(answer.status).end(answer.body));
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
    });
    afterAll(() => {
      server?.closeAllConnections();
      server?.close();
    });
    beforeEach(async () => {
      const address = server.address();
      const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
      const folder = await newFolder();
      const [identity, google] = [join(folder, 'identity'), join(folder, 'google.json')];
      await writeFile(identity, IDENTITY);
      const external = {
        ...{ type: 'external_account', audience: 'team', subject_token_type: 'urn:ietf:params:oauth:token-type:jwt' },
        ...{ token_url: `${url}/token`, credential_source: { file: identity } },
      };
      await writeFile(google, JSON.stringify(external));
      const environment = {
        GOOGLE_APPLICATION_CREDENTIALS: google,
        AWS_WEB_IDENTITY_TOKEN_FILE: identity,
        AWS_ROLE_ARN: 'arn:aws:iam::1:role/ci',
        AWS_ENDPOINT_URL_STS: url,
        AWS_CONFIG_FILE: join(folder, 'none'),
        AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
      };
      for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
      for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
    });
    afterEach(() => vi.unstubAllEnvs());

    const error = (code: string) =>
      `<ErrorResponse><Error><Code>${code}</Code><Message>not ${IDENTITY}</Message></Error></ErrorResponse>`;

    test.each([
      [404, ''],
      [400, JSON.stringify({ error: 'invalid_grant', error_description: `not ${IDENTITY}` })],
      [400, error('ExpiredTokenException')],
      [403, error('AccessDenied')],
    ])('%i %s', async (status, body) => {
      answer = { status, body };
      for (const ask of [() => open().stat('x'), () => open().get('x')]) {
        const refused = await ask().catch((error: unknown) => error);
        expect(refused).toMatchObject({
          code: 'E_STORE_CREDENTIALS',
          exitCode: 3,
          message: expect.stringContaining(`HTTP ${status}`),
        });
        expect(refused).toMatchObject({ message: expect.not.stringContaining(IDENTITY) });
      }
    });
  },
);
