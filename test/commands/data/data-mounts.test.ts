import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openObjectCache } from '../../../lib/pointers/cache/object-cache.ts';
import { openStaging } from '../../../lib/pointers/cache/staging.ts';
import { md5 } from '../../../lib/pointers/md5.ts';
import { completeVersions } from '../../../lib/pointers/versions/complete-versions.ts';
import type { VersionedStore } from '../../../lib/stores/bucket/versioned-store.ts';
import { assay } from '../../cli/command-line.ts';
import { newFolder, newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';

/** Whether this process may mount file systems: in a container or virtual machine as root. */
const CAN_MOUNT =
  process.platform === 'linux' &&
  spawnSync('unshare', ['--mount', 'sh', '-c', 'mount -t tmpfs -o size=1m tmpfs /mnt']).status === 0;
const REASON = 'work trees that are on several disks (needs the right to mount)';

const mounted: string[] = [];
afterEach(() => {
  for (const folder of mounted.splice(0).reverse()) execFileSync('umount', [folder]);
});

/** A disk of its own at a folder, made here. */
function mountDisk(folder: string): void {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', folder]);
  mounted.push(folder);
}

/** A folder of the same disk as the rest, which no renaming leads to either. */
async function mountFolder(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['--bind', await newFolder(), folder]);
  mounted.push(folder);
}

async function data(root: string, verb: string, ...args: string[]) {
  const { out, code } = await assay(root, ['data', verb, '--json', ...args]);
  return { exit: code, ...Object(JSON.parse(out)) };
}

const FILES = { a: 'one', 'b/c': 'two', large: 'l'.repeat(2 * 1024 * 1024) };
const NEWER = { ...FILES, a: 'ONE!', 'b/d': 'three' };

async function repository(type: string): Promise<string> {
  const { folder } = await newRepository();
  mkdirSync(join(folder, '.dvc'));
  const config = `[core]\n    remote = r\n[cache]\n    type = ${type}\n['remote "r"']\n    url = ../../remote\n`;
  writeFileSync(join(folder, '.dvc', 'config'), config);
  return folder;
}

const PLACES: readonly [string, string, (root: string) => void | Promise<void>][] = [
  ['data in a mounted folder', 'disk/d', (root) => mountDisk(join(root, 'disk'))],
  ['data that are a mounted folder', 'disk', (root) => mountDisk(join(root, 'disk'))],
  ['data in a folder of the same disk that is mounted again', 'disk/d', (root) => mountFolder(join(root, 'disk'))],
  ['a mounted folder in data', 'd', (root) => mountDisk(join(root, 'd', 'b'))],
  ['.dvc/tmp of its own disk', 'd', (root) => mountDisk(join(root, '.dvc', 'tmp'))],
];

