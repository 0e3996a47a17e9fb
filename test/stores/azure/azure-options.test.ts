import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { createAzureBucket } from '../../../lib/stores/azure/azure-bucket.ts';
import { azureOptions, withAzureEnvironment } from '../../../lib/stores/azure/azure-options.ts';
import { createRetry } from '../../../lib/stores/requests/retry.ts';

afterEach(() => vi.unstubAllEnvs());

const APPLICATION = { tenant_id: 'tenant', client_id: 'client', client_secret: 'the-secret' };
const optionsOf = (remote: Readonly<Record<string, string>>) =>
  azureOptions('azure://data/x', new Map(Object.entries({ account_name: 'team', ...remote })));

test('an application is named whole, or not at all', () => {
  expect(optionsOf(APPLICATION).access).toMatchObject({
    application: { tenant: 'tenant', client: 'client', secret: 'the-secret' },
  });
  for (const missing of Object.keys(APPLICATION)) {
    expect(() => optionsOf({ ...APPLICATION, [missing]: '' })).toThrow(
      expect.objectContaining({ code: 'E_STORE_OPTION', message: expect.stringContaining(`option ${missing} `) }),
    );
  }
});

test("an application's token goes to nobody else, whatever else lets in", () => {
  const elsewhere = { endpointurl: 'https://example.org', account_key: 'a2V5' };
  expect(optionsOf(elsewhere)).toMatchObject({ access: { key: 'a2V5' } });
  expect(() => optionsOf({ ...elsewhere, ...APPLICATION })).toThrow(
    expect.objectContaining({ code: 'E_STORE_OPTION', message: expect.stringContaining('endpointurl') }),
  );
});

test.each([
  [{}, undefined],
  [{ exclude_environment_credential: 'true' }, ['environment']],
  [{ exclude_environment_credential: 'false', exclude_managed_identity_credential: 'True' }, ['managed identity']],
  [{ exclude_visual_studio_code_credential: 'true', exclude_shared_token_cache_credential: 'true' }, undefined],
])('%j leaves out of the chain %j', (remote, without) => {
  const { access } = optionsOf(remote);
  expect('without' in access ? access.without : undefined).toEqual(without);
});

const ENVIRONMENT = {
  AZURE_STORAGE_CONNECTION_STRING: 'AccountName=other',
  AZURE_STORAGE_ACCOUNT: 'other',
  AZURE_STORAGE_KEY: 'other',
  AZURE_STORAGE_SAS_TOKEN: 'other',
};

test.each([
  [{ account_key: 'own' }, { account_key: 'own', account_name: 'other' }],
  [
    { account_name: 'team', sas_token: 'own' },
    { account_name: 'team', sas_token: 'own' },
  ],
  [{ connection_string: 'own' }, { connection_string: 'own', account_name: 'other' }],
  [APPLICATION, { ...APPLICATION, account_name: 'other' }],
])("who asks is one: beside %j the environment's is not", (remote, completed) => {
  expect(Object.fromEntries(withAzureEnvironment(new Map(Object.entries(remote)), ENVIRONMENT))).toEqual(completed);
});

test('an account key goes before a signature, as in DVC', async () => {
  const asked: (string | undefined)[] = [];
  const { bucket, close } = await bucketOf((authorization, url) => asked.push(authorization?.split(' ')[0], url), {
    account_key: 'a2V5',
    sas_token: 'sig=x',
    timeout: '7',
  });
  expect(await bucket.stat('y')).toBeUndefined();
  // How long the service may take for it (REST API, "Setting timeouts for Blob service operations").
  expect(asked).toEqual(['SharedKey', '/team/data/x/y?timeout=7']);
  close();
});

test('read_timeout ends the wait for an answer', async () => {
  const { bucket, close } = await bucketOf(() => 'silence', { account_key: 'a2V5', read_timeout: '0.02' });
  await expect(bucket.stat('y')).rejects.toMatchObject({
    code: 'E_STORE_UNREACHABLE',
    message: expect.stringContaining('ETIMEDOUT'),
  });
  close();
});

test('a chain that the environment names and nobody knows is told', async () => {
  vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'nonsense');
  const bucket = createAzureBucket(optionsOf({}), { retry: createRetry(), connections: 1 });
  await expect(bucket.stat('x')).rejects.toMatchObject({
    code: 'E_STORE_CREDENTIALS',
    message: expect.stringContaining('AZURE_TOKEN_CREDENTIALS'),
  });
});

/** A bucket of a server on loopback that has nothing. @param told of authorization and address; 'silence' is no answer */
async function bucketOf(
  told: (authorization: string | undefined, url: string | undefined) => unknown,
  remote: Readonly<Record<string, string>>,
) {
  const server = createServer(({ headers, url }, answer) => {
    if (told(headers.authorization, url) === 'silence') return;
    answer.writeHead(404, { 'x-ms-error-code': 'BlobNotFound' }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const endpointurl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/team`;
  const retry = createRetry({ sleep: async () => {} });
  const bucket = createAzureBucket(optionsOf({ ...remote, endpointurl }), { retry, connections: 1 });
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { bucket, close };
}
