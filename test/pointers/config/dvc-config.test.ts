import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readDvcConfig } from '../../../lib/pointers/config/dvc-config.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'assay-dvc-config-'));
  await mkdir(join(root, '.dvc'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const config = (text: string, name = 'config') => writeFile(join(root, '.dvc', name), text);

test('a repository without DVC has no remotes', async () => {
  await rm(join(root, '.dvc'), { recursive: true });
  expect(await readDvcConfig(root)).toEqual({
    remotes: new Map(),
    remoteConfigs: new Map(),
    cache: join(root, '.dvc', 'cache'),
    cacheTypes: ['reflink', 'copy'],
    cacheShared: false,
    autostage: false,
    noScm: false,
  });
});

test('reads what dvc remote add writes; folders start from .dvc', async () => {
  await config(`[core]
    remote = Team
['remote "Team"']
    url = ../../store # the share
['remote "s3"']
    url = "s3://bucket/a#b"
['remote "sub"']
    url = remote://TEAM/sub
[cache]
    dir = /mnt/cache
`);
  const read = await readDvcConfig(root);
  expect(read.defaultRemote).toBe('team');
  expect(Object.fromEntries(read.remotes)).toEqual({
    team: resolve(root, '..', 'store'),
    s3: 's3://bucket/a#b',
    sub: resolve(root, '..', 'store', 'sub'),
  });
  expect(read.cache).toBe('/mnt/cache');
});

test('config.local goes before config, key by key', async () => {
  await config(`[core]\nremote = a\n['remote "a"']\nurl = /a\njobs = 2\n`);
  await config(`['remote "a"']\nurl = /mine\n`, 'config.local');
  expect(await readDvcConfig(root)).toMatchObject({ defaultRemote: 'a', remotes: new Map([['a', '/mine']]) });
});

test('remotes that go round in a circle do not', async () => {
  await config(`['remote "a"']\nurl = remote://b\n['remote "b"']\nurl = remote://a\n`);
  expect((await readDvcConfig(root)).remotes.get('a')).toMatch(/^remote:/);
});

test.each([
  ['key = value\n', 1],
  ['[core]\n\nnonsense\n', 3],
])('names the line that it cannot read in %j', async (text, line) => {
  await config(text);
  await expect(readDvcConfig(root)).rejects.toMatchObject({
    code: 'E_DVC_CONFIG',
    message: expect.stringContaining(`${join('.dvc', 'config')}:${line}`),
  });
});

test.each(['HEAD', 'fix=it'])('a merge from %s that waits in it is told as one', async (branch) => {
  await config(`[core]\n<<<<<<< ${branch}\nremote = a\n=======\nremote = b\n>>>>>>> side\n`);
  await expect(readDvcConfig(root)).rejects.toMatchObject({
    code: 'E_DVC_CONFIG',
    message: expect.stringContaining(`${join('.dvc', 'config')}:2: it has the marks of a merge`),
    fix: expect.stringContaining('git checkout --ours or --theirs'),
  });
});

test.each([
  ['[\'remote "a"\']\nurl = s3://bucket/a\nss = aws:kms\n', 3, 'remote has no option "ss": did you mean "sse"?'],
  ['[core]\nremot = a\n', 2, 'core has no option "remot": did you mean "remote"?'],
  ['[cache]\ntyp = copy\n', 2, 'cache has no option "typ": did you mean "type"?'],
  ['[cores]\nremote = a\n', 2, '[cores] is no section of DVC: did you mean [core]?'],
])('names that DVC does not know are refused as DVC does: %j', async (text, line, reason) => {
  await config(text);
  await expect(readDvcConfig(root)).rejects.toMatchObject({
    code: 'E_DVC_CONFIG',
    message: expect.stringContaining(`config:${line}: ${reason}`),
  });
});

test('options of every kind of remote, old ones and those of other sections are known', async () => {
  await config(`[core]
    analytics = false
    machine = x
[feature]
    anything = true
['db "one"']
    url = postgresql://host
['remote "a"']
    url = ssh://host/a
    keyfile = k
    no_traverse = true
['remote "b"']
    url = azure://container
    exclude_environment_credential = true
`);
  expect((await readDvcConfig(root)).remotes.size).toBe(2);
});

test.each([
  [
    '[\'remote "a"\']\nurl = s3://b\nversion_awere = true\n',
    3,
    'remote has no option "version_awere": did you mean "version_',
  ],
  ['[\'remote "a"\']\nurl = /x\nregion = y\n', 3, 'remote has no option "region"'],
  ['[\'remote "a"\']\nurl = s3://b\nuse_ssl = yes\n', 3, 'remote.a.use_ssl is neither true nor false'],
  ['[\'remote "a"\']\nurl = s3://b\nread_timeout = 1.5\n', 3, 'remote.a.read_timeout is no whole number'],
  ['[\'remote "a"\']\nurl = https://h\nread_timeout = -1\n', 3, 'remote.a.read_timeout is no number from 0'],
  ['[\'remote "a"\']\nurl = https://h\nauth = ntlm\n', 3, 'remote.a.auth is none of basic, digest, custom'],
  ['[\'remote "a"\']\nurl = s3://b/x,y\n', 2, 'remote.a.url is a list: put it in quotes'],
  ['[\'remote "a"\']\njobs = 2\n', 2, '[remote "a"] has no url'],
  ['[\'remote "a"\']\nurl = foo://b\n', 2, '[remote "a"]: DVC has no remotes of foo://'],
  ['[\'remote "a"\']\nurl = remote://b\nversion_awere = true\n', 3, 'remote has no option "version_awere"'],
  ['[remote a]\nurl = /x\n', 2, '[remote a] is no section of DVC'],
  ['[\'remote "a"\']\nurl = s3://b\nregion = %(url)s\n', 3, 'a value with "%(…)s"'],
  ['[core]\n; remote = a\n', 2, 'core has no option "; remote": did you mean "remote"?'],
  ['[cache]\nshared = all\n', 2, 'cache.shared is none of group'],
  ['[state]\nrow_cleanup_quota = 101\n', 2, 'state.row_cleanup_quota is no whole number from 0 to 100'],
])('values that are not of their kind are refused as DVC does: %j', async (text, line, reason) => {
  await config(text);
  await expect(readDvcConfig(root)).rejects.toMatchObject({
    code: 'E_DVC_CONFIG',
    message: expect.stringContaining(`config:${line}: ${reason}`),
  });
});

test('a section without keys is told too', async () => {
  await config('[cores]\n');
  await expect(readDvcConfig(root)).rejects.toThrow('config: [cores] is no section of DVC: did you mean [core]?');
});

test('values that DVC takes are taken', async () => {
  await config(`[core]
    analytics = FALSE
    checksum_jobs = +1_0
[cache]
    type = reflink, copy
    shared = Group
['remote "a"']
    url = "s3://bucket/x,y"
    ssl_verify = path/to/certificates
    use_ssl = True # for now
['remote "b"']
    url = remote://a/sub
    jobs = " 4 "
`);
  const { checksumJobs, cacheTypes, cacheShared, remoteConfigs } = await readDvcConfig(root);
  expect({ checksumJobs, cacheTypes, cacheShared }).toEqual({
    checksumJobs: 10,
    cacheTypes: ['reflink', 'copy'],
    cacheShared: true,
  });
  expect(remoteConfigs.get('b')).toMatchObject({ jobs: 4, url: 's3://bucket/x,y/sub' });
});
