import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { isOneFile, stampOf } from '../../../lib/pointers/cache/file-stamp.ts';
import { openObjectCache } from '../../../lib/pointers/cache/object-cache.ts';
import { openPlacer } from '../../../lib/pointers/cache/place-object.ts';
import { openStatCache } from '../../../lib/pointers/cache/stat-cache.ts';
import { md5 } from '../../../lib/pointers/md5.ts';
import { newFolder } from '../../new-folder.ts';

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

/** A file system whose files have so many names at most (ext4: 65,000, NTFS: 1,023), and that clones no file that is not on the disk yet (ZFS). */
function limitLinks(names: number): void {
  const refuse = (code: string) => {
    throw Object.assign(new Error(`${code}: refused, link`), { code, syscall: 'link' });
  };
  const { linkSync } = fs;
  vi.spyOn(fs, 'linkSync').mockImplementation((from, to) =>
    fs.statSync(from).nlink >= names ? refuse('EMLINK') : linkSync(from, to),
  );
  vi.spyOn(fs, 'copyFileSync').mockImplementation(() => refuse('EAGAIN'));
  syncBuiltinESMExports();
}

async function placed(type: 'hardlink' | 'reflink', names: readonly string[]) {
  const root = await newFolder();
  const cache = openObjectCache(join(root, 'cache'));
  const placer = openPlacer(cache, { types: [type], verified: openStatCache(undefined).scope('') });
  for (const name of names) {
    const bytes = Buffer.from(name.slice(0, 1).repeat(2 * 1024 * 1024));
    const address = md5(bytes);
    cache.insertBytes(bytes, address);
    await placer.make({ md5: address, hash: 'md5', isexec: false }, join(root, name));
  }
  cache.close();
  return names.map((name) => {
    const { nlink, mode } = fs.statSync(join(root, name));
    return { names: nlink, writable: (mode & 0o200) !== 0, byte: fs.readFileSync(join(root, name), 'utf8').slice(-1) };
  });
}

describe('links into the cache', () => {
  test('an object that has as many names as a file may have is copied, others are linked as ever', async () => {
    limitLinks(3);
    const linked = { names: 3, writable: false, byte: 'a' };
    expect(await placed('hardlink', ['a1', 'a2', 'a3', 'b1'])).toEqual([
      linked,
      linked,
      { names: 1, writable: true, byte: 'a' },
      { names: 2, writable: false, byte: 'b' },
    ]);
  });

  test('a file becomes no object where every name has an inode of its own, and is called unchanged', async () => {
    const root = await newFolder();
    // As file systems in user space show them that pass no numbers of inodes on: linked, and told apart all the same.
    vi.spyOn(fs, 'linkSync').mockImplementation((from, to) => {
      const { atime, mtime } = fs.statSync(from);
      fs.copyFileSync(from, to);
      fs.utimesSync(to, atime, mtime);
    });
    syncBuiltinESMExports();
    const file = join(root, 'file');
    fs.writeFileSync(file, 'bytes');
    const cache = openObjectCache(join(root, 'cache'));
    expect(cache.insertLink({ path: file, stamp: stampOf(fs.lstatSync(file)) }, md5('bytes'))).toBe('refused');
    cache.close();
    expect(fs.existsSync(cache.pathOf(md5('bytes')))).toBe(false);
  });

  test('two paths are one file where they are links of it, not where their bytes are the same', async () => {
    const root = await newFolder();
    const [file, link, copy] = [join(root, 'file'), join(root, 'link'), join(root, 'copy')];
    fs.writeFileSync(file, 'bytes');
    fs.linkSync(file, link);
    fs.copyFileSync(file, copy);
    expect([link, copy, join(root, 'none')].map((other) => isOneFile(file, other))).toEqual([true, false, false]);
  });

  test('a second name that a disk takes for the first is told as that', async () => {
    const root = await newFolder();
    const cache = openObjectCache(join(root, 'cache'));
    const placer = openPlacer(cache, { types: ['copy'], verified: openStatCache(undefined).scope('') });
    cache.insertBytes(Buffer.from('bytes'), md5('bytes'));
    const wanted = { md5: md5('bytes'), hash: 'md5', isexec: false } as const;
    await placer.make(wanted, join(root, 'Name'));
    // Where upper and lower case are one, the same happens to `name`.
    await expect(placer.make(wanted, join(root, 'Name'))).rejects.toMatchObject({
      code: 'E_STORE_WRITE',
      fix: expect.stringContaining('upper from lower case'),
    });
    cache.close();
  });

  test('what cannot be cloned yet is copied', async () => {
    limitLinks(3);
    expect(await placed('reflink', ['a'])).toEqual([{ names: 1, writable: true, byte: 'a' }]);
  });
});
