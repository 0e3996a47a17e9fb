/**
 * A whole gate on a million paired predictions: `assay compare` of two Parquet files, AUC with accuracy, F1, log loss and
 * Brier score as guardrails, 20 slices, 60 days; time and memory of its process. Aim: 10 s and 1 GiB.
 * Run: node bench/stats/gate.ts [rows, 1000000] [rounds, 3]
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const [rowsText = '1000000', roundsText = '3'] = process.argv.slice(2);
const ROWS = Number(rowsText);
const DAYS = 60;
const SLICES = 20;
const AIM = { seconds: 10, mebibytes: 1024 };
const METRICS = 'roc_auc,accuracy,f1,log_loss,brier';

interface Measured {
  readonly wall: number;
  readonly cpu: number;
  readonly peakMiB: number;
}

const folder = await mkdtemp(join(tmpdir(), 'assay-gate-'));
try {
  await writePredictions();
  const rounds = Array.from({ length: Number(roundsText) }, measure);
  console.log(
    `${ROWS.toLocaleString('en-US')} rows, ${DAYS} days, ${SLICES} slices, ${METRICS}; Node ${process.version},`,
  );
  console.log(`${cpus().length} processors (${cpus()[0]?.model ?? 'unknown'}).\n`);
  console.log('| round | CPU s | wall s | peak MiB |\n| --- | ---: | ---: | ---: |');
  rounds.forEach(({ cpu, wall, peakMiB }, index) => {
    console.log(`| ${index + 1} | ${cpu.toFixed(1)} | ${wall.toFixed(1)} | ${peakMiB.toFixed(0)} |`);
  });
  const late = rounds.some(({ wall }) => wall > AIM.seconds);
  const large = rounds.some(({ peakMiB }) => peakMiB > AIM.mebibytes);
  console.log(`\nAim: ${AIM.seconds} s (${late ? 'MISSED' : 'ok'}), ${AIM.mebibytes} MiB (${large ? 'MISSED' : 'ok'})`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Two models' probabilities of a rare label, by hashes: the same rows every time, in another order in the second file. */
async function writePredictions(): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const uniform = (name: string): string =>
    `((hash(i * 16 + ${name.length}, '${name}') >> 11)::DOUBLE / 9007199254740992.0)`;
  const probability = (side: string): string =>
    `least(0.999, greatest(0.001, 0.15 + 0.3 * label + 0.25 * (${uniform('rows')} - 0.5) + 0.1 * (${uniform(side)} - 0.5)))`;
  const rows = `(SELECT i, CASE WHEN ${uniform('label')} < 0.2 THEN 1 ELSE 0 END AS label FROM range(${ROWS}) AS t(i))`;
  const common = `'order-' || i AS id`;
  const facts = `label, DATE '2025-01-01' + (i % ${DAYS})::INTEGER AS day, 'region-' || (i % ${SLICES}) AS region`;
  for (const [file, columns, order] of [
    ['production', `${common}, ${probability('production')} AS score`, `hash(i)`],
    ['candidate', `${common}, ${facts}, ${probability('candidate')} AS score`, 'i'],
  ] as const) {
    await connection.run(
      `COPY (SELECT ${columns} FROM ${rows} ORDER BY ${order}) TO '${join(folder, `${file}.parquet`)}' (FORMAT parquet)`,
    );
  }
  connection.closeSync();
  instance.closeSync();
}

function measure(): Measured {
  const options = [
    '--label',
    'label',
    '--id',
    'id',
    '--cluster',
    'day',
    '--slice',
    'region',
    '--metric',
    METRICS,
    '--json',
  ];
  const script = join(import.meta.dirname, 'gate-child.ts');
  const args = [script, 'compare', 'production.parquet', 'candidate.parquet', ...options];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 });
  const last = stderr.trim().split('\n').at(-1) ?? '';
  if (!stdout.includes('assay/decision/1')) throw new Error(`${stdout}${stderr}`);
  return JSON.parse(last) as Measured;
}
