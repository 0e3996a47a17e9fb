import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadDuckDb } from '../../lib/native/load-duckdb.ts';
import { nativeLock } from '../../lib/native/native-lock.ts';
import { detectPlatform } from '../../lib/native/native-platform.ts';
import { silentLog } from '../../lib/ports.ts';
import { startRegistry } from './loopback-registry.ts';
import { duckDbTarballs } from './npm-cache.ts';

const run = promisify(execFile);

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'assay-duckdb-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const never = () => {
  throw new Error('not to be called');
};

test('an ordinary installed package is taken as it is', async () => {
  const { resolve } = createRequire(import.meta.url);
  const duckdb = await loadDuckDb({
    toolCache: join(root, 'tools'),
    registry: async () => join(root, 'nowhere'),
    lock: nativeLock(),
    platform: detectPlatform(),
    fetch: never,
    log: silentLog,
    resolveInstalled: resolve,
  });
  expect(duckdb.DuckDBInstance).toBeTypeOf('function');
  expect(await readdir(root)).toEqual([]);
});

test('without one, two processes at once get the locked one from a registry and use it', async (context) => {
  const originals = await duckDbTarballs();
  if (typeof originals === 'string') return context.skip(`npm's cache does not have the tarball of ${originals}`);
  const registry = await startRegistry((path) => originals.get(path) ?? 404);
  try {
    const child = join(import.meta.dirname, 'duckdb-child.ts');
    const ask = () => run(process.execPath, [child, join(root, 'tools'), registry.url]);
    for (const { stdout } of await Promise.all([ask(), ask()]))
      expect(JSON.parse(stdout)).toMatchObject([{ answer: 42 }]);
    const requests = registry.requests.length;
    await ask();
    expect(registry.requests).toHaveLength(requests);
    expect((await readdir(join(root, 'tools', 'assay-native'))).every((name) => !name.startsWith('.'))).toBe(true);
  } finally {
    await registry.close();
  }
}, 60_000);
