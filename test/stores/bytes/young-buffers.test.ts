import { constants, PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { freeingYoungBuffers } from '../../../lib/stores/bytes/young-buffers.ts';

const MIB = 1024 * 1024;

/** Collections that people or programs ask for, while something runs. */
async function forcedCollections(work: () => void): Promise<number> {
  let forced = 0;
  const count = (entries: ReturnType<PerformanceObserver['takeRecords']>) => {
    for (const entry of entries) {
      const { kind, flags } = Object(Reflect.get(entry, 'detail')) as Record<string, unknown>;
      if (kind === constants.NODE_PERFORMANCE_GC_MINOR && flags === constants.NODE_PERFORMANCE_GC_FLAGS_FORCED)
        forced++;
    }
  };
  const observer = new PerformanceObserver((list) => count(list.getEntries()));
  observer.observe({ entryTypes: ['gc'] });
  work();
  // What was observed is told by a later turn.
  for (let i = 0; i < 5; i++) await turn();
  count(observer.takeRecords());
  observer.disconnect();
  return forced;
}

async function collectionsAfter(mebibytes: number): Promise<number> {
  const free = freeingYoungBuffers();
  return forcedCollections(() => {
    for (let i = 0; i < mebibytes; i++) free(new Uint8Array(MIB).byteLength);
  });
}

test('what is young is collected every 8 MiB', async () => {
  expect(await collectionsAfter(7)).toBe(0);
  const forced = await collectionsAfter(160);
  // One that V8 makes by itself at that moment stands for one of them.
  expect(forced).toBeGreaterThanOrEqual(16);
  expect(forced).toBeLessThanOrEqual(20);
});
