import { defineConfig } from 'vitest/config';

const of = (folders: readonly string[]): string[] => folders.map((folder) => `test/${folder}/**/*.test.ts`);

/** Folders whose tests leave nothing behind in their process: their files share one, which saves a start and a load each. */
const ROOMS = of([
  ...['checks', 'docs', 'drift', 'engine', 'forge', 'gate', 'metrics', 'model', 'native', 'pointers', 'profile'],
  ...['project', 'report', 'schema', 'stats', 'stores'],
]);

/**
 * The same, of those that start git all the time: a start copies the tables of all the memory that the process has, which are
 * 60 MB here and half a gigabyte after the other rooms.
 */
const GIT = of(['git', 'registry', 'stores/ref']);

export default defineConfig({
  test: {
    // Processes, not threads: DuckDB and changes of the working directory belong to one test file alone.
    pool: 'forks',
    // The runners that this has to pass on have two cores, and several tests start processes of their own.
    maxWorkers: 2,
    // A slow machine must not look like a defect; a hanging test has to end some day.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What a developer's shell has set must not decide a test.
    env: { NO_COLOR: '1', FORCE_COLOR: '0' },
    setupFiles: ['test/after-each-file.ts'],
    globalSetup: ['test/prepared-folder.ts'],
    projects: [
      { extends: true, test: { name: 'git', include: GIT, isolate: false } },
      { extends: true, test: { name: 'rooms', include: ROOMS, exclude: GIT, isolate: false } },
      { extends: true, test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: [...GIT, ...ROOMS] } },
    ],
  },
});
