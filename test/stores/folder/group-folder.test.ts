import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { silentLog } from '../../../lib/ports.ts';
import { SMALL_OBJECT } from '../../../lib/stores/bytes/place-verified.ts';
import { createLocalStore } from '../../../lib/stores/folder/local-store.ts';
import { openStore, parseStoreLocation } from '../../../lib/stores/open-store.ts';
import { newFolder } from '../../new-folder.ts';
import { objectOf } from '../conformance.ts';

/** Set-group-id and all rights for a group, as DVC 3.67.1 makes the folders of a remote with `shared = group`. */
const GROUP = 0o2775;

// Windows has no modes.
test.skipIf(process.platform === 'win32')('a group can write to the folders of a remote that it shares', async () => {
  const objects = [objectOf('small'), objectOf('other'), objectOf(randomBytes(SMALL_OBJECT + 1))];
  const url = join(await newFolder(), 'above', 'remote');
  const location = parseStoreLocation(url, '/', new Map([['shared', 'group']]));
  await openStore(location, { log: silentLog }).write(objects);
  const folders = objects.map(({ key }) => join(url, dirname(key)));
  const all = [url, join(url, 'files'), join(url, 'files', 'md5'), ...folders];
  expect(all.map((path) => statSync(path).mode & 0o7777)).toEqual(all.map(() => GROUP));
  expect(await readdir(url)).toEqual(['files']);
});

test('any other is as the process makes it', async () => {
  const root = await newFolder();
  const { key, ...object } = objectOf('small');
  await createLocalStore(root).write([{ key, ...object }]);
  expect(statSync(join(root, dirname(key))).mode & 0o2000).toBe(0);
  expect(parseStoreLocation('/remote', '/')).toEqual({ kind: 'folder', path: '/remote' });
});
