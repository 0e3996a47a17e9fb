import type { AssayError } from '../errors.ts';
import { fitsTask } from '../metrics/metric.ts';
import { METRICS } from '../metrics/metrics.ts';
import type { ModelConfig } from './config.ts';

/** The error of a key below the model, by its path there. */
export type Refuse = (path: readonly string[], reason: string) => AssayError;

/**
 * Rules that say something else than the model does: metrics of another task, days without a time column. Throws what
 * `refuse` makes.
 *
 * @param holdoutTime the holdout dataset's time column
 */
export function checkRules(
  { gate, task }: Pick<ModelConfig, 'gate' | 'task'>,
  holdoutTime: string | undefined,
  refuse: Refuse,
): void {
  const asked = [
    ...Object.keys(gate.floors).map((metric) => ({ metric, path: ['gate', 'floors', metric] })),
    ...Object.keys(gate.margins).map((metric) => ({ metric, path: ['gate', 'margins', metric] })),
    ...(gate.fairness ?? []).flatMap(({ metric }) =>
      metric === undefined ? [] : [{ metric, path: ['gate', 'fairness'] }],
    ),
  ];
  for (const { metric, path } of asked) {
    const known = Object.values(METRICS).find(({ name }) => name === metric);
    if (known !== undefined && !fitsTask(known, task)) throw refuse(path, `${metric} does not fit a ${task} task`);
  }
  if (gate.calibration !== undefined && task !== 'binary') {
    throw refuse(['gate', 'calibration'], `only a binary task has it, and this is a ${task} task`);
  }
  if (gate.time_series === undefined) return;
  if (gate.cluster !== undefined) {
    throw refuse(['gate', 'time_series'], 'days are the clusters here: take it or cluster: away');
  }
  if (holdoutTime === undefined) {
    throw refuse(['gate', 'time_series'], "the holdout's dataset needs a time: column, which days come from");
  }
}
