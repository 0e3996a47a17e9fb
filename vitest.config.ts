import { defineConfig } from 'vitest/config';

/** Rooms whose tests leave nothing behind in their process: their files share one, which saves a start and a load each. */
const SHARING = [
  ...['checks', 'docs', 'drift', 'engine', 'forge', 'gate', 'metrics', 'model', 'native', 'pointers', 'profile'],
  ...['git', 'project', 'registry', 'report', 'schema', 'stats', 'stores'],
].map((room) => `test/${room}/**/*.test.ts`);

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
      { extends: true, test: { name: 'rooms', include: SHARING, isolate: false } },
      { extends: true, test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: SHARING } },
    ],
  },
});
