/**
 * The statistics' speed beside SciPy, NumPy by hand and R's pROC: the same inputs, each method in a process of its own,
 * in turns on the same machine, medians. Writes bench/stats/speed.md.
 * Run: node bench/stats/speed.ts <python with SciPy> [Rscript with pROC, or -] [rounds]
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createRandom } from '../../lib/stats/resampling/random.ts';

const [python = 'python3', rscript = '-', roundsText = '5'] = process.argv.slice(2);
const ROUNDS = Number(roundsText);
const REPLICATES = 10_000;
const HERE = import.meta.dirname;

interface Measured {
  readonly cpu: number;
  readonly wall: number;
  readonly peakKiB: number;
  readonly answer: readonly number[];
}

interface Contestant {
  readonly name: string;
  readonly run: () => Measured;
}

interface Contest {
  readonly title: string;
  readonly contestants: readonly Contestant[];
}

const random = createRandom([4, 2026]);
/** Sum of twelve uniform numbers less 6: near normal. */
const normal = (): number => Array.from({ length: 12 }, () => random.uniform()).reduce((sum, u) => sum + u) - 6;
const folder = mkdtempSync(join(tmpdir(), 'assay-speed-'));

function input(name: string, values: Float64Array): string {
  const file = join(folder, name);
  writeFileSync(file, values);
  return file;
}

function measure(program: string, args: readonly string[]): Measured {
  // One thread each: the matrix product behind NumPy would take more.
  const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
  return JSON.parse(execFileSync(program, args, { env, encoding: 'utf8' })) as Measured;
}

function ours(method: string, threads: number, files: readonly string[]): Contestant {
  const script = join(HERE, 'speed-ours.ts');
  return {
    name: `Assay, ${threads === 1 ? 'one thread' : `${threads} workers`}`,
    run: () => measure(process.execPath, [script, method, String(threads), String(REPLICATES), ...files]),
  };
}

function peer(name: string, method: string, how: string, files: readonly string[]): Contestant {
  const script = join(HERE, 'speed_peers.py');
  return { name, run: () => measure(python, [script, method, how, String(REPLICATES), ...files]) };
}

function contests(): Contest[] {
  const skew = [
    input(
      'skew',
      Float64Array.from({ length: 10_000 }, () => -Math.log(1 - random.uniform())),
    ),
  ];
  const differences = [
    input(
      'differences',
      Float64Array.from({ length: 10_000 }, () => normal() + 0.02),
    ),
  ];
  const labels = Float64Array.from({ length: 100_000 }, () => (random.uniform() < 0.25 ? 1 : 0));
  const shared = labels.map((label) => 0.6 * label + 0.5 * normal());
  const models = [
    input('labels', labels),
    input(
      'a',
      shared.map((score) => score + 0.5 * normal()),
    ),
    input(
      'b',
      shared.map((score) => score + 0.5 * normal()),
    ),
  ];
  const samples = [
    input(
      'before',
      Float64Array.from({ length: 1_000_000 }, () => random.uniform()),
    ),
    input(
      'after',
      Float64Array.from({ length: 1_000_000 }, () => random.uniform() ** 1.01),
    ),
  ];
  const both = (method: string, files: readonly string[]): Contestant[] => [
    ours(method, 1, files),
    ours(method, 2, files),
  ];
  const proc = { name: 'R pROC', run: () => measure(rscript, [join(HERE, 'speed_proc.R'), ...models]) };
  return [
    {
      title: 'BCa interval of a mean, 10,000 resamples of 10,000',
      contestants: [
        ...both('bca', skew),
        peer('scipy.stats.bootstrap', 'bca', 'scipy', skew),
        peer('NumPy by hand', 'bca', 'numpy', skew),
      ],
    },
    {
      title: 'Sign-flip test, 10,000 exchanges of 10,000',
      contestants: [
        ...both('sign-flip', differences),
        peer('scipy.stats.permutation_test', 'sign-flip', 'scipy', differences),
        peer('NumPy by hand', 'sign-flip', 'numpy', differences),
      ],
    },
    {
      title: 'DeLong, two models on 100,000 examples',
      contestants: [
        ...both('delong', models),
        peer('NumPy with SciPy ranks', 'delong', 'numpy', models),
        ...(rscript === '-' ? [] : [proc]),
      ],
    },
    {
      title: 'Kolmogorov–Smirnov test, 1,000,000 against 1,000,000',
      contestants: [...both('ks', samples), peer('scipy.stats.ks_2samp', 'ks', 'scipy', samples)],
    },
  ];
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

interface Medians {
  readonly name: string;
  readonly cpu: number;
  readonly wall: number;
  readonly peakKiB: number;
  readonly answer: readonly number[];
}

interface Measurements {
  readonly title: string;
  readonly medians: readonly Medians[];
}

function measured({ title, contestants }: Contest): Measurements {
  const runs = contestants.map((): Measured[] => []);
  // In turns, so that what else the machine does falls on all alike.
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, { run }] of contestants.entries()) runs[i]?.push(run());
  }
  const medians = contestants.map(({ name }, i) => {
    const of = (key: 'cpu' | 'wall' | 'peakKiB'): number => median((runs[i] ?? []).map((one) => one[key]));
    return { name, cpu: of('cpu'), wall: of('wall'), peakKiB: of('peakKiB'), answer: runs[i]?.[0]?.answer ?? [] };
  });
  return { title, medians };
}

