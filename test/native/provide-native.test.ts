import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fetchTarball, integrityOf } from '../../lib/native/fetch-tarball.ts';
import type { LockedPackage } from '../../lib/native/locked-packages.ts';
import { type NativeCache, type NativePorts, provideNative } from '../../lib/native/provide-native.ts';
import { openTarballSource } from '../../lib/native/tarball-source.ts';
import { silentLog } from '../../lib/ports.ts';
import { type LoopbackRegistry, startRegistry } from './loopback-registry.ts';

let root: string;
let registry: LoopbackRegistry;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'assay-native-'));
});
afterEach(async () => {
  await registry?.close();
  await rm(root, { recursive: true, force: true });
});

interface Packed {
  readonly locked: LockedPackage;
  readonly bytes: Buffer;
}

/** An npm tarball of these files, and its locked form. */
async function pack(name: string, files: Record<string, string>, links: Record<string, string> = {}): Promise<Packed> {
  const folder = join(root, 'packing', name);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, 'package', path)), { recursive: true });
    await writeFile(join(folder, 'package', path), text);
  }
  for (const [path, goal] of Object.entries(links)) await symlink(goal, join(folder, 'package', path));
  const file = join(folder, 'packed.tgz');
  await create({ cwd: folder, file, gzip: true }, ['package']);
  const bytes = await readFile(file);
  const integrity = await integrityOf(
    (async function* () {
      yield bytes;
    })(),
  );
  return { locked: { name, version: '1.0.0', integrity }, bytes };
}

const urlOf = ({ name, version }: LockedPackage) => `/npm/${name}/-/${name.split('/').at(-1)}-${version}.tgz`;

/** A registry with these packages, and the ports of a machine that uses it. */
async function machine(packages: readonly Packed[], overrides: Partial<NativePorts> = {}): Promise<NativePorts> {
  registry = await startRegistry((path) => packages.find(({ locked }) => urlOf(locked) === path)?.bytes ?? 404);
  return {
    toolCache: join(root, 'tools'),
    registry: async () => registry.url,
    lock: { schema: 'assay/native-lock/1', packages: { '@x/native': packages.map(({ locked }) => locked) } },
    platform: { os: 'linux', cpu: 'x64', libc: 'glibc' },
    fetch,
    log: silentLog,
    ...overrides,
  };
}

const two = async () => [
  await pack('@x/native', { 'index.js': 'module.exports = 1;', 'lib/a.js': '' }),
  await pack('helper', { 'index.js': '' }),
];

test('brings the locked packages once, side by side in node_modules', async () => {
  const ports = await machine(await two());
  const folder = await provideNative('@x/native', ports);
  expect(await readFile(join(folder, 'node_modules', '@x', 'native', 'index.js'), 'utf8')).toBe('module.exports = 1;');
  expect((await readdir(join(folder, 'node_modules'))).sort()).toEqual(['@x', 'helper']);
  expect(await provideNative('@x/native', ports)).toBe(folder);
  expect(registry.requests).toEqual(['/npm/@x/native/-/native-1.0.0.tgz', '/npm/helper/-/helper-1.0.0.tgz']);
});

test('takes tarballs from a folder, under the names that npm pack gives them', async () => {
  const packages = await two();
  await mkdir(join(root, 'mirror'));
  await writeFile(join(root, 'mirror', 'x-native-1.0.0.tgz'), packages[0]?.bytes ?? '');
  await writeFile(join(root, 'mirror', 'helper-1.0.0.tgz'), packages[1]?.bytes ?? '');
  const folder = await provideNative(
    '@x/native',
    await machine(packages, { registry: async () => join(root, 'mirror') }),
  );
  expect((await readdir(join(folder, 'node_modules'))).sort()).toEqual(['@x', 'helper']);
  expect(registry.requests).toEqual([]);
});

test('a flipped byte is refused, names the package, and leaves nothing to be used', async () => {
  const packages = await two();
  const flipped = packages.map(({ locked, bytes }) => {
    const copy = Buffer.from(bytes);
    const middle = copy.byteLength >> 1;
    copy[middle] = (copy[middle] ?? 0) ^ 1;
    return { locked, bytes: copy };
  });
  await expect(provideNative('@x/native', await machine(flipped))).rejects.toMatchObject({
    code: 'E_NATIVE_INTEGRITY',
    exitCode: 3,
    message: expect.stringContaining('@x/native@1.0.0'),
  });
  // Nothing but the folder for tarballs, which is empty.
  const [only, ...others] = await readdir(join(root, 'tools', 'assay-native'));
  expect([only, others]).toEqual([expect.stringMatching(/-tarballs$/), []]);
  expect(await readdir(join(root, 'tools', 'assay-native', only ?? ''))).toEqual([]);
});

test('another locked version has a folder of its own', async () => {
  const first = await provideNative('@x/native', await machine(await two()));
  await registry.close();
  const changed = [await pack('@x/native', { 'index.js': 'module.exports = 2;' })];
  expect(await provideNative('@x/native', await machine(changed))).not.toBe(first);
});

test('many at once end with one folder and no remains', async () => {
  const ports = await machine(await two());
  const folders = await Promise.all(Array.from({ length: 4 }, () => provideNative('@x/native', ports)));
  expect(new Set(folders).size).toBe(1);
  expect(await readdir(join(root, 'tools', 'assay-native'))).toHaveLength(2);
});

