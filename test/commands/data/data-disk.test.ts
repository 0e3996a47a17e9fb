import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { md5 } from '../../../lib/pointers/md5.ts';
import { assay } from '../../cli/command-line.ts';
import { soundObjects } from '../../e2e/data-children.ts';
import { newFolder, newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';

/** Whether this process may mount file systems: in a container or virtual machine as root. */
const CAN_MOUNT =
  process.platform === 'linux' &&
  spawnSync('unshare', ['--mount', 'sh', '-c', 'mount -t tmpfs -o size=1m tmpfs /mnt']).status === 0;
const REASON = 'disks that are full or read-only (needs the right to mount)';

const mounted: string[] = [];
afterEach(() => {
  for (const folder of mounted.splice(0)) execFileSync('umount', [folder]);
});

/** A small disk of its own. */
async function disk(mebibytes: number): Promise<string> {
  const folder = await newFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder]);
  mounted.push(folder);
  return folder;
}

const remount = (folder: string, options: string) => execFileSync('mount', ['-o', `remount,${options}`, folder]);

async function data(root: string, verb: string, ...args: string[]) {
  const { out, code } = await assay(root, ['data', verb, '--json', ...args]);
  return { exit: code, ...Object(JSON.parse(out)) };
}

const LARGE = 'l'.repeat(3 * 1024 * 1024);
const FILES = { a: 'one', 'b/c': 'two', large: LARGE };

/** Data in the work tree, a cache and a remote where they are said to be. */
async function repository(cache: string, remote: string, root?: string) {
  const folder = root ?? (await newRepository()).folder;
  if (root !== undefined) execFileSync('git', ['init', '--quiet', root]);
  mkdirSync(join(folder, '.dvc'));
  const config = `[core]\n    remote = r\n[cache]\n    dir = ${cache}\n['remote "r"']\n    url = ${remote}\n`;
  writeFileSync(join(folder, '.dvc', 'config'), config);
  writeFiles(join(folder, 'd'), FILES);
  return folder;
}

describe.skipIf(!CAN_MOUNT)(REASON, () => {
  test('add into a full cache leaves the data as it was and no pointer; with space it completes', async () => {
    const cache = await disk(2);
    const root = await repository(join(cache, 'c'), '../remote');
    const found = await data(root, 'add', 'd');
    expect(found).toMatchObject({ exit: 3, code: 'E_STORE_WRITE' });
    expect(found.message).toContain('ENOSPC');
    expect(existsSync(join(root, 'd.dvc'))).toBe(false);
    expect(readFiles(join(root, 'd'))).toEqual(FILES);
    soundObjects(join(cache, 'c'));
    remount(cache, 'size=20m');
    expect(await data(root, 'add', 'd')).toMatchObject({ exit: 0 });
    expect(await data(root, 'verify')).toMatchObject({ sound: true, verified: 4 });
  });

  test('push to a full remote promises nothing that is not there; with space it completes', async () => {
    const remote = await disk(2);
    const root = await repository(join(await newFolder(), 'c'), join(remote, 'r'));
    await data(root, 'add', 'd');
    expect(await data(root, 'push')).toMatchObject({ exit: 3, code: 'E_STORE_WRITE' });
    expect([...soundObjects(join(remote, 'r')).keys()].filter((key) => key.endsWith('.dir'))).toEqual([]);
    remount(remote, 'size=20m');
    expect(await data(root, 'push')).toMatchObject({ exit: 0, failed: [] });
    expect(soundObjects(join(remote, 'r')).size).toBe(4);
  });

  test('checkout and pull onto a full disk show nothing half; with space they complete', async () => {
    const other = await newFolder();
    const remote = join(other, 'r');
    const from = await repository(join(other, 'c'), remote);
    await data(from, 'add', 'd');
    await data(from, 'push');
    const small = await disk(2);
    const root = await repository(join(other, 'c'), remote, join(small, 'work')).catch(() => join(small, 'work'));
    rmSync(join(root, 'd'), { recursive: true, force: true });
    writeFileSync(join(root, 'd.dvc'), readFileSync(join(from, 'd.dvc')));
    expect(await data(root, 'checkout')).toMatchObject({ exit: 3, code: 'E_STORE_WRITE' });
    expect(existsSync(join(root, 'd'))).toBe(false);
    rmSync(join(other, 'c'), { recursive: true });
    expect(await data(root, 'pull')).toMatchObject({ exit: 3 });
    expect(existsSync(join(root, 'd'))).toBe(false);
    remount(small, 'size=20m');
    expect(await data(root, 'pull')).toMatchObject({ exit: 0 });
    expect(readFiles(join(root, 'd'))).toEqual(FILES);
    expect(await data(root, 'status')).toMatchObject({ clean: true });
  });

  test('a read-only cache serves what it has, and says that it cannot take more', async () => {
    const cache = await disk(20);
    const root = await repository(join(cache, 'c'), '../remote');
    await data(root, 'add', 'd');
    remount(cache, 'ro');
    expect(await data(root, 'status')).toMatchObject({ exit: 0, clean: true });
    rmSync(join(root, 'd'), { recursive: true });
    expect(await data(root, 'checkout')).toMatchObject({ exit: 0 });
    expect(readFiles(join(root, 'd'))).toEqual(FILES);
    expect(await data(root, 'push')).toMatchObject({ exit: 0, transferred: 4 });
    expect(await data(root, 'verify')).toMatchObject({ sound: true });
    writeFiles(join(root, 'd'), { new: 'new' });
    const found = await data(root, 'add', 'd');
    expect(found).toMatchObject({ exit: 3, code: 'E_STORE_WRITE' });
    expect(found.message).toContain('EROFS');
    expect(await data(root, 'gc', '-w', '--force')).toMatchObject({ exit: 0 });
  });

  test('damage in a read-only cache is told, not used', async () => {
    const cache = await disk(20);
    const root = await repository(join(cache, 'c'), '../remote');
    await data(root, 'add', 'd');
    await data(root, 'push');
    const object = join(cache, 'c', 'files', 'md5', md5('one').slice(0, 2), md5('one').slice(2));
    rmSync(object);
    writeFileSync(object, 'onf', { mode: 0o444 });
    remount(cache, 'ro');
    rmSync(join(root, 'd'), { recursive: true });
    const found = await data(root, 'checkout');
    expect(found).toMatchObject({ exit: 3, outputs: [{ code: 'E_CACHE_CORRUPT' }] });
    expect(existsSync(join(root, 'd'))).toBe(false);
    expect(await data(root, 'verify')).toMatchObject({ exit: 1, problems: [{ problem: 'damaged' }] });
  });

  test('a read-only work tree is left as it is, and says so', async () => {
    const work = await disk(20);
    const root = await repository(join(await newFolder(), 'c'), join(await newFolder(), 'r'), join(work, 'w'));
    await data(root, 'add', 'd');
    writeFiles(join(root, 'd'), { a: 'changed' });
    remount(work, 'ro');
    expect(await data(root, 'status')).toMatchObject({ outputs: [{ state: 'modified' }] });
    expect(await data(root, 'add', 'd')).toMatchObject({ exit: 3, code: 'E_STORE_WRITE' });
    expect(await data(root, 'push')).toMatchObject({ exit: 0 });
    expect(await data(root, 'checkout', '--force')).toMatchObject({ exit: 3, code: 'E_STORE_WRITE' });
    expect(readFileSync(join(root, 'd', 'a'), 'utf8')).toBe('changed');
    expect(readdirSync(join(root, 'd')).sort()).toEqual(['a', 'b', 'large']);
  });
});
