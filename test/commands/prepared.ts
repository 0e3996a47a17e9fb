import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { exclusively } from '../../.ci/exclusively.ts';
import { copyOf, type Workspace } from './repository.ts';

/**
 * A copy of a workspace that several test files begin from: made by the first that asks in this run of the tests, while
 * others that need it wait. The name stands for one way of making it.
 */
export async function prepared(name: string, make: () => Promise<Workspace>): Promise<Workspace> {
  const folder = join(inject('preparedFolder'), name);
  if (!existsSync(folder)) {
    await exclusively(`${folder}.lock`, async () => {
      if (existsSync(folder)) return;
      const made = await make();
      // A quarter of the files to copy, each time.
      for (const git of [made.git, made.remote]) await git.run(['gc', '--quiet']);
      await rename(made.folder, folder);
    });
  }
  return copyOf({ folder });
}