describe.skipIf(!CAN_MOUNT)(REASON, () => {
  test.each(PLACES)('%s', async (_what, path, mount) => {
    const root = await repository('reflink,copy');
    await mount(root);
    writeFiles(join(root, path), FILES);
    const unchanged = async () => {
      expect(await data(root, 'status')).toMatchObject({ exit: 0, clean: true });
      expect(readdirSync(root)).not.toContain('.assay-staging');
      expect(readdirSync(join(root, path)).filter((name) => name.startsWith('.'))).toEqual([]);
    };
    const clear = () => {
      for (const name of readdirSync(join(root, path))) {
        const mountPoint = mounted.includes(join(root, path, name));
        const inside = mountPoint ? readdirSync(join(root, path, name)).map((one) => join(name, one)) : [name];
        for (const one of inside) rmSync(join(root, path, one), { recursive: true });
      }
      if (!mounted.includes(join(root, path)) && !existsSync(join(root, path, 'b')))
        rmSync(join(root, path), { recursive: true });
    };
    expect(await data(root, 'add', path)).toMatchObject({ exit: 0 });
    expect(await data(root, 'push')).toMatchObject({ exit: 0 });
    execFileSync('git', ['add', '--all'], { cwd: root });
    execFileSync('git', ['commit', '--quiet', '--message', 'first'], { cwd: root });
    clear();
    rmSync(join(root, '.dvc', 'cache'), { recursive: true });
    expect(await data(root, 'pull')).toMatchObject({ exit: 0 });
    expect(readFiles(join(root, path))).toEqual(FILES);
    await unchanged();
    writeFiles(join(root, path), NEWER);
    expect(await data(root, 'add', path)).toMatchObject({ exit: 0 });
    execFileSync('git', ['checkout', '--quiet', 'HEAD', '--', `${path}.dvc`], { cwd: root });
    expect(await data(root, 'checkout')).toMatchObject({ exit: 0 });
    expect(readFiles(join(root, path))).toEqual(FILES);
    await unchanged();
  });

  test.each(['hardlink', 'symlink'])('a cache on the disk of the data serves by %s', async (type) => {
    const root = await repository(type);
    mountDisk(join(root, 'disk'));
    writeFileSync(join(root, '.dvc', 'config.local'), '[cache]\n    dir = ../disk/cache\n');
    writeFiles(join(root, 'disk', 'd'), FILES);
    const linked = () => {
      const [own, object] = [lstatSync(join(root, 'disk/d/large')), statSync(join(root, 'disk/d/large'))];
      return type === 'symlink' ? own.isSymbolicLink() : object.nlink > 1;
    };
    expect(await data(root, 'add', 'disk/d')).toMatchObject({ exit: 0 });
    expect(linked()).toBe(true);
    rmSync(join(root, 'disk', 'd'), { recursive: true });
    expect(await data(root, 'checkout')).toMatchObject({ exit: 0 });
    expect(linked()).toBe(true);
    expect(readFiles(join(root, 'disk', 'd'))).toEqual(FILES);
    rmSync(join(root, 'disk', 'd', 'a'));
    expect(await data(root, 'checkout')).toMatchObject({ exit: 0 });
    expect(readFiles(join(root, 'disk', 'd'))).toEqual(FILES);
  });

  test('files that are known by versions alone come into a cache on another disk', async () => {
    const root = await newFolder();
    mountDisk(join(root, 'disk'));
    const [cache, staging] = [openObjectCache(join(root, 'disk', 'cache')), openStaging(join(root, 'staging'))];
    const store: Pick<VersionedStore, 'describe' | 'receive'> = {
      describe: () => ({ kind: 's3', title: 'a bucket', location: 's3://bucket' }),
      receive: async (_version, { path }) => {
        writeFileSync(path, 'bytes');
        return { version: 'v1', tag: 'tag', md5: md5('bytes'), size: 5 };
      },
    };
    const flags = { cache: true, push: true, persist: false, frozen: false, isexec: false } as const;
    const output = { path: 'd', declaredIn: 'd.dvc', kind: 'file', hash: 'md5', ...flags } as const;
    const cloud = { remote: 'r', versionId: 'v1', etag: 'tag' };
    const found = await completeVersions({ ...output, cloud }, cache, store, { owns: () => true, jobs: 1, staging });
    cache.close();
    staging.close();
    expect(found).toMatchObject({ brought: 1, completed: { md5: md5('bytes') } });
    expect(cache.has(md5('bytes'))).toBe(true);
  });

  test('what a killed process left on such a disk is no data, and goes with the next call', async () => {
    const root = await repository('copy');
    mountDisk(join(root, 'disk'));
    writeFiles(join(root, 'disk'), FILES);
    expect(await data(root, 'add', 'disk')).toMatchObject({ exit: 0 });
    const left = spawnSync(process.execPath, ['-e', 'process.stdout.write(String(process.pid))']).stdout.toString();
    const space = execFileSync('readlink', ['/proc/self/ns/pid']).toString().replace(/\D/g, '');
    const host = execFileSync('hostname').toString().trim();
    const session = join(root, 'disk', '.assay-staging', `s-${host}-${space}.${left}.0123456789ab`);
    writeFiles(session, { 1: 'half' });
    expect(await data(root, 'status')).toMatchObject({ clean: true });
    rmSync(join(root, 'disk', 'a'));
    expect(await data(root, 'checkout')).toMatchObject({ exit: 0 });
    expect(readdirSync(join(root, 'disk')).sort()).toEqual(['a', 'b', 'large']);
  });
});
