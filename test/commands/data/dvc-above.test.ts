import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { dvcFolderOf } from '../../../lib/commands/data/store/dvc-folder.ts';
import { register } from '../../../lib/commands/registry/register.ts';
import { train } from '../../../lib/commands/train/train.ts';
import { assay } from '../../cli/command-line.ts';
import { withoutStore } from '../../e2e/fixtures/production.ts';
import { newFolder } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';
import { commandYaml, commit, ENVIRONMENT, files, newWorkspace, opened } from '../repository.ts';

it("finds DVC's settings above a project, in a monorepo, for what it reads and for what it registers", async () => {
  const remote = join(await newFolder(), 'remote');
  const yaml = withoutStore(commandYaml());
  const project = { ...files(yaml), 'assay.yaml': stringify(yaml).replace('data/days.csv', 'data/days.csv.dvc') };
  const workspace = await newWorkspace({
    '.dvc/config': `['remote "team"']\n    url = ${remote}\n[core]\n    remote = team\n`,
    '.dvc/.gitignore': '/config.local\n/tmp\n/cache\n',
    ...Object.fromEntries(Object.entries(project).map(([path, text]) => [`apps/late/${path}`, text])),
  });
  const root = join(workspace.root, 'apps', 'late');
  await workspace.git.run(['rm', '--quiet', '--cached', 'apps/late/data/days.csv']);
  const added = await assay(root, ['data', 'add', 'data/days.csv']);
  expect(added, added.err).toMatchObject({ code: 0 });
  expect(await assay(root, ['data', 'push'])).toMatchObject({ code: 0 });
  await commit(workspace, {}, 'Track the data');
  await workspace.git.run(['push', '--quiet', 'origin', 'main']);
  await rm(join(root, 'data', 'days.csv'));
  await rm(join(workspace.root, '.dvc', 'cache'), { recursive: true });

  const { context, project: opens } = await opened({ root });
  await train(context, { project: opens });
  expect(readFiles(join(root, 'data'))).toHaveProperty(['days.csv']);
  await register(context, { project: opens });
  expect(Object.keys(readFiles(remote)).some((path) => path.startsWith('assay/files/md5/'))).toBe(true);
});

it("finds DVC's settings of the user, for what it reads, registers and moves", async () => {
  const home = await newFolder();
  const env = { HOME: home, XDG_CONFIG_HOME: join(home, '.config') };
  writeFiles(home, { '.config/dvc/config': `['remote "mine"']\n    url = ~/remote\n[core]\n    remote = mine\n` });
  const yaml = withoutStore(commandYaml());
  const project = { ...files(yaml), 'assay.yaml': stringify(yaml).replace('data/days.csv', 'data/days.csv.dvc') };
  const workspace = await newWorkspace({ '.dvc/config': '', '.dvc/.gitignore': '/tmp\n/cache\n', ...project });
  const { root } = workspace;
  await workspace.git.run(['rm', '--quiet', '--cached', 'data/days.csv']);
  for (const verb of [['add', 'data/days.csv'], ['push']]) {
    expect(await assay(root, ['data', ...verb], { env })).toMatchObject({ code: 0 });
  }
  await commit(workspace, {}, 'Track the data');
  await workspace.git.run(['push', '--quiet', 'origin', 'main']);
  for (const path of ['data/days.csv', '.dvc/cache']) await rm(join(root, path), { recursive: true });

  const { context, project: opens } = await opened({ root }, { env: { ...ENVIRONMENT, ...env } });
  await train(context, { project: opens });
  await register(context, { project: opens });
  const stored = Object.keys(readFiles(join(home, 'remote')));
  expect(stored.some((path) => path.startsWith('assay/files/md5/'))).toBe(true);
  const moved = join(home, 'moved');
  expect(await assay(root, ['store', 'move', moved], { env })).toMatchObject({ code: 0 });
  expect(Object.keys(readFiles(moved)).sort()).toEqual(stored.sort());
});

it('looks no further than the repository', async () => {
  const outside = await newFolder();
  await mkdir(join(outside, '.dvc'));
  const repository = join(outside, 'repository');
  await mkdir(join(repository, '.git'), { recursive: true });
  await mkdir(join(repository, 'apps', 'late'), { recursive: true });
  expect(dvcFolderOf(join(repository, 'apps', 'late'))).toBe(join(repository, 'apps', 'late'));
  await mkdir(join(repository, '.dvc'));
  expect(dvcFolderOf(join(repository, 'apps', 'late'))).toBe(repository);
  await mkdir(join(repository, 'apps', 'late', '.dvc'));
  expect(dvcFolderOf(join(repository, 'apps', 'late'))).toBe(join(repository, 'apps', 'late'));
});
