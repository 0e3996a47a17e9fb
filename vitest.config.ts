import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Processes, not threads: DuckDB and changes of the working directory belong to one test file alone.
    pool: 'forks',
    // The runners that this has to pass on have two cores, and several tests start processes of their own.
    maxWorkers: 2,
    // A slow machine must not look like a defect; a hanging test has to end some day.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What a developer's shell has set must not decide a test.
    env: { NO_COLOR: '1', FORCE_COLOR: '0' },
  },
});
