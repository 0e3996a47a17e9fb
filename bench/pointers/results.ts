import type { Measured } from './measure.ts';

/** All runs of one step of one program. */
export interface StepRuns {
  readonly runs: Measured[];
  /** S3 requests of each run. */
  readonly requests: number[];
}

/** Rows by step and program, in the order of first use. */
export type Results = Map<string, Map<string, StepRuns>>;

export function runsOf(results: Results, step: string, tool: string): StepRuns {
  const row = results.get(step) ?? new Map<string, StepRuns>();
  results.set(step, row);
  const cell = row.get(tool) ?? { runs: [], requests: [] };
  row.set(tool, cell);
  return cell;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

/** A Markdown table: medians, DVC first, with how many times less Assay takes. Peak memory is the highest, not the median. */
export function resultsTable(results: Results): string {
  const rows = [...results].map(([step, row]) => {
    const dvc = summaryOf(row.get('DVC'));
    const assay = summaryOf(row.get('Assay'));
    const pair = (a: number, b: number, digits: number) => `${text(a, digits)} / ${text(b, digits)}`;
    const times = (a: number, b: number) => (b > 0 && a > 0 ? `${(a / b).toFixed(1)}×` : '');
    return [
      step,
      pair(dvc.cpu, assay.cpu, 2),
      times(dvc.cpu, assay.cpu),
      pair(dvc.wall, assay.wall, 2),
      times(dvc.wall, assay.wall),
      pair(dvc.peak, assay.peak, 0),
      Number.isNaN(assay.requests) && Number.isNaN(dvc.requests) ? '' : pair(dvc.requests, assay.requests, 0),
    ];
  });
  const head = ['step', 'CPU s', 'less', 'wall s', 'less', 'peak MiB', 'S3 requests'];
  const rule = ['---', '--:', '--:', '--:', '--:', '--:', '--:'];
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function summaryOf({ runs, requests }: StepRuns = { runs: [], requests: [] }) {
  return {
    cpu: median(runs.map((run) => run.cpu)),
    wall: median(runs.map((run) => run.wall)),
    peak: runs.length === 0 ? Number.NaN : Math.max(...runs.map((run) => run.peak)),
    requests: median(requests),
  };
}

function text(value: number, digits: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(digits);
}
