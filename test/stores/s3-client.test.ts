import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { requestFault } from '../../lib/stores/request-fault.ts';
import { openS3 } from '../../lib/stores/s3-client.ts';
import { s3Options } from '../../lib/stores/s3-options.ts';

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
