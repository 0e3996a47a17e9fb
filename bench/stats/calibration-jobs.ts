import { spawn } from 'node:child_process';
import { access, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Scenario, scenarioName } from './calibration-scenario.ts';
import type { CalibrationJob } from './calibration-worker.ts';

/** Comparisons that are written at once: what a run that is stopped loses at most. */
const CHUNK = 500;

/** The jobs that `count` comparisons of a scenario are. */
export function jobsOf(
  folder: string,
  kind: CalibrationJob['kind'],
  scenario: Scenario,
  count: number,
): CalibrationJob[] {
  const name = scenarioName(scenario);
  return Array.from({ length: Math.ceil(count / CHUNK) }, (_none, chunk) => {
    const from = chunk * CHUNK;
    const to = Math.min(count, from + CHUNK);
    return { kind, scenario, from, to, file: join(folder, `${kind}-${name}-${from}-${to}.f64`) };
  });
}

/** Does what is not done yet, over worker processes. What is there from an earlier run stays. */
export async function doJobs(folder: string, jobs: readonly CalibrationJob[], workers: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const missing: CalibrationJob[] = [];
  for (const job of jobs) {
    if (
      !(await access(job.file).then(
        () => true,
        () => false,
      ))
    )
      missing.push(job);
  }
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(workers, missing.length) }, async () => {
      const script = join(import.meta.dirname, 'calibration-worker.ts');
      const worker = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
      const ended = new Promise<void>((resolve, reject) => {
        worker.on('error', reject);
        worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
      });
      const send = (): void => {
        const job = missing[next++];
        if (job === undefined) worker.stdin.end();
        else worker.stdin.write(`${JSON.stringify(job)}\n`);
      };
      send();
      const answers = (async () => {
        for await (const _file of createInterface({ input: worker.stdout })) send();
      })();
      await Promise.all([answers, ended]);
    }),
  );
}

/** All numbers of some jobs that are done, in order. */
export async function numbersOf(jobs: readonly CalibrationJob[]): Promise<Float64Array> {
  const parts = await Promise.all(
    jobs.map(async ({ file }) => {
      const bytes = await readFile(file);
      return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    }),
  );
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
