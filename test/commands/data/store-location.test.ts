import { expect, test } from 'vitest';
import { storeLocation } from '../../../lib/commands/data/store/store-location.ts';

const environment = { AZURE_STORAGE_ACCOUNT: 'team', AZURE_STORAGE_KEY: 'a2V5' };

test('an Azure account and its key come from the environment where the remote names none', () => {
  const endpoint = 'https://team.blob.core.windows.net';
  expect(storeLocation({ environment }, 'azure://box/folder', '/')).toMatchObject({
    ...{ kind: 'azure', bucket: 'box', prefix: 'folder' },
    access: { account: 'team', key: 'a2V5', endpoint },
  });
  const other = storeLocation({ environment }, 'azure://box', '/', new Map([['account_name', 'other']]));
  expect(other).toMatchObject({ access: { account: 'other', key: 'a2V5' } });
  expect(() => storeLocation({ environment: {} }, 'azure://box', '/')).toThrow(/account_name/);
});

test('other stores take nothing from it', () => {
  expect(storeLocation({ environment }, 'stores/team', '/repository')).toEqual({
    kind: 'folder',
    path: '/repository/stores/team',
  });
});
