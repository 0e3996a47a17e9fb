/**
 * A worker process of bench/stats/calibration.ts: reads jobs, one JSON a line, writes each one's numbers to its file,
 * and answers with a line when it is there.
 */
import { rename, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { compareMany } from './calibration-compare.ts';
import { resampleMany } from './calibration-resampled.ts';
import type { Scenario } from './calibration-scenario.ts';

/** Some comparisons of one scenario. */
export interface CalibrationJob {
  readonly kind: 'gate' | 'resampled';
  readonly scenario: Scenario;
  readonly from: number;
  readonly to: number;
  /** Where its numbers go; there whole or not at all. */
  readonly file: string;
}

for await (const line of createInterface({ input: process.stdin })) {
  const { kind, scenario, from, to, file } = JSON.parse(line) as CalibrationJob;
  const numbers = (kind === 'gate' ? compareMany : resampleMany)(scenario, from, to);
  await writeFile(`${file}.part`, numbers);
  await rename(`${file}.part`, file);
  process.stdout.write(`${file}\n`);
}