function tableOf({ title, medians }: Measurements): string {
  const rows = medians.map(({ name, cpu, wall, peakKiB, answer }) => {
    const shown = answer.map((value) => value.toPrecision(6)).join(', ');
    return `| ${name} | ${cpu.toFixed(3)} | ${wall.toFixed(3)} | ${Math.round(peakKiB / 1024)} | ${shown} |`;
  });
  return `## ${title}\n\n| who | CPU s | wall s | peak MiB | answer |\n| --- | --: | --: | --: | --- |\n${rows.join('\n')}\n`;
}

/** By wall time: the best peer has one thread. */
function summaryOf(all: readonly Measurements[]): string {
  const rows = all.map(({ title, medians: [one, two, ...peers] }) => {
    const best = Math.min(...peers.map(({ wall }) => wall));
    const times = (from: number, to: number | undefined): string => `${(from / (to ?? Number.NaN)).toFixed(2)}×`;
    const [alone, together] = [one?.wall ?? Number.NaN, two?.wall];
    return `| ${title} | ${times(best, alone)} | ${times(best, together)} | ${times(alone, together)} |`;
  });
  const head = '| | one thread, of the best peer | 2 workers, of the best peer | 2 workers, of our one thread |';
  return `${head}\n| --- | --: | --: | --: |\n${rows.join('\n')}`;
}

/** What the machine itself gains from its second processor: two processes that share nothing, against one alone. */
async function gainOfTwo(method: string, files: readonly string[]): Promise<number> {
  const script = join(HERE, 'speed-ours.ts');
  const run = async (): Promise<number> => {
    const { stdout } = await promisify(execFile)(process.execPath, [script, method, '1', String(REPLICATES), ...files]);
    return (JSON.parse(stdout) as Measured).wall;
  };
  const gains: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const alone = await run();
    const together = await Promise.all([run(), run()]);
    gains.push((2 * alone) / Math.max(...together));
  }
  return median(gains);
}

const [cpu] = cpus();
const command = `node bench/stats/speed.ts <python> ${rscript === '-' ? '-' : '<Rscript>'} ${ROUNDS}`;
const head = `# Speed of the statistics

Made by \`${command}\` with Node ${process.version} on ${cpus().length} processors (${cpu?.model.trim() ?? 'unknown'}).
Medians of ${ROUNDS} runs in turns, each in a process of its own after ten small runs and a whole one; peers on one thread. Answers of resampling
differ by chance, those of the other methods must agree. With workers the CPU seconds are those of all threads.
`;
try {
  const all = contests().map(measured);
  const skew = join(folder, 'skew');
  const gain = (await gainOfTwo('bca', [skew])).toFixed(2);
  const summary = `## Against the best peer\n\n${summaryOf(all)}\n
Two processes that share nothing, each the BCa interval on one thread, do ${gain} times the work of one here: more than that no
program gains from this machine's second processor.\n`;
  const text = [head, ...all.map(tableOf), summary].join('\n');
  console.log(text);
  writeFileSync(join(HERE, 'speed.md'), text);
} finally {
  rmSync(folder, { recursive: true });
}
