import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statfsSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { assay } from '../../cli/command-line.ts';
import { newFolder } from '../../git/repository.ts';

const MEBIBYTE = 1024 * 1024;
const mounted: string[] = [];
afterEach(() => {
  for (const folder of mounted.splice(0)) execFileSync('umount', [folder]);
});

/** Whether this machine mounts such disks: as root, in a container or virtual machine, with a kernel that knows them. */
const CAN_CLONE =
  process.platform === 'linux' &&
  spawnSync('unshare', ['--mount', 'sh', '-c', 'grep -qw btrfs /proc/filesystems && losetup --find']).status === 0;

/**
 * A small disk of a file system that clones files: what `mkfs.btrfs --metadata single` (btrfs-progs 6.2) writes on 200 MiB, which no
 * machine has to have for this test.
 */
async function disk(): Promise<string> {
  const folder = await newFolder();
  const image = join(folder, 'image');
  const root = join(folder, 'disk');
  writeFileSync(image, brotliDecompressSync(readFileSync(join(import.meta.dirname, 'fixtures', 'btrfs.img.br'))));
  mkdirSync(root);
  execFileSync('mount', ['--options', 'loop', image, root]);
  mounted.push(root);
  return root;
}

/** Bytes that are used on a disk. */
function used(root: string): number {
  execFileSync('sync', ['--file-system', root]);
  const { blocks, bfree, bsize } = statfsSync(root);
  return (blocks - bfree) * bsize;
}

async function data(root: string, verb: string, ...args: string[]) {
  const { out, code } = await assay(root, ['data', verb, '--json', ...args]);
  return { exit: code, ...Object(JSON.parse(out)) };
}

describe.skipIf(!CAN_CLONE)('disks that clone files (needs a kernel with btrfs and the right to mount)', () => {
  test('a large file is there once, whether added or checked out, and an edit leaves the cache alone', async () => {
    const root = await disk();
    execFileSync('git', ['init', '--quiet', root]);
    const path = join(root, 'large');
    const bytes = Buffer.alloc(20 * MEBIBYTE, 'not to be compressed');
    writeFileSync(path, bytes);
    const before = used(root);
    expect(await data(root, 'add', 'large')).toMatchObject({ exit: 0 });
    expect(used(root) - before).toBeLessThan(5 * MEBIBYTE);
    rmSync(path);
    expect(await data(root, 'checkout')).toMatchObject({ exit: 0 });
    expect(used(root) - before).toBeLessThan(5 * MEBIBYTE);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    const handle = openSync(path, 'r+');
    writeSync(handle, 'X');
    closeSync(handle);
    expect(await data(root, 'status')).toMatchObject({ clean: false });
    expect(await data(root, 'verify')).toMatchObject({ sound: true });
    expect(await data(root, 'add', 'large')).toMatchObject({ exit: 0 });
    expect(await data(root, 'status')).toMatchObject({ clean: true });
    expect(await data(root, 'verify')).toMatchObject({ sound: true });
  });
});
