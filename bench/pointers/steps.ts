import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUCKET } from '../../test/stores/s3/s3-fixture.ts';
import type { Tool } from './tools.ts';

/** One repository of one program, with a copy of the data. */
export interface Bench {
  readonly tool: Tool;
  readonly repository: string;
  /** The folder of what DVC remembers outside of the repository. */
  readonly site: string;
}

export interface Step {
  readonly name: string;
  /** Of no more than moments: done several times a round. */
  readonly short?: true;
  readonly toS3?: true;
  /** What has to be as it is before the command, unmeasured. */
  readonly before?: (bench: Bench) => Promise<void>;
  readonly command: (bench: Bench) => readonly string[];
}

export type DataName = 'small' | 'tracked' | 'large';

export const DATA_PATH: Readonly<Record<DataName, string>> = {
  small: 'data',
  tracked: 'files',
  large: 'large.bin',
};

/** Of the files that are tracked one by one, beside them. */
export const TRACKED_CACHE = 'cache';

/** A git and DVC repository with a remote in a folder and one in S3. */
export async function openBench(tool: Tool, folder: string, endpoint: string): Promise<Bench> {
  const repository = join(folder, 'repository');
  await mkdir(join(repository, '.dvc'), { recursive: true });
  execFileSync('git', ['init', '-q'], { cwd: repository });
  const config = [
    '[core]',
    '    analytics = false',
    '    check_update = false',
    '[\'remote "folder"\']',
    `    url = ${join(folder, 'remote')}`,
    '[\'remote "s3"\']',
    `    url = s3://${BUCKET}/${folder.split('/').slice(-2).join('/')}`,
    `    endpointurl = ${endpoint}`,
    '    region = us-east-1',
  ];
  await writeFile(join(repository, '.dvc', 'config'), `${config.join('\n')}\n`);
  await writeFile(join(repository, '.dvc', '.gitignore'), '/config.local\n/tmp\n/cache\n');
  return { tool, repository, site: join(folder, 'site') };
}

/** The day of a data set: added, looked at, sent, sent again, brought to a fresh clone, brought again. */
export function stepsOf(data: DataName, master: string): readonly Step[] {
  const path = DATA_PATH[data];
  if (data === 'tracked') return trackedSteps(master);
  const status: Step = { name: 'status', short: true, command: ({ tool }) => tool.verb('status') };
  const steps: Step[] = [
    {
      name: 'add',
      before: ({ repository }) => cp(join(master, path), join(repository, path), { recursive: true }),
      command: ({ tool }) => tool.verb('add', path),
    },
    // The first look reads what was changed within the clock's last tick.
    { ...status, name: 'status, clean' },
  ];
  for (const [remote, where] of [
    ['folder', 'a folder'],
    ['s3', 'S3'],
  ] as const) {
    const s3 = remote === 's3' ? { toS3: true as const } : {};
    const push = ({ tool }: Bench) => tool.verb('push', '-r', remote);
    const pull = ({ tool }: Bench) => tool.verb('pull', '-r', remote);
    steps.push(
      { name: `push to ${where}`, ...s3, command: push },
      { name: `push to ${where}, nothing new`, short: true, ...s3, command: push },
      { name: `pull from ${where}, fresh clone`, ...s3, before: (bench) => makeFresh(bench, path), command: pull },
      { name: `pull from ${where}, nothing new`, short: true, ...s3, command: pull },
    );
  }
  return steps;
}

/** Files that are tracked one by one are looked at alone: to add them takes as many arguments. */
function trackedSteps(master: string): readonly Step[] {
  const begin = async ({ repository }: Bench) => {
    await cp(join(master, DATA_PATH.tracked), join(repository, DATA_PATH.tracked), { recursive: true });
    await cp(join(master, TRACKED_CACHE), join(repository, '.dvc', 'cache'), { recursive: true });
  };
  const command = ({ tool }: Bench) => tool.verb('status');
  return [
    { name: 'status, first look', before: begin, command },
    { name: 'status, clean', short: true, command },
  ];
}

/**
 * Puts aside what a fresh clone does not have. Not removed: ext4 looks through everything that was removed within the last minutes
 * whenever a file is made, which is no program's work and took most of a pull's time.
 */
async function makeFresh({ tool, repository, site }: Bench, path: string): Promise<void> {
  const aside = await mkdtemp(join(repository, '..', 'aside-'));
  const left = [join(repository, path), join(repository, '.dvc', 'cache'), ...tool.memory(repository, site)];
  for (const [index, one] of left.entries()) {
    await rename(one, join(aside, String(index))).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}
