import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readDvcConfig } from '../../../lib/pointers/config/dvc-config.ts';
import { dvcConfigSources } from '../../../lib/pointers/config/dvc-config-sources.ts';

test.each([
  ['linux', {}, '/etc/xdg/dvc/config', '/home/ada/.config/dvc/config'],
  ['linux', { XDG_CONFIG_DIRS: '/a:/b', XDG_CONFIG_HOME: '/c' }, '/a/dvc/config', '/c/dvc/config'],
  ['linux', { DVC_SYSTEM_CONFIG_DIR: '/s', DVC_GLOBAL_CONFIG_DIR: '/g' }, '/s/config', '/g/config'],
  ['darwin', {}, '/Library/Application Support/dvc/config', '/home/ada/Library/Application Support/dvc/config'],
] as const)('on %s with %j DVC looks where its own code says', (platform, env, system, global) => {
  expect(dvcConfigSources({ platform, env, home: '/home/ada' })).toEqual({ system, global, home: '/home/ada' });
});

describe('levels', () => {
  let base: string;
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'assay-dvc-levels-'));
    for (const folder of ['system', 'global', 'r/.dvc']) await mkdir(join(base, folder), { recursive: true });
  });
  afterEach(() => rm(base, { recursive: true, force: true }));

  test('the later level goes before the earlier, and paths start from their own file', async () => {
    const remote = (url: string, more: string) => `['remote "a"']\nurl = ${url}\n${more}\n`;
    await writeFile(
      join(base, 'system', 'config'),
      `[cache]\ndir = shared\n${remote('one', 'jobs = 1\nslow_link_warning = false')}`,
    );
    await writeFile(join(base, 'global', 'config'), `[core]\nautostage = true\n${remote('two', 'jobs = 2')}`);
    await writeFile(
      join(base, 'r', '.dvc', 'config'),
      `${remote('../three', '')}['remote "b"']\nurl = s3://b\ncredentialpath = ../keys\n`,
    );
    await writeFile(join(base, 'r', '.dvc', 'config.local'), '[core]\nchecksum_jobs = 3\n');
    const sources = { system: join(base, 'system', 'config'), global: join(base, 'global', 'config') };
    const config = await readDvcConfig(join(base, 'r'), sources);
    expect(config).toMatchObject({ cache: join(base, 'system', 'shared'), autostage: true, checksumJobs: 3 });
    expect(config.remoteConfigs.get('a')).toMatchObject({ url: join(base, 'r', 'three'), jobs: 2 });
    expect(config.remoteConfigs.get('a')?.options.get('slow_link_warning')).toBe('false');
    expect(config.remoteConfigs.get('b')?.options.get('credentialpath')).toBe(join(base, 'r', 'keys'));
  });

  test('a path that begins with ~ is in the home folder', async () => {
    await writeFile(join(base, 'r', '.dvc', 'config'), '[cache]\ndir = ~/cache\n');
    expect((await readDvcConfig(join(base, 'r'), { home: '/home/ada' })).cache).toBe('/home/ada/cache');
  });

  test.each([
    ['[\'remote "a"\']\nurl = /x\njobs = many\n', 3, 'remote.a.jobs'],
    ['[\'remote "a"\']\nurl = /x\nworktree = yes\n', 3, 'remote.a.worktree'],
    ['[cache]\ntype = copy,move\n', 2, '"move"'],
    ['[core]\nremote = a\nremote = b\n', 3, 'twice'],
    ['[core]\n[Core]\n', 2, 'twice'],
    ["[core]\nremote = 'a\n", 2, 'quotes'],
    ['[core]\n\0\n', 2, 'NUL'],
  ])('%j is refused at its line', async (text, line, named) => {
    await writeFile(join(base, 'r', '.dvc', 'config'), text);
    const message = expect.stringMatching(new RegExp(`config:${line}: .*${named}`));
    await expect(readDvcConfig(join(base, 'r'))).rejects.toMatchObject({ code: 'E_DVC_CONFIG', message });
  });
});
