import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckDb } from '../engine/duckdb-engine.ts';
import type { Engine } from '../engine/engine.ts';
import { loadDuckDb } from '../native/load-duckdb.ts';
import { nativeLock } from '../native/native-lock.ts';
import { detectPlatform } from '../native/native-platform.ts';
import { npmRegistry } from '../native/npm-registry.ts';
import { proxiedFetch } from '../proxied-fetch.ts';
import type { ContextOptions } from './create-context.ts';

/**
 * Opens the table engine for files under `folders`, bringing DuckDB first where it is not installed.
 *
 * @throws E_NATIVE_*
 */
export async function openInstalledEngine(
  { env, log, root, nativeCache, resolveInstalled }: ContextOptions,
  folders: readonly string[],
): Promise<Engine> {
  const duckdb = await loadDuckDb({
    toolCache: env.RUNNER_TOOL_CACHE ?? join(env.XDG_CACHE_HOME ?? join(env.HOME ?? tmpdir(), '.cache'), 'assay'),
    registry: () => npmRegistry(env, root),
    lock: nativeLock(),
    // Asked only where DuckDB has to be brought: to find it out takes some milliseconds of every command.
    get platform() {
      return detectPlatform();
    },
    fetch: proxiedFetch(env),
    log,
    resolveInstalled,
    ...(nativeCache === undefined ? {} : { cache: nativeCache }),
  });
  return openDuckDb(duckdb, {
    tempDirectory: join(env.RUNNER_TEMP ?? tmpdir(), 'assay'),
    allowedDirectories: folders,
  });
}
