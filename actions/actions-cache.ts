import type { RunnerCache } from '../lib/commands/runner-cache.ts';
import type { NativeCache } from '../lib/native/provide-native.ts';

/** The runner's cache service: best effort, and loaded only when something has to be kept (it brings a large SDK). */
export const runnerCache: RunnerCache = {
  async restore(paths, key, prefixes) {
    const cache = await import('@actions/cache');
    return cache.isFeatureAvailable() ? cache.restoreCache(paths, key, [...prefixes]) : undefined;
  },
  async save(paths, key) {
    const cache = await import('@actions/cache');
    if (cache.isFeatureAvailable()) await cache.saveCache(paths, key);
  },
};

/** The same for native packages, under their exact key alone. */
export const actionsCache: NativeCache = {
  restore: async (paths, key) => (await runnerCache.restore(paths, key, [])) !== undefined,
  save: (paths, key) => runnerCache.save(paths, key),
};
