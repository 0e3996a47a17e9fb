// Assay's data verbs beside DVC's, on the same data, in turns:
// `node bench/pointers/run.ts --dvc DVC --python PYTHON [--bundle DIST] [--rounds 3] [--data start,small,tracked,large] [--tools
// DVC,Assay] [--scratch FOLDER]` DVC is `pip install 'dvc[s3]'`; the S3 server is the tests' (see
// test/stores/object-servers.ts). Prints Markdown.
//
// `--scratch` wants a file system with a journal, as runners' disks have. ext4 without one looks through all that was removed
// within the last minutes whenever a file is made (`recently_deleted` in the kernel): there the same ten thousand files took
// 0.3 to 4.7 s of CPU.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from '../../.ci/bundle.ts';
import { S3_KEYS, startObjectServer } from '../../test/stores/object-servers.ts';
import { createBucket } from '../../test/stores/s3/s3-fixture.ts';
import { writeLargeFile, writeSmallFiles, writeTrackedFiles } from './data.ts';
import { createMeasurer } from './measure.ts';
import { type Results, resultsTable, runsOf } from './results.ts';
import { type Bench, DATA_PATH, type DataName, openBench, stepsOf, TRACKED_CACHE } from './steps.ts';
import { assayTool, dvcTool, type Tool } from './tools.ts';

/** Runs of a step that takes moments, each round. */
const SHORT_RUNS = 3;

const TITLES: Readonly<Record<DataName, string>> = {
  small: '10,000 files of 4 KiB',
  tracked: '5,000 files with a pointer each',
  large: 'One file of 1 GiB',
};

const { values } = parseArgs({
  options: {
    dvc: { type: 'string', default: 'dvc' },
    python: { type: 'string', default: 'python3' },
    bundle: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    data: { type: 'string', default: 'start,small,tracked,large' },
    tools: { type: 'string', default: 'DVC,Assay' },
    scratch: { type: 'string', default: tmpdir() },
  },
});
const root = join(import.meta.dirname, '..', '..');
const scratch = await mkdtemp(join(resolve(values.scratch), 'assay-pointers-'));
// The server's data too.
process.env.TMPDIR = scratch;
const tables = new Map<string, Results>();
const rounds = Number(values.rounds);
const server = await startObjectServer('versitygw');
try {
  const dist = values.bundle === undefined ? join(scratch, 'dist') : resolve(values.bundle);
  if (values.bundle === undefined) await bundle(root, root, dist);
  await createBucket(server.endpoint);
  const tools = [dvcTool(which(values.dvc)), assayTool(dist)].filter(({ name }) => values.tools.includes(name));
  const chosen = values.data.split(',');
  const sets = (['small', 'tracked', 'large'] as const).filter((name) => chosen.includes(name));
  const master = join(scratch, 'master');
  await mkdir(master);
  if (sets.includes('small')) await writeSmallFiles(join(master, DATA_PATH.small));
  if (sets.includes('tracked')) {
    await writeTrackedFiles(join(master, DATA_PATH.tracked), join(master, TRACKED_CACHE));
  }
  if (sets.includes('large')) await writeLargeFile(join(master, DATA_PATH.large));
  for (let round = 0; round < rounds; round++) {
    // Who comes first has a colder disk: in turns.
    const order = round % 2 === 0 ? tools : tools.toReversed();
    if (chosen.includes('start')) await startUp(order, tableOf(tables, 'Start'));
    for (const data of sets) await oneRound(round, order, data, master, tableOf(tables, TITLES[data]));
  }
} finally {
  // What was measured before something failed is worth having.
  printTables();
  await server.stop();
  await rm(scratch, { recursive: true, force: true });
}

function printTables(): void {
  const dvcVersion = execFileSync(which(values.dvc), ['--version'], { encoding: 'utf8' }).trim();
  console.log(
    `Node ${process.version}, DVC ${dvcVersion}, ${availableParallelism()} processors (${cpus()[0]?.model ?? 'unknown'}), ` +
      `${rounds} ${rounds === 1 ? 'round' : 'rounds'}; steps of moments ${SHORT_RUNS} times a round. ` +
      'Medians, of memory the highest; DVC / Assay.',
  );
  for (const [title, results] of tables) console.log(`\n## ${title}\n\n${resultsTable(results)}`);
}

async function startUp(order: readonly Tool[], results: Results): Promise<void> {
  for (const tool of order) {
    const { measure } = measurerFor(join(scratch, 'no-site'));
    for (let run = 0; run < SHORT_RUNS; run++) {
      runsOf(results, '`--version`', tool.name).runs.push(await measure(tool.version, scratch));
    }
  }
}

async function oneRound(
  round: number,
  order: readonly Tool[],
  data: DataName,
  master: string,
  results: Results,
): Promise<void> {
  const benches: Bench[] = [];
  for (const tool of order) {
    const folder = join(scratch, `${data}-${round}`, tool.name);
    benches.push(await openBench(tool, folder, server.endpoint));
  }
  for (const step of stepsOf(data, master)) {
    for (const bench of benches) {
      const { measure } = measurerFor(bench.site);
      const { runs, requests } = runsOf(results, step.name, bench.tool.name);
      for (let run = 0; run < (step.short ? SHORT_RUNS : 1); run++) {
        await step.before?.(bench);
        const before = await requestCount();
        const measured = await measure(step.command(bench), bench.repository);
        runs.push(measured);
        if (step.toS3) requests.push((await requestCount()) - before);
        const { wall, cpu, peak } = measured;
        const line = `${data} ${step.name}, ${bench.tool.name}: CPU ${cpu.toFixed(2)} s, wall ${wall.toFixed(2)} s, ${peak.toFixed(0)} MiB`;
        console.error(step.toS3 ? `${line}, ${requests.at(-1)} requests` : line);
      }
    }
  }
  await rm(join(scratch, `${data}-${round}`), { recursive: true, force: true });
}

function measurerFor(site: string) {
  const env = {
    PATH: process.env.PATH,
    HOME: scratch,
    LANG: 'C.UTF-8',
    DVC_NO_ANALYTICS: '1',
    DVC_SITE_CACHE_DIR: site,
    AWS_ACCESS_KEY_ID: S3_KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: S3_KEYS.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    GIT_CONFIG_NOSYSTEM: '1',
  };
  return createMeasurer(which(values.python), env, scratch);
}

async function requestCount(): Promise<number> {
  // The server writes its log a moment after the answer.
  await new Promise((next) => setTimeout(next, 100));
  let sum = 0;
  for (const count of (await server.requests()).values()) sum += count;
  return sum;
}

function tableOf(tables: Map<string, Results>, title: string): Results {
  const results = tables.get(title) ?? new Map();
  tables.set(title, results);
  return results;
}

/** The absolute path of a program. */
function which(program: string): string {
  if (program.includes('/')) return resolve(program);
  return execFileSync('which', [program], { encoding: 'utf8' }).trim();
}
