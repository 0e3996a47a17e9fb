import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGcsBucket, gcsOptions } from '../../../lib/stores/gcs/gcs-bucket.ts';
import { checkCredentialFile } from '../../../lib/stores/requests/credential-file.ts';
import { createRetry } from '../../../lib/stores/requests/retry.ts';
import { createS3Bucket } from '../../../lib/stores/s3/s3-bucket.ts';
import { s3Options } from '../../../lib/stores/s3/s3-options.ts';

const ports = { retry: createRetry({ sleep: async () => {} }), connections: 2 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-credential-file-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(['[default]\n', '[default]\n  region = eu-west-1\n\t', '\u{feff}[default]\r\n'])(
  'a command in a file that the repository names is not run, after %j',
  async (before) => {
    const [credentialpath, ran] = [join(folder, 'keys'), join(folder, 'ran')];
    await writeFile(credentialpath, `${before}credential_process = touch ${ran}\n`);
    const remote = new Map(Object.entries({ credentialpath, endpointurl: 'http://127.0.0.1:9' }));
    const bucket = createS3Bucket(s3Options('s3://bucket/x', remote), ports);
    await expect(bucket.stat('x')).rejects.toMatchObject({
      code: 'E_STORE_OPTION',
      message: expect.stringContaining('credential_process'),
    });
    expect(existsSync(ran)).toBe(false);
  },
);

test('a file that a profile has sent to a service is not named there either', async () => {
  const credentialpath = join(folder, 'token');
  await writeFile(credentialpath, '[default]\nrole_arn = r\nweb_identity_token_file = /home/me/.ssh/id\n');
  await expect(checkCredentialFile(credentialpath, 'aws', 'the store')).rejects.toThrow('web_identity_token_file');
  await writeFile(credentialpath, '[default]\naws_access_key_id = a\naws_secret_access_key = s\n');
  await expect(checkCredentialFile(credentialpath, 'aws', 'the store')).resolves.toBeUndefined();
});

test.each(['external_account', 'impersonated_service_account'])(
  'a file of the type %s sends no other file to where it says',
  async (type) => {
    const requests: unknown[] = [];
    const server = createServer((request, answer) => {
      requests.push(request.url);
      answer.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const [credentialpath, secret] = [join(folder, 'google.json'), join(folder, 'secret')];
    await writeFile(secret, 'of another program');
    const source = {
      type: 'external_account',
      audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `http://127.0.0.1:${port}/token`,
      credential_source: { file: secret },
    };
    const impersonated = {
      type,
      source_credentials: source,
      service_account_impersonation_url: 'https://iamcredentials.googleapis.com/v1/projects/-/a@b:generateAccessToken',
    };
    await writeFile(credentialpath, JSON.stringify(type === source.type ? source : impersonated));
    const bucket = createGcsBucket(gcsOptions('gs://bucket/x', new Map([['credentialpath', credentialpath]])), ports);
    await expect(bucket.stat('x')).rejects.toMatchObject({
      code: 'E_STORE_OPTION',
      message: expect.stringContaining(type),
    });
    server.close();
    expect(requests).toEqual([]);
  },
);

test('a key of Google that is not there is named', async () => {
  const path = join(folder, 'none.json');
  const bucket = createGcsBucket(gcsOptions('gs://bucket/x', new Map([['credentialpath', path]])), ports);
  await expect(bucket.stat('x')).rejects.toMatchObject({
    code: 'E_STORE_READ',
    message: expect.stringContaining(path),
  });
});
