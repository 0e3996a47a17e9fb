import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAzureBucket } from '../../../lib/stores/azure/azure-bucket.ts';
import { azureFailure } from '../../../lib/stores/azure/azure-failure.ts';
import { azureOptions } from '../../../lib/stores/azure/azure-options.ts';
import { createRetry } from '../../../lib/stores/requests/retry.ts';

let server: Server;
let answer: { status: number; code: string };
let endpointurl: string;
beforeAll(async () => {
  server = createServer((_request, response) => {
    response.writeHead(answer.status, answer.code === '' ? {} : { 'x-ms-error-code': answer.code }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  endpointurl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/team`;
});
afterAll(() => {
  server?.closeAllConnections();
  server?.close();
});

// What is looked at is asked for with HEAD, whose answer has no body that could say more.
test.each([
  [404, 'ContainerNotFound', 'E_STORE_BUCKET', 'no bucket "data"'],
  [409, 'ContainerBeingDeleted', 'E_STORE_BUCKET', 'no bucket "data"'],
  [400, 'InvalidResourceName', 'E_STORE_REQUEST', 'HTTP 400 InvalidResourceName'],
  [403, 'AuthorizationPermissionMismatch', 'E_STORE_DENIED', 'HTTP 403 AuthorizationPermissionMismatch'],
  [403, '', 'E_STORE_DENIED', ': HTTP 403'],
])('an answer of %i that names %j in its header alone is %s', async (status, code, expected, message) => {
  answer = { status, code };
  const remote = { account_name: 'team', account_key: 'a2V5', endpointurl };
  const options = azureOptions('azure://data/x', new Map(Object.entries(remote)));
  const bucket = createAzureBucket(options, { retry: createRetry(), connections: 1 });
  const refused = await bucket.stat('x').catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: expected, message: expect.stringContaining(message) });
  expect(refused).toMatchObject({ message: expect.not.stringContaining('RestError') });
});

test('an error of signing in is known by its number, and by nothing else that it quotes', () => {
  const message = 'invalid_client: AADSTS7000215: Invalid client secret provided. the-secret';
  const failure = azureFailure(Object.assign(new Error(message), { name: 'AuthenticationError' }));
  expect(failure).toMatchObject({ name: 'AuthenticationError', signIn: 'AADSTS7000215' });
});
