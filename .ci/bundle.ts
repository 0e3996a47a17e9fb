import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ncc from '@vercel/ncc';
import { transform } from 'esbuild';
import { bundledPackages, STATS_OPTIONS } from './bundled-packages.ts';
import { exclusively } from './exclusively.ts';
import { loadLate } from './late-builtins.ts';
import { licensesText } from './licenses.ts';
import { repairChunk } from './repair-chunk.ts';
import { stageSources } from './stage-sources.ts';

/** The variants of TensorFlow.js's backend that one thread can use, with and without vector instructions. */
const WASM_FILES = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'];

/**
 * Files that packages ask ncc to lay beside the bundle, for what no runner does: `open`, below Azure's SDK for
 * credentials, has a script that starts a browser. `repairChunk` lets it take the system's.
 */
const LEFT_OUT: ReadonlySet<string> = new Set(['package.json', 'xdg-open']);

const CLI_START = `#!/usr/bin/env node
import { start } from './index.js';

await start('assay');
`;

/**
 * Builds the one bundle of all actions and the CLI (design §3) into `out`, which is replaced. The same sources and the
 * same lock file give the same bytes wherever the repository lies: the bundler works in a fixed place below
 * node_modules, because module numbers come from paths between files.
 *
 * @param root the folder with node_modules
 * @param sources the folder with lib/ and actions/; `root` or another state of it
 * @throws Error when a module is missing in the bundle (ncc itself says nothing), or a file in it is not known
 */
export async function bundle(root: string, sources: string, out: string): Promise<void> {
  const cache = join(root, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  await exclusively(join(cache, 'assay-bundle.lock'), async () => {
    const stage = join(cache, 'assay-bundle');
    await stageSources(sources, stage);
    await rm(out, { recursive: true, force: true });
    await mkdir(out, { recursive: true });
    await writeBundle(root, stage, out);
    await rm(stage, { recursive: true, force: true });
  });
}

async function writeBundle(root: string, stage: string, out: string): Promise<void> {
  const { code, assets, stats } = await bundleIn(stage, ['actions', 'entry.js']);
  const modules = stats.toJson(STATS_OPTIONS).modules ?? [];
  const chunks: [name: string, code: string][] = [['index.js', code]];
  for (const [name, { source }] of Object.entries(assets)) {
    if (/^\d+\.index\.js$/.test(name)) chunks.push([name, source.toString()]);
    else if (!LEFT_OUT.has(name)) throw new Error(`the bundler wrote ${name}, which nobody asked for`);
  }
  const comments: string[] = [];
  for (const [name, chunk] of chunks) {
    const { code: small, legalComments } = await transform(loadLate(repairChunk(name, chunk)), {
      minify: true,
      format: 'esm',
      target: 'es2023',
      legalComments: 'external',
      // CommonJS files ask for their folder, which modules know by another name.
      define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
    });
    comments.push(...((legalComments ?? '').match(/\/\*[\s\S]*?\*\/|\/\/.*/g) ?? []));
    await writeFile(join(out, name), small);
  }
  const wasm = join(root, 'node_modules', '@tensorflow', 'tfjs-backend-wasm', 'dist');
  for (const name of WASM_FILES) await writeFile(join(out, name), await readFile(join(wasm, name)));
  await writeFile(join(out, 'licenses.txt'), await licensesText(await bundledPackages({ modules }), comments));
  await writeFile(join(out, 'package.json'), '{ "type": "module" }\n');
  await writeFile(join(out, 'assay.js'), CLI_START, { mode: 0o755 });
}

/**
 * ncc replaces `process.cwd()` in what looks like a path to a file by the folder it runs in, and takes in all that lies
 * there: hence an empty one, and the repair of the code.
 */
async function bundleIn(stage: string, entry: readonly string[]): ReturnType<typeof ncc> {
  const before = process.cwd();
  const empty = join(stage, 'empty');
  await mkdir(empty, { recursive: true });
  process.chdir(empty);
  try {
    return await ncc(join(stage, ...entry), {
      cache: false,
      quiet: true,
      target: 'es2023',
      esm: true,
      sourceMap: false,
    });
  } finally {
    process.chdir(before);
  }
}
