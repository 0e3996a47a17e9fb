import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { silentLog } from '../../lib/ports.ts';
import { openStore, parseStoreLocation } from '../../lib/stores/open-store.ts';

const ROOT = resolve('/srv/project');

test.each([
  ['ref', { kind: 'ref' }],
  ['./ref', { kind: 'folder', path: join(ROOT, 'ref') }],
  ['../store', { kind: 'folder', path: resolve(ROOT, '..', 'store') }],
  ['.assay/store ', { kind: 'folder', path: join(ROOT, '.assay', 'store') }],
  ['/mnt/store', { kind: 'folder', path: '/mnt/store' }],
  ['file:///mnt/a%20b', { kind: 'folder', path: '/mnt/a b' }],
])('reads %j', (text, location) => {
  expect(parseStoreLocation(text, ROOT)).toEqual(location);
});

test.each([
  ['s3://', 'E_STORE_LOCATION', 's3://name'],
  ['s3:///folder', 'E_STORE_LOCATION', 's3://name'],
  ['gs://', 'E_STORE_LOCATION', 'gs://name'],
  ['webdavs://ada:secret@example.org/x?sig=secret', 'E_STORE_KIND', 'webdavs'],
  ['', 'E_STORE_LOCATION', 'empty'],
  ['~/store', 'E_STORE_LOCATION', '~'],
  ['file://host/x%2Fy', 'E_STORE_LOCATION', 'file'],
])('refuses %j with what it reads instead', (text, code, named) => {
  expect(() => parseStoreLocation(text, ROOT)).toThrow(
    expect.objectContaining({
      code,
      exitCode: 2,
      message: expect.stringContaining(named),
      fix: expect.stringContaining('folder'),
    }),
  );
});

test('keeps secrets of an address out of the message', () => {
  expect(() => parseStoreLocation('ssh://ada:secret@example.org/x?sig=secret', ROOT)).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('secret') }),
  );
});

test('a folder opens as a folder, and git is not asked for', () => {
  const tree = () => {
    throw new Error('not to be called');
  };
  const store = openStore(parseStoreLocation('/mnt/store', ROOT), { tree, log: silentLog });
  expect(store.describe()).toEqual({ kind: 'folder', title: 'the store /mnt/store', location: '/mnt/store' });
});

const remote = (options: Record<string, string>) => new Map(Object.entries(options));

test.each([
  // What DVC pushes to such an address lies below `a//b/` (dvc 3.67 and moto).
  ['s3://bucket/a//b//', {}, { kind: 's3', bucket: 'bucket', prefix: 'a//b' }],
  ['s3://bucket//a/', {}, { kind: 's3', bucket: 'bucket', prefix: '/a' }],
  [
    'S3://bucket',
    { endpointurl: 'localhost:9000', use_ssl: 'false' },
    { endpoint: 'http://localhost:9000', pathStyle: true },
  ],
  [
    's3://bucket',
    { region: 'eu-west-1', profile: 'team', sse: 'aws:kms' },
    { region: 'eu-west-1', profile: 'team', sse: 'aws:kms' },
  ],
  ['s3://bucket', { read_timeout: '2.5', ssl_verify: 'False' }, { readTimeoutMs: 2500, sslVerify: false }],
  ['s3://bucket', { allow_anonymous_login: 'true' }, { anonymous: true }],
  ['gs://bucket/a', { projectname: 'team' }, { kind: 'gs', bucket: 'bucket', prefix: 'a', project: 'team' }],
  ['azure://data', { connection_string: 'x' }, { kind: 'azure', bucket: 'data', access: { connectionString: 'x' } }],
  ['https://host/a/', {}, { kind: 'http', url: 'https://host/a' }],
])('reads %s with the options %j', (text, options, expected) => {
  expect(parseStoreLocation(text, ROOT, remote(options))).toMatchObject(expected);
});

test.each([
  ['s3://bucket', { access_key_id: 'secret' }, 'secret_access_key'],
  ['s3://bucket', { use_ssl: 'secret' }, 'use_ssl'],
  ['s3://bucket', { sse: 'secret' }, 'sse'],
  ['s3://bucket', { endpointurl: 'file:///secret' }, 'endpointurl'],
  ['s3://bucket', { endpointurl: 'http://127.0.0.1:99999/secret' }, 'endpointurl'],
  ['gs://bucket', { endpointurl: ':::secret' }, 'endpointurl'],
  ['azure://data', { account_name: 'team', endpointurl: 'ftp://secret' }, 'endpointurl'],
  ['s3://bucket', { sse_customer_key: 'secret' }, 'sse_customer_key'],
  ['gs://bucket', { allow_anonymous_login: 'true' }, 'allow_anonymous_login'],
  ['azure://data', { account_name: 'team', client_secret: 'secret' }, 'client_secret'],
])('%s refuses the options %j by name, without their values', (text, options, named) => {
  const refused = { code: 'E_STORE_OPTION', message: expect.stringContaining(named), exitCode: 2 };
  expect(() => parseStoreLocation(text, ROOT, remote(options))).toThrow(expect.objectContaining(refused));
  expect(() => parseStoreLocation(text, ROOT, remote(options))).toThrow(
    expect.objectContaining({ message: expect.not.stringMatching(/(?<![_a-z])secret(?!_)/) }),
  );
});
