import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { assay } from '../../cli/command-line.ts';
import { commitAll, newFolder, newRemoteAndClone, newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';

test('a repository is cloned once, however many imports of whichever commits come from it', async () => {
  const { remote, clone } = await newRemoteAndClone();
  const url = `file://${remote.folder}`;
  const { folder: root } = await newRepository();
  writeFiles(root, { '.dvc/config': '' });
  // A git that writes down what it is asked.
  const [bin, log] = [await newFolder(), join(await newFolder(), 'log')];
  writeFileSync(join(bin, 'git'), `#!/bin/sh\necho "$*" >> '${log}'\nPATH='${process.env.PATH}' exec git "$@"\n`);
  chmodSync(join(bin, 'git'), 0o755);
  const env = { PATH: `${bin}${delimiter}${process.env.PATH}` };
  const data = async (...args: string[]) => {
    writeFileSync(log, '');
    const { out, code } = await assay(root, ['data', ...args, '--json'], { env });
    const clones = readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => /(^| )clone /.test(line)).length;
    return { exit: code, clones, ...Object(JSON.parse(out)) };
  };
  for (const name of ['a', 'b', 'c']) {
    // The configuration of an earlier commit is not that of a later one.
    await commitAll(clone, { [name]: name, 'assay.yaml': `# ${name}\n` }, name);
    await clone.run(['push', '--quiet', 'origin', 'HEAD:main']);
    expect(await data('import', url, name)).toMatchObject({ exit: 0, clones: 1 });
  }
  for (const path of ['a', 'b', 'c', '.dvc/cache']) rmSync(join(root, path), { recursive: true });
  expect(await data('pull')).toMatchObject({ exit: 0, clones: 1 });
  expect(readFiles(root)).toMatchObject({ a: 'a', b: 'b', c: 'c' });
  expect(await data('update', 'a.dvc', 'b.dvc', 'c.dvc')).toMatchObject({ exit: 0, clones: 1 });
});
