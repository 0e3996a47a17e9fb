import { readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { isAddress } from '../../../lib/commands/data/source/source-overrides.ts';
import { assay } from '../../cli/command-line.ts';
import { commitAll, newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';

async function data(root: string, ...args: string[]) {
  const { out, code } = await assay(root, ['data', ...args, '--json']);
  return { exit: code, ...Object(JSON.parse(out)) };
}

test('a relative path to a source repository starts from the top, wherever a command is started', async () => {
  const from = await newRepository({ rows: 'first' });
  const { folder: root } = await newRepository();
  writeFiles(root, { '.dvc/config': '', 'deep/er/kept': '' });
  const deep = join(root, 'deep', 'er');
  const fromTop = `../${basename(from.folder)}`;
  expect(await data(deep, 'import', `../../${fromTop}`, 'rows')).toMatchObject({ exit: 0 });
  const pointer = join(deep, 'rows.dvc');
  expect(readFileSync(pointer, 'utf8')).toContain(`    url: ${fromTop}\n`);
  // As DVC writes what was typed in that folder.
  const typed = readFileSync(pointer, 'utf8').replace(`url: ${fromTop}`, `url: ../../${fromTop}`);
  writeFiles(root, {
    'deep/er/typed.dvc': typed.replaceAll('path: rows', 'path: typed').replace('- path: typed', '- path: rows'),
  });
  await commitAll(from, { rows: 'second' }, 'next');
  for (const [place, folder] of [root, deep, join(root, 'deep')].entries()) {
    for (const path of ['deep/er/rows', 'deep/er/typed', '.dvc/cache'])
      rmSync(join(root, path), { force: true, recursive: true });
    expect(await data(folder, 'pull'), folder).toMatchObject({ exit: 0 });
    expect(readFiles(deep), folder).toMatchObject(place === 0 ? { rows: 'first', typed: 'first' } : { rows: 'second' });
    expect(
      (await data(folder, 'status')).outputs.map(({ update }: { update?: string }) => update === undefined),
    ).toEqual(place === 0 ? [false, false] : [true, true]);
    expect(await data(folder, 'update', ...['rows', 'typed'].map((name) => join(deep, `${name}.dvc`)))).toMatchObject({
      exit: 0,
    });
    expect(readFiles(deep)).toMatchObject({ rows: 'second', typed: 'second' });
  }
});

test.each([
  ['https://host/a.git', true],
  ['git@host:a.git', true],
  ['host:team/a', true],
  ['host:a.git', true],
  ['dvc.yaml:train', false],
  ['deep/dvc.yaml:train', false],
  ['C:/data/a', false],
  ['../a.git', false],
])('%s is an address: %s', (text, address) => {
  expect(isAddress(text)).toBe(address);
});
