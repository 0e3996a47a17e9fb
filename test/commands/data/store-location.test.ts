import { expect, test } from 'vitest';
import { storeLocation } from '../../../lib/commands/data/store/store-location.ts';
import { newFolder } from '../../new-folder.ts';
import { writeFiles } from '../../pointers/checkout/work-data.ts';

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

test('the defaults of the Azure CLI count where neither remote nor environment says anything', async () => {
  const home = await newFolder();
  writeFiles(home, { '.azure/config': '[cloud]\nname = x\n[storage]\naccount = ours\nkey = a2V5\n' });
  const access = (environment: Record<string, string>, options: Record<string, string> = {}) =>
    storeLocation({ environment }, 'azure://box', '/', new Map(Object.entries(options)));
  expect(access({ HOME: home })).toMatchObject({ access: { account: 'ours', key: 'a2V5' } });
  expect(access({ AZURE_CONFIG_DIR: `${home}/.azure` })).toMatchObject({ access: { account: 'ours' } });
  expect(access({ HOME: home, AZURE_STORAGE_ACCOUNT: 'team', AZURE_STORAGE_KEY: 'b2xk' })).toMatchObject({
    access: { account: 'team', key: 'b2xk' },
  });
  expect(access({ HOME: home }, { account_name: 'other', sas_token: 'sig' })).toMatchObject({
    access: { account: 'other', sas: 'sig', key: undefined },
  });
});

test('what AWS and the proxies are asked with goes with the location', () => {
  const environment = { AWS_PROFILE: 'team', HTTPS_PROXY: 'http://proxy.test' };
  const proxies = { HTTPS_PROXY: 'http://proxy.test' };
  expect(storeLocation({ environment }, 's3://bucket', '/')).toMatchObject({
    proxies,
    environment: { profile: 'team' },
  });
  expect(storeLocation({ environment }, 'gs://bucket', '/')).toMatchObject({ proxies });
  expect(storeLocation({ environment }, 'https://host/x', '/')).toMatchObject({ proxies });
});

test('other stores take nothing from it', () => {
  expect(storeLocation({ environment }, 'stores/team', '/repository')).toEqual({
    kind: 'folder',
    path: '/repository/stores/team',
  });
});
