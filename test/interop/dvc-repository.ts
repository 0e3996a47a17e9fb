import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { assay } from '../cli/command-line.ts';
import { missingServer } from '../stores/object-servers.ts';

/** A Python environment with the real DVC and its S3; CI makes one and names it here. */
const BIN = join(process.env.ASSAY_TEST_VENV ?? '/nonexistent', 'bin');
const DVC = join(BIN, 'dvc');

/** Why tests of DVC are skipped; undefined where it is here. */
export const WITHOUT_DVC = existsSync(DVC) ? undefined : 'ASSAY_TEST_VENV names no environment with dvc[s3]';

/** Why tests of DVC with an S3 server are skipped; undefined where both are here. */
export const LACKING = WITHOUT_DVC ?? missingServer('versitygw');

/** Starting DVC takes seconds. */
export const TIMEOUT_MS = 240_000;

/** What two programs are asked in one repository. */
export interface DvcRepository {
  /** Standard output. Throws when the program does not end with 0. */
  run(program: string, ...args: string[]): Promise<string>;
  dvc(...args: string[]): Promise<string>;
  /** The document of `assay data …`. Throws when it does not end with 0. */
  ours(...args: string[]): Promise<object>;
}

/** The programs in `root`, with `base` as their home: what a machine's user has configured must not decide a test. */
export function dvcRepository(base: string, root: string): DvcRepository {
  const env = {
    // DVC's own commands start programs of its environment.
    PATH: `${BIN}:${process.env.PATH}`,
    HOME: base,
    DVC_NO_ANALYTICS: '1',
    DVC_SITE_CACHE_DIR: join(base, 'site'),
  };
  const run = async (program: string, ...args: string[]) =>
    (await promisify(execFile)(program, args, { cwd: root, env })).stdout;
  return {
    run,
    dvc: (...args) => run(DVC, ...args),
    async ours(...args) {
      const { out, code } = await assay(root, ['data', ...args, '--json']);
      if (code !== 0) throw new Error(`assay data ${args.join(' ')} ended with ${code}: ${out}`);
      return Object(JSON.parse(out));
    },
  };
}

/** A new repository of git and of DVC in `root`, with an identity and no commit. */
export async function beginRepository(base: string, root: string): Promise<DvcRepository> {
  await mkdir(root, { recursive: true });
  const repository = dvcRepository(base, root);
  await repository.run('git', 'init', '--quiet', '--initial-branch=main');
  await repository.run('git', 'config', 'user.name', 'Ada');
  await repository.run('git', 'config', 'user.email', 'ada@example.org');
  await repository.dvc('init', '--quiet');
  return repository;
}
