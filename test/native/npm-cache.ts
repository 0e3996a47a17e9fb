import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { LockedPackage } from '../../lib/native/locked-packages.ts';
import { nativeLock } from '../../lib/native/native-lock.ts';
import { detectPlatform, packagesFor } from '../../lib/native/native-platform.ts';

/**
 * The original tarball as npm keeps it since it was installed (cacache: content by digest); undefined when npm's cache
 * does not have it. Asks no registry.
 */
async function originalTarball(locked: LockedPackage): Promise<Buffer | undefined> {
  const hex = Buffer.from(locked.integrity.slice('sha512-'.length), 'base64').toString('hex');
  const cache = process.env.npm_config_cache ?? join(homedir(), '.npm');
  const path = join(cache, '_cacache', 'content-v2', 'sha512', hex.slice(0, 2), hex.slice(2, 4), hex.slice(4));
  return readFile(path).catch(() => undefined);
}

/** The tarballs of DuckDB for this platform by their paths in a registry; the name of one that npm's cache does not have. */
export async function duckDbTarballs(): Promise<ReadonlyMap<string, Buffer> | string> {
  const originals = new Map<string, Buffer>();
  for (const locked of packagesFor(nativeLock().packages['@duckdb/node-api'] ?? [], detectPlatform())) {
    const bytes = await originalTarball(locked);
    if (bytes === undefined) return locked.name;
    originals.set(`/npm/${locked.name}/-/${locked.name.split('/').at(-1)}-${locked.version}.tgz`, bytes);
  }
  return originals;
}
