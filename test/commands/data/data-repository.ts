import { join } from 'node:path';
import { md5 } from '../../../lib/pointers/md5.ts';
import { objectKey } from '../../../lib/pointers/object-key.ts';
import { assay } from '../../cli/command-line.ts';
import { newRepository } from '../../git/repository.ts';
import { writeFiles } from '../../pointers/checkout/work-data.ts';

/** A repository of DVC's below `folder`, with this configuration and these files. */
export async function repository(config: string, files: Readonly<Record<string, string>>, folder = '.') {
  const git = await newRepository({ 'README.md': 'data' });
  const root = join(git.folder, folder);
  const cache = join(root, '.dvc', 'cache');
  writeFiles(root, { '.dvc/config': config, '.dvc/.gitignore': '/config.local\n/tmp\n/cache\n', ...files });
  const run = async (...args: string[]) => {
    const { out, code } = await assay(root, ['data', ...args, '--json']);
    return { exit: code, ...Object(JSON.parse(out)) };
  };
  return { git, root, cache, run, object: (text: string) => join(cache, objectKey(md5(text))) };
}
