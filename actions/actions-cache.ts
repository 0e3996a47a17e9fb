import { isAbsolute, relative } from 'node:path';
import type { RunnerCache } from '../lib/commands/data/transfer/runner-cache.ts';
import type { NativeCache } from '../lib/native/provide-native.ts';

/** The runner's cache service: best effort, and loaded only when something has to be kept (it brings a large SDK). */
export const runnerCache: RunnerCache = {
  async restore(paths, key, prefixes) {
    const cache = await import('@actions/cache');
    return cache.isFeatureAvailable() ? cache.restoreCache(paths.map(portable), key, [...prefixes]) : undefined;
  },
  async save(paths, key) {
    const cache = await import('@actions/cache');
    if (cache.isFeatureAvailable()) await cache.saveCache(paths.map(portable), key);
  },
};

/**
 * A path as another runner has it too: the service finds an archive by its paths as well as its key, and not every
 * runner has its workspace in the same place. The service takes relative paths to be in the workspace, its client in
 * the working folder: other paths stay as they are.
 */
function portable(path: string): string {
  const here = process.cwd();
  const within = relative(here, path);
  const outside = within === '' || within.startsWith('..') || isAbsolute(within);
  return outside || here !== (process.env.GITHUB_WORKSPACE ?? here) ? path : within;
}

/** The same for native packages, under their exact key alone. */
export const actionsCache: NativeCache = {
  restore: async (paths, key) => (await runnerCache.restore(paths, key, [])) !== undefined,
  save: (paths, key) => runnerCache.save(paths, key),
};
