import { spawnSync } from 'node:child_process';
import { cp, readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { stageSources } from '../../.ci/stage-sources.ts';
import { PROGRAM_NAMES } from '../../actions/entry.ts';
import { compiledCode } from '../compiled-code.ts';
import { bundleFolder } from '../e2e/fixtures/bundle.ts';
import { newFolder } from '../git/repository.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** Bytes (design §3): a checkout of the repository is what every job that uses an action downloads. */
const MAX_BYTES = 8_000_000;

test('is small enough, names no place of the machine that built it, and carries every licence', async () => {
  const dist = join(await bundleFolder(), 'dist');
  const names = await readdir(dist);
  let bytes = 0;
  for (const name of names) {
    const content = await readFile(join(dist, name));
    bytes += content.byteLength;
    expect(content.includes(ROOT), name).toBe(false);
    expect((await stat(join(dist, name))).mode & 0o111, name).toBe(name === 'assay.js' ? 0o111 : 0);
  }
  expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
  expect(names).toEqual(expect.arrayContaining(['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm']));
  const licenses = await readFile(join(dist, 'licenses.txt'), 'utf8');
  for (const name of ['zod', 'yaml', '@octokit/core', '@actions/cache', '@tensorflow/tfjs-core', 'tar']) {
    expect(licenses).toMatch(new RegExp(`^${name}@\\d`, 'm'));
  }
});

/** Every file below a folder, as text by its path. */
async function filesIn(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = paths.sort().map(async (path) => [relative(folder, path), await readFile(path, 'utf8')] as const);
  return Object.fromEntries(await Promise.all(texts));
}

/** Sources of every kind: programs, a room that has JSON, the package's own file. Each file is staged by itself. */
const PARTS = ['actions', join('lib', 'native'), 'package.json'];

// What the bundler sees: it works in one folder, on this alone. A whole second build takes half a minute; `.ci/run` has it, of
// the last commit's sources in another place.
test('the same sources elsewhere give the bundler the same', async () => {
  const [here, there] = await Promise.all(
    [await newFolder(), join(await newFolder(), 'deeper')].map(async (sources) => {
      for (const part of PARTS) await cp(join(ROOT, part), join(sources, part), { recursive: true });
      const stage = join(await newFolder(), 'stage');
      await stageSources(sources, stage);
      return filesIn(stage);
    }),
  );
  expect(Object.keys(here ?? {})).toEqual(
    expect.arrayContaining(['actions/entry.js', 'lib/native/locked.json', 'package.json']),
  );
  expect(there).toEqual(here);
});

test('has every action: each start file names the folder it is in', async () => {
  const entries = await readdir(join(ROOT, 'actions'), { withFileTypes: true });
  const actions = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  expect([...PROGRAM_NAMES].sort()).toEqual([...actions, 'assay'].sort());
  for (const name of actions) {
    expect(await readFile(join(ROOT, 'actions', name, 'index.js'), 'utf8')).toBe(
      `import { start } from '../../dist/index.js';\n\nawait start('${name}');\n`,
    );
  }
});

test('every program starts from an empty folder, with nothing installed', async () => {
  const folder = await newFolder();
  const checkout = await bundleFolder();
  const run = (file: string, ...args: string[]) =>
    spawnSync(process.execPath, [join(checkout, file), ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, GITHUB_WORKSPACE: folder, RUNNER_TEMP: folder, ...compiledCode() },
      encoding: 'utf8',
    });
  for (const name of PROGRAM_NAMES.filter((one) => one !== 'assay')) {
    const { stdout, stderr, status } = run(join('actions', name, 'index.js'));
    expect(stdout, name).toMatch(new RegExp(`^assay \\d+\\.\\d+\\.\\d+: ${name}\\n`));
    // No assay.yaml, or an input that is missing: found out by our own code, which therefore runs.
    expect(stdout, name).toMatch(/::error::.* \(E_(PROJECT_MISSING|INPUT_MISSING|DATA_NO_REPOSITORY)\)/);
    expect(stderr, name).toBe('');
    expect(status, name).toBe(2);
  }
  expect(run('dist/assay.js', '--version')).toMatchObject({
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    status: 0,
  });
});
