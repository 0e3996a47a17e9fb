import { expect, test } from 'vitest';
import { storageOptions } from '../../../lib/stores/gcs/gcs-client.ts';

test.each([
  ['https://storage.me-central2.rep.googleapis.com', true],
  ['https://storage-team.p.googleapis.com/', true],
  ['http://storage.me-central2.rep.googleapis.com', false],
  ['https://googleapis.com.example.org', false],
  ['https://examplegoogleapis.com', false],
  ['https://storage.googleapis.com@example.org', false],
  ['http://127.0.0.1:4443', false],
])('with the endpoint %s a token is sent: %s', (endpoint, sent) => {
  expect(storageOptions({ endpoint })).toMatchObject({ apiEndpoint: endpoint, useAuthWithCustomEndpoint: sent });
});

test('without an endpoint the SDK decides', () => {
  expect(storageOptions({ keyFile: 'key.json' })).not.toHaveProperty('useAuthWithCustomEndpoint');
});
