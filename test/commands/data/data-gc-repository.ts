import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext } from '../../../lib/commands/create-context.ts';
import { type DataGcRequest, dataGc, YOUNG_MS } from '../../../lib/commands/data/gc/data-gc.ts';
import { silentLog, silentProgress } from '../../../lib/ports.ts';
import { assay } from '../../cli/command-line.ts';
import { commitAll, newFolder, newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';
import { ENVIRONMENT } from '../repository.ts';

/** A repository with a folder and two files of which one is not pushed, in one commit, and a remote in a folder. */
export async function repository(config = '') {
  const git = await newRepository();
  const root = git.folder;
  const remote = join(await newFolder(), 'remote');
  mkdirSync(join(root, '.dvc'));
  writeFileSync(
    join(root, '.dvc', 'config'),
    `['remote "team"']\n    url = ${remote}\n[core]\n    remote = team\n${config}`,
  );
  writeFiles(root, {
    'data/a': 'one',
    'data/b': 'two',
    'sent.bin': 'sent',
    'mine.bin': 'mine',
    'unused.bin': 'unused',
  });
  await run(root, 'add', 'data', 'sent.bin', 'mine.bin', 'unused.bin');
  rmSync(join(root, 'unused.bin.dvc'));
  await run(root, 'push', 'data', 'sent.bin');
  await commitAll(git, {}, 'data');
  return { git, root, remote };
}

export async function run(root: string, ...args: string[]) {
  const { out, code } = await assay(root, ['data', ...args, '--json']);
  return { exit: code, ...Object(JSON.parse(out)) };
}

/** Long enough after everything was written. */
export const gc = (root: string, request: DataGcRequest, env: Readonly<Record<string, string>> = ENVIRONMENT) =>
  dataGc(
    createContext({
      ...{ root, env, log: silentLog, progress: silentProgress, userLine: () => {} },
      ...{ defaultStore: 'folder', clock: { now: () => new Date(Date.now() + 2 * YOUNG_MS) } },
      resolveInstalled: (specifier) => specifier,
    }),
    { force: true, ...request },
  );
export const cached = (root: string) =>
  Object.entries(readFiles(join(root, '.dvc', 'cache')))
    .filter(([path]) => !path.endsWith('.dir'))
    .map(([, text]) => text)
    .sort();
