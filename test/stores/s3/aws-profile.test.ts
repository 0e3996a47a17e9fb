import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createRetry } from '../../../lib/stores/requests/retry.ts';
import { awsEnvironment } from '../../../lib/stores/s3/aws-environment.ts';
import { createS3Bucket } from '../../../lib/stores/s3/s3-bucket.ts';
import { openS3 } from '../../../lib/stores/s3/s3-client.ts';
import { s3Options } from '../../../lib/stores/s3/s3-options.ts';
import { type AwsServer, startAws } from './aws-server.ts';

const CONFIG = `
# of the team
[default]
region = eu-north-1

[profile local]
region = eu-west-3
endpoint_url = ENDPOINT

[profile served]
services = own
[services own]
s3 =
  endpoint_url = ENDPOINT
dynamodb =
  endpoint_url = http://127.0.0.1:1

[profile hosts]
s3 =
    addressing_style = virtual
region = eu-west-3

[profile alone]
endpoint_url = ENDPOINT
ignore_configured_endpoint_urls = true
`;
const KEYS = '[keys]\naws_access_key_id = theirs\naws_secret_access_key = s\n';

let aws: AwsServer;
let folder: string;
let base: Record<string, string>;
beforeAll(async () => {
  aws = await startAws();
  folder = await mkdtemp(join(tmpdir(), 'assay-aws-profile-'));
  await writeFile(join(folder, 'config'), CONFIG.replaceAll('ENDPOINT', aws.endpoint));
  await writeFile(join(folder, 'credentials'), KEYS);
  base = { AWS_CONFIG_FILE: join(folder, 'config'), AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials') };
});
afterAll(async () => {
  await aws?.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  aws.asked.length = 0;
  // The SDK's chain reads the process's own environment.
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(base)) vi.stubEnv(name, value);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});
afterEach(() => vi.unstubAllEnvs());

const optionsOf = (remote: Record<string, string>, environment: Record<string, string>) => ({
  ...s3Options('s3://bucket/x', new Map(Object.entries(remote))),
  environment: awsEnvironment({ ...base, ...environment }),
});
const KEY = { access_key_id: 'a', secret_access_key: 's' };

test.each([
  ['of the remote', { profile: 'nobody' }, {}],
  ['of the environment', {}, { AWS_PROFILE: 'nobody' }],
  [
    'of the environment, beside keys',
    {},
    { AWS_PROFILE: 'nobody', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's' },
  ],
])(
  'a profile %s that is nowhere is refused: the next credentials would be those of somebody else',
  async (_, remote, environment) => {
    await expect(openS3(optionsOf(remote, environment), 2)).rejects.toMatchObject({
      code: 'E_STORE_PROFILE',
      exitCode: 2,
      message: expect.stringContaining(join(folder, 'config')),
    });
  },
);

test.each([
  ['its own keys', KEY],
  ['none', { allow_anonymous_login: 'true' }],
])('no profile is looked for where the remote names %s', async (_, remote) => {
  const { client } = await openS3(optionsOf(remote, { AWS_PROFILE: 'nobody' }), 2);
  client.destroy();
});

const ENVIRONMENT_KEYS = { AWS_ACCESS_KEY_ID: 'ours', AWS_SECRET_ACCESS_KEY: 's' };

test.each([
  ['a profile of the remote before keys of the environment', { profile: 'keys' }, ENVIRONMENT_KEYS, 'theirs'],
  ['keys of the environment before its profile', {}, { ...ENVIRONMENT_KEYS, AWS_PROFILE: 'keys' }, 'ours'],
  ['the older name of the profile', {}, { AWS_DEFAULT_PROFILE: 'keys' }, 'theirs'],
])('%s, as in DVC', async (_, remote, environment, accessKeyId) => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const { client } = await openS3(optionsOf(remote, environment), 2);
  expect(await client.config.credentials()).toMatchObject({ accessKeyId });
  client.destroy();
});

test.each([
  ['AWS_DEFAULT_REGION', {}, { AWS_DEFAULT_REGION: 'garage' }, 'garage'],
  ['AWS_REGION before it', {}, { AWS_DEFAULT_REGION: 'garage', AWS_REGION: 'eu-west-1' }, 'eu-west-1'],
  ['the remote before both', { region: 'eu-west-2' }, { AWS_REGION: 'eu-west-1' }, 'eu-west-2'],
  ['the profile where neither names one', { profile: 'local' }, {}, 'eu-west-3'],
])('the region: %s', async (_, remote, environment, region) => {
  const { client } = await openS3(optionsOf(remote, environment), 2);
  expect(await client.config.region()).toBe(region);
  client.destroy();
});

test.each([
  ['of a named profile', { profile: 'local' }, {}],
  ['of its services', { profile: 'served' }, {}],
  ['of the environment', {}, { AWS_ENDPOINT_URL: 'ENDPOINT' }],
  ['of the environment for S3', {}, { AWS_ENDPOINT_URL_S3: 'ENDPOINT', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }],
  ['of the remote, before it', { endpointurl: 'ENDPOINT' }, { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }],
])('the endpoint %s is asked, with the bucket in the path', async (_, remote, environment) => {
  // A name, for which the SDK would put the bucket before it.
  const named = (values: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        key,
        value.replace('ENDPOINT', aws.endpoint.replace('127.0.0.1', 'localhost')),
      ]),
    );
  const options = optionsOf({ ...KEY, ...named(remote) }, named(environment));
  const bucket = createS3Bucket(options, { retry: createRetry(), connections: 2 });
  expect(await bucket.stat('a')).toBe(undefined);
  expect(aws.asked).toEqual([expect.stringContaining('/bucket/x/a ')]);
});

test.each([
  ['the profile says so', { profile: 'alone' }, {}],
  ['the environment says so', { profile: 'local' }, { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }],
])('no endpoint but that of the remote is asked where %s', async (_, remote, environment) => {
  const { client } = await openS3(optionsOf({ ...KEY, ...remote }, environment), 2);
  expect(client.config.endpoint).toBe(undefined);
  client.destroy();
});

test('a bucket is in the host name where the profile says so', async () => {
  const options = optionsOf({ ...KEY, profile: 'hosts', endpointurl: 'http://s3.test' }, {});
  const { client } = await openS3(options, 2);
  expect(client.config.forcePathStyle).not.toBe(true);
  client.destroy();
});

test('what is no address is named, and not asked', async () => {
  await expect(openS3(optionsOf(KEY, { AWS_ENDPOINT_URL: 'minio' }), 2)).rejects.toMatchObject({
    code: 'E_STORE_OPTION',
    message: expect.stringContaining('endpoint_url'),
  });
});

test('AWS_CA_BUNDLE names the certificates that are trusted, where the remote says nothing of them', async () => {
  const environment = { AWS_CA_BUNDLE: join(folder, 'no-such.pem') };
  await expect(openS3(optionsOf(KEY, environment), 2)).rejects.toMatchObject({
    code: 'E_STORE_READ',
    message: expect.stringContaining('no-such.pem'),
  });
  const { client } = await openS3(optionsOf({ ...KEY, ssl_verify: 'false' }, environment), 2);
  client.destroy();
});
