// Started by load-duckdb.test.ts: loads DuckDB through the tool cache and asks it something.

import { loadDuckDb } from '../../lib/native/load-duckdb.ts';
import { nativeLock } from '../../lib/native/native-lock.ts';
import { detectPlatform } from '../../lib/native/native-platform.ts';
import { silentLog } from '../../lib/ports.ts';

const [toolCache, registry] = process.argv.slice(2);
if (toolCache === undefined || registry === undefined) throw new Error('usage: TOOL_CACHE REGISTRY');
const duckdb = await loadDuckDb({
  toolCache,
  registry: async () => registry,
  lock: nativeLock(),
  platform: detectPlatform(),
  fetch,
  log: silentLog,
  resolveInstalled: () => {
    throw new Error('nothing is installed here');
  },
});
const instance = await duckdb.DuckDBInstance.create(':memory:');
const connection = await instance.connect();
const reader = await connection.runAndReadAll('select 6 * 7 as answer, version() as version');
console.log(JSON.stringify(reader.getRowObjectsJson()));
