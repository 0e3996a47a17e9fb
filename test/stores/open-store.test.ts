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
  ['s3://', 'E_STORE_LOCATION', 's3://bucket'],
  ['s3:///folder', 'E_STORE_LOCATION', 's3://bucket'],
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
