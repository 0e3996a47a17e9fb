// `npm test`: lint, types, arrows, bundle, unit and end-to-end tests. A failed step does not keep the others from
// running; the last line counts the tests. `npm test -- test/gate` runs vitest alone, with these arguments.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentReads } from './environment-reads.ts';
import { node, type StepResult, step } from './step.ts';
import { countsLine, testCounts } from './test-counts.ts';

const root = join(import.meta.dirname, '..');
const module = (path: string): string => join(root, 'node_modules', path);
const temporary = await mkdtemp(join(tmpdir(), 'assay-test-'));
const release = join(temporary, 'release');
const reportFile = join(temporary, 'vitest.json');

const vitestArguments = process.argv.slice(2);
const steps: StepResult[] = [];
try {
  if (vitestArguments.length === 0) await lookAndBuild();
  const bundled = existsSync(join(release, 'dist', 'index.js'));
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  steps.push(
    await step('tests (vitest)', () =>
      // Without a bundle at hand, the tests that need one build it.
      node(
        root,
        [module('vitest/vitest.mjs'), 'run', ...reporters, ...vitestArguments],
        bundled ? { ASSAY_BUNDLE: release } : {},
      ),
    ),
  );
  await conclude();
} finally {
  await rm(temporary, { recursive: true, force: true });
}

async function lookAndBuild(): Promise<void> {
  // Each has one thread, and two are what a runner has: the bundle is made beside the others, which take as long together.
  const bundling = step('bundle (ncc), into a temporary folder', () =>
    node(root, ['--disable-warning=DEP0187', join(root, '.ci', 'build-release.ts'), release]),
  );
  steps.push(
    await step('lint and format (biome)', () => node(root, [module('@biomejs/biome/bin/biome'), 'check'])),
    await step('types (tsc)', () => {
      // What the last run found of files that have not changed since, with all they import, is found again.
      const known = ['--incremental', '--tsBuildInfoFile', join(root, 'node_modules', '.cache', 'types.tsbuildinfo')];
      return node(root, [module('typescript/bin/tsc'), '-p', '.', ...known]);
    }),
    await step('arrows between the rooms (dependency-cruiser)', () => {
      const cruise = module('dependency-cruiser/bin/dependency-cruise.mjs');
      return node(root, [cruise, '--config', '.dependency-cruiser.cjs', 'lib', 'actions']);
    }),
    await step('environment and arguments are read in actions/ and lib/cli/ alone', async () => {
      const found = await environmentReads(root);
      for (const line of found) console.error(line);
      return found.length === 0;
    }),
    await bundling,
  );
}

async function conclude(): Promise<void> {
  const failed = steps.filter(({ ok }) => !ok).map(({ name }) => name);
  if (failed.length > 0) process.exitCode = 1;
  const counts = testCounts(JSON.parse(await readFile(reportFile, 'utf8')), root);
  if (counts.skipped > 0) console.log(`\nskipped:\n  ${counts.skippedTitles.join('\n  ')}`);
  console.log(failed.length === 0 ? '\nall steps passed' : `\nfailed steps: ${failed.join('; ')}`);
  console.log(countsLine(counts));
}
