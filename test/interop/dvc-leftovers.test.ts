import { cpSync, mkdirSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../git/repository.ts';
import { writeFiles } from '../pointers/checkout/work-data.ts';
import { beginRepository, TIMEOUT_MS, WITHOUT_DVC } from './dvc-repository.ts';

const OLD_SECONDS = Date.now() / 1000 - 3 * 24 * 60 * 60;

/** A push that was killed leaves folders without a name on a remote; see lib/stores/folder/small-object-writer.ts. */
test.skipIf(WITHOUT_DVC !== undefined)(
  'what a killed push leaves on a remote is no object to DVC, and goes with a later push',
  async () => {
    const base = await newFolder();
    const root = join(base, 'repository');
    const { dvc, ours } = await beginRepository(base, root);
    const remote = join(base, 'remote');
    await dvc('remote', 'add', '--default', 'folder', remote);
    writeFiles(root, Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`data/${index}`, `file ${index}`])));
    await ours('add', 'data');
    await ours('push');
    const objects = join(remote, 'files', 'md5');
    const leftovers = join(remote, '.assay-tmp');
    // Nothing is left where nobody was killed.
    expect(readdirSync(remote)).toEqual(['files']);
    mkdirSync(leftovers);
    const young = join(leftovers, '0123456789abcdef01234567-0');
    const old = join(leftovers, '0123456789abcdef01234567-1');
    // With files by the names of objects that the remote lacks, it must still lack them.
    const [taken = ''] = readdirSync(objects).filter((name) => name.length === 2);
    const lacking = readdirSync(join(objects, taken)).length;
    cpSync(join(objects, taken), young, { recursive: true });
    rmSync(join(objects, taken), { recursive: true });
    mkdirSync(old);
    utimesSync(old, OLD_SECONDS, OLD_SECONDS);
    rmSync(join(base, 'site'), { recursive: true, force: true });
    rmSync(join(root, '.dvc', 'tmp'), { recursive: true, force: true });
    // A folder that DVC believes by its listing alone: every object is asked for here.
    expect(await ours('status', '--cloud')).toMatchObject({ clean: false });
    expect(await ours('push')).toMatchObject({ transferred: lacking });
    await dvc('gc', '--workspace', '--cloud', '--force');
    expect(readdirSync(leftovers)).toEqual(['0123456789abcdef01234567-0']);
    rmSync(join(root, '.dvc', 'cache'), { recursive: true, force: true });
    rmSync(join(root, 'data'), { recursive: true, force: true });
    await dvc('pull', '--quiet');
    expect(readdirSync(join(root, 'data'))).toHaveLength(20);
  },
  TIMEOUT_MS,
);

test.skipIf(WITHOUT_DVC !== undefined)(
  'checkout removes after a switch what DVC removes, each from what it placed itself',
  async () => {
    const left: Record<string, string[][]> = {};
    for (const program of ['dvc', 'ours'] as const) {
      const base = await newFolder();
      const root = join(base, 'repository');
      const repository = await beginRepository(base, root);
      const { run } = repository;
      const data = () =>
        readdirSync(root, { recursive: true, encoding: 'utf8' })
          .filter((path) => /^(kept|folder|files|models)\/(?!.*(\.dvc|\.gitignore)$)/.test(path))
          .sort();
      const switchTo = async (branch: string) => {
        await run('git', 'switch', '--quiet', branch);
        await repository[program]('checkout');
        return data();
      };
      const commit = async () => {
        await run('git', 'add', '--all');
        await run('git', 'commit', '--quiet', '--message', 'data');
      };
      writeFiles(root, { 'kept/always': 'always' });
      await repository[program]('add', 'kept');
      await commit();
      await run('git', 'switch', '--quiet', '--create', 'more');
      writeFiles(root, { 'folder/a': 'a', 'folder/below/b': 'b', 'files/one': '1', 'files/two': '2', 'models/m': 'm' });
      await repository[program]('add', 'folder', 'files/one', 'files/two', 'models/m');
      await commit();
      const seen = [await switchTo('main'), await switchTo('more')];
      // In a folder and in a file: nobody takes a change away.
      writeFiles(root, { 'folder/mine': 'mine', 'files/two': 'changed' });
      await run('git', 'switch', '--quiet', 'main');
      await repository[program]('checkout');
      seen.push(data());
      left[program] = seen;
    }
    expect(left.ours).toEqual(left.dvc);
    expect(left.ours?.map((paths) => paths.length)).toEqual([1, 7, 6]);
  },
  TIMEOUT_MS,
);
