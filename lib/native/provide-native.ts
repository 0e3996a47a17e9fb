import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { canonicalJson } from '../digest.ts';
import { assayError, messageOf } from '../errors.ts';
import type { Log } from '../ports.ts';
import { fetchTarball, isLockedTarball } from './fetch-tarball.ts';
import type { LockedPackage, LockedPackages } from './locked-packages.ts';
import { type NativePlatform, packagesFor, platformName } from './native-platform.ts';
import { type FetchPort, openTarballSource } from './tarball-source.ts';
import { unpackTarball } from './unpack-tarball.ts';

/** A cache that outlives the machine (@actions/cache). Its failures are nobody's error. */
export interface NativeCache {
  /** True when something was restored to these paths. */
  restore(paths: string[], key: string): Promise<boolean>;
  save(paths: string[], key: string): Promise<void>;
}

export interface NativePorts {
  /** A folder that outlives the job where the runner has one: RUNNER_TOOL_CACHE, or one below the user's cache folder. */
  readonly toolCache: string;
  /** Address of an npm registry, or a folder of tarballs; asked only when something is missing. */
  readonly registry: () => Promise<string>;
  readonly lock: LockedPackages;
  readonly platform: NativePlatform;
  readonly fetch: FetchPort;
  readonly log: Log;
  readonly cache?: NativeCache;
}

/**
 * Sees to it that the locked form of a native package is unpacked in the tool cache, and returns the folder whose
 * `node_modules` has it. The folder appears whole or not at all, so any number of processes may do this at once. What the
 * cache restores are tarballs, checked against the lock like a download: a poisoned cache cannot bring in code.
 *
 * @throws E_NATIVE_PLATFORM, E_NATIVE_INTEGRITY, E_NATIVE_UNREACHABLE, E_NATIVE_TARBALL
 */
export async function provideNative(name: string, ports: NativePorts): Promise<string> {
  const packages = packagesFor(ports.lock.packages[name] ?? [], ports.platform);
  const folder = nativeFolder(name, ports);
  if (existsSync(folder)) return folder;
  const base = dirname(folder);
  const id = basename(folder);
  const tarballs = join(base, `${id}-tarballs`);
  const unpacking = join(base, `.${id}-${randomBytes(6).toString('hex')}.tmp`);
  try {
    await bringTarballs(packages, tarballs, id, ports);
    for (const locked of packages) {
      await unpackTarball(tarballPath(tarballs, locked), join(unpacking, 'node_modules', locked.name), locked.name);
    }
    await appear(unpacking, folder, name);
  } finally {
    await rm(unpacking, { recursive: true, force: true });
  }
  return folder;
}

/** Where the tool cache has the unpacked package: another lock or platform has another folder. Throws E_NATIVE_PLATFORM. */
export function nativeFolder(
  name: string,
  { toolCache, lock, platform }: Pick<NativePorts, 'toolCache' | 'lock' | 'platform'>,
): string {
  const packages = packagesFor(lock.packages[name] ?? [], platform);
  return join(toolCache, 'assay-native', identityOf(name, packages, platform));
}

/** Names what is in the folder: the package, its version, the platform, and the digest of all that is locked for it. */
function identityOf(name: string, packages: readonly LockedPackage[], platform: NativePlatform): string {
  const version = packages.find((locked) => locked.name === name)?.version ?? 'unknown';
  const digest = createHash('sha256').update(canonicalJson(packages)).digest('hex').slice(0, 16);
  return [name.replace(/^@/, '').replace('/', '-'), version, platformName(platform), digest].join('-');
}

async function bringTarballs(
  packages: readonly LockedPackage[],
  folder: string,
  id: string,
  { registry, fetch, log, cache }: NativePorts,
): Promise<void> {
  const key = `assay-native-${id}`;
  const missing = () =>
    filter(packages, async (locked) => !(await isLockedTarball(tarballPath(folder, locked), locked)));
  let wanted = await missing();
  if (wanted.length > 0 && cache !== undefined) {
    const restored = await cache.restore([folder], key).catch((error: unknown) => {
      log.warning(`the actions cache could not be read: ${messageOf(error)}`);
      return false;
    });
    if (restored) wanted = await missing();
  }
  if (wanted.length === 0) return;
  const source = openTarballSource(await registry(), fetch);
  log.info(`Fetching ${wanted.map((locked) => `${locked.name}@${locked.version}`).join(', ')} from ${source.title}`);
  for (const locked of wanted) await fetchTarball(locked, source, tarballPath(folder, locked));
  await cache?.save([folder], key).catch((error: unknown) => {
    log.warning(`the actions cache could not be written: ${messageOf(error)}`);
  });
}

function tarballPath(folder: string, locked: LockedPackage): string {
  return join(folder, `${locked.name.replace(/^@/, '').replace('/', '-')}-${locked.version}.tgz`);
}

async function filter<T>(items: readonly T[], keep: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept: T[] = [];
  for (const item of items) if (await keep(item)) kept.push(item);
  return kept;
}

/** Gives the unpacked folder its name; when another process was faster, its folder is as good as ours. */
async function appear(unpacked: string, folder: string, name: string): Promise<void> {
  try {
    await mkdir(join(folder, '..'), { recursive: true });
    await rename(unpacked, folder);
  } catch (error) {
    if (existsSync(folder)) return;
    throw assayError('E_NATIVE_TARBALL', { package: name, reason: messageOf(error) }, error);
  }
}