describe('trouble with the registry', () => {
  test('a package that is not there is told at once, with the setting that helps', async () => {
    const packages = await two();
    const ports = await machine([]);
    const lock = { ...ports.lock, packages: { '@x/native': packages.map(({ locked }) => locked) } };
    await expect(provideNative('@x/native', { ...ports, lock })).rejects.toMatchObject({
      code: 'E_NATIVE_UNREACHABLE',
      exitCode: 3,
      message: expect.stringContaining('HTTP 404'),
      fix: expect.stringContaining('ASSAY_NPM_REGISTRY'),
    });
    expect(registry.requests).toHaveLength(1);
  });

  test('an empty folder is told too', async () => {
    const ports = await machine(await two(), { registry: async () => root });
    await expect(provideNative('@x/native', ports)).rejects.toMatchObject({
      code: 'E_NATIVE_UNREACHABLE',
      message: expect.stringContaining('x-native-1.0.0.tgz'),
    });
  });

  test('a passing failure and a torn answer are tried again', async () => {
    const { locked, bytes } = await pack('helper', { 'index.js': '' });
    registry = await startRegistry(() => {
      if (registry.requests.length === 1) return 503;
      if (registry.requests.length > 2) return bytes;
      return (response) => {
        response.writeHead(200, { 'content-length': String(bytes.byteLength) });
        response.write(bytes.subarray(0, 10), () => response.destroy());
      };
    });
    await fetchTarball(locked, openTarballSource(registry.url, fetch), join(root, 'helper.tgz'), [1, 1]);
    expect((await readFile(join(root, 'helper.tgz'))).equals(bytes)).toBe(true);
    expect(registry.requests).toHaveLength(3);
  });

  test('a registry that cannot be reached names itself without its password', async () => {
    const { locked } = await pack('helper', { 'index.js': '' });
    registry = await startRegistry(() => 404);
    const url = new URL(registry.url);
    await registry.close();
    const refused = async () => {
      throw new TypeError('fetch failed', { cause: new Error(`connect ECONNREFUSED ${url.host}`) });
    };
    const source = openTarballSource(`http://ada:sec@ret@${url.host}/npm`, refused);
    expect(source.title).toBe(`http://${url.host}/npm`);
    const failure = fetchTarball(locked, source, join(root, 'helper.tgz'), [1]);
    await expect(failure).rejects.toMatchObject({ code: 'E_NATIVE_UNREACHABLE' });
    await expect(failure).rejects.toThrow(/ECONNREFUSED/);
    await expect(failure).rejects.not.toThrow(/ret@/);
  });

  test.each([
    ['ada:p%40ss', 'ada:p@ss'],
    ['ada:50%', 'ada:50%'],
  ])('%s in the address lets in', async (user, sent) => {
    const { bytes, locked } = await pack('helper', { 'index.js': '' });
    registry = await startRegistry(() => bytes);
    const address = registry.url.replace('://', `://${user}@`);
    await fetchTarball(locked, openTarballSource(address, fetch), join(root, 'helper.tgz'), []);
    expect(registry.authorizations).toEqual([`Basic ${Buffer.from(sent).toString('base64')}`]);
  });
});

describe('the actions cache', () => {
  /** A cache in memory that keeps what one machine saved and gives it to the next. */
  function memoryCache() {
    const kept = new Map<string, Map<string, Buffer>>();
    const cache: NativeCache = {
      async restore([folder], key) {
        const files = kept.get(key);
        if (files === undefined || folder === undefined) return false;
        await mkdir(folder, { recursive: true });
        for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
        return true;
      },
      async save([folder], key) {
        const files = new Map<string, Buffer>();
        for (const name of await readdir(folder ?? '')) files.set(name, await readFile(join(folder ?? '', name)));
        kept.set(key, files);
      },
    };
    return { kept, cache };
  }

  test('the next machine asks no registry', async () => {
    const { cache } = memoryCache();
    const ports = await machine(await two(), { cache });
    await provideNative('@x/native', ports);
    await provideNative('@x/native', { ...ports, toolCache: join(root, 'other') });
    expect(registry.requests).toHaveLength(2);
  });

  test('what somebody put into it is not believed', async () => {
    const { cache, kept } = memoryCache();
    const ports = await machine(await two(), { cache });
    await provideNative('@x/native', ports);
    for (const files of kept.values()) for (const name of files.keys()) files.set(name, Buffer.from('evil'));
    const folder = await provideNative('@x/native', { ...ports, toolCache: join(root, 'other') });
    expect(registry.requests).toHaveLength(4);
    expect(await readFile(join(folder, 'node_modules', '@x', 'native', 'index.js'), 'utf8')).toContain('1');
  });

  test('its failure is a warning', async () => {
    const warnings: string[] = [];
    const fail = () => Promise.reject(new Error('cache service down'));
    const log = { ...silentLog, warning: (message: string) => warnings.push(message) };
    await provideNative('@x/native', await machine(await two(), { cache: { restore: fail, save: fail }, log }));
    expect(warnings).toEqual([expect.stringContaining('down'), expect.stringContaining('down')]);
  });
});

test.each(['/etc/passwd', '../../escape'])('a link to %s in a tarball is refused', async (goal) => {
  const packed = await pack('@x/native', { 'index.js': '' }, { link: goal });
  await expect(provideNative('@x/native', await machine([packed]))).rejects.toMatchObject({ code: 'E_NATIVE_TARBALL' });
  const names = await readdir(join(root, 'tools', 'assay-native'));
  expect(names.filter((name) => !name.endsWith('-tarballs'))).toEqual([]);
});
