import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { assay } from '../../cli/command-line.ts';
import { soundObjects } from '../../e2e/data-children.ts';
import { newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';

const LARGE = 'l'.repeat(3 * 1024 * 1024);
const FILES = { a: 'one', 'b/c': 'two', large: LARGE };

/** As FAT, exFAT and Samba, which keep no modes; the system's copying of files sets them too. Source: libuv, uv__fs_copyfile. */
function refuse(): never {
  throw Object.assign(new Error('EPERM: operation not permitted, fchmod'), { code: 'EPERM', syscall: 'fchmod' });
}

beforeEach(async () => {
  const handle = await fs.promises.open(process.execPath);
  vi.spyOn(Object.getPrototypeOf(handle), 'chmod').mockImplementation(async () => refuse());
  await handle.close();
  for (const name of ['chmodSync', 'fchmodSync', 'copyFileSync'] as const)
    vi.spyOn(fs, name).mockImplementation(refuse);
  for (const name of ['chmod', 'copyFile'] as const)
    vi.spyOn(fs.promises, name).mockImplementation(async () => refuse());
  syncBuiltinESMExports();
});

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

async function data(root: string, verb: string, ...args: string[]) {
  const { out, code } = await assay(root, ['data', verb, '--json', ...args]);
  return { exit: code, ...Object(JSON.parse(out)) };
}

describe('file systems that keep no modes', () => {
  test.each(['copy', 'reflink,copy', 'hardlink,copy', 'symlink'])(
    'hold work tree, cache and remote: cache.type = %s',
    async (type) => {
      const { folder: root } = await newRepository();
      fs.mkdirSync(join(root, '.dvc'));
      const config = `[core]\n    remote = r\n[cache]\n    type = ${type}\n['remote "r"']\n    url = ../remote\n`;
      fs.writeFileSync(join(root, '.dvc', 'config'), config);
      writeFiles(join(root, 'd'), FILES);
      fs.writeFileSync(join(root, 'run'), '#!/bin/sh\n', { mode: 0o777 });
      expect(await data(root, 'add', 'd', 'run')).toMatchObject({ exit: 0 });
      expect(await data(root, 'push')).toMatchObject({ exit: 0 });
      for (const one of ['.dvc/cache', 'd', 'run']) fs.rmSync(join(root, one), { recursive: true });
      expect(await data(root, 'pull')).toMatchObject({ exit: 0 });
      expect(readFiles(join(root, 'd'))).toEqual(FILES);
      soundObjects(join(root, '.dvc', 'cache'));
      expect(await data(root, 'checkout', '--relink')).toMatchObject({ exit: 0 });
      const { outputs } = await data(root, 'status');
      expect(Object.fromEntries(outputs.map(({ path, state }: Record<string, string>) => [path, state]))).toEqual({
        d: 'unchanged',
        run: 'unchanged',
      });
    },
  );
});
