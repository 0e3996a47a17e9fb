import { decidingMetrics } from '../gate/evidence/require-examples.ts';
import { fitsTask, type MetricTask } from '../metrics/metric.ts';
import { METRICS } from '../metrics/metrics.ts';
import { builtInTask } from '../model/built-in-task.ts';
import type { ModelConfig } from './config.ts';

/** What is wrong with a key of a model in assay.yaml. */
export interface TaskProblem {
  readonly path: readonly string[];
  readonly reason: string;
}

/** The keys of a model that one task alone has a use for, and whether it can do without. */
const KEYS_OF_TASKS = [
  { key: 'classes', task: 'multiclass', example: 'classes: [a, b, c]', needed: true },
  { key: 'levels', task: 'quantile', example: 'levels: [0.1, 0.5, 0.9]', needed: true },
  { key: 'query', task: 'ranking', example: 'query: search_id', needed: true },
  { key: 'series', task: 'forecast', example: '', needed: false },
  { key: 'season', task: 'forecast', example: '', needed: false },
] as const satisfies readonly { key: keyof ModelConfig; task: MetricTask; example: string; needed: boolean }[];

/**
 * The first thing that does not fit a model's task: a key that it lacks or has no use for, a trainer that cannot learn
 * it, a metric of another task.
 *
 * @param hasTime whether the holdout's dataset has a time column
 */
export function taskProblem(model: ModelConfig, hasTime: boolean): TaskProblem | undefined {
  const { task, gate, train } = model;
  for (const { key, task: owner, example, needed } of KEYS_OF_TASKS) {
    const given = model[key] !== undefined;
    if (given && task !== owner)
      return { path: [key], reason: `it belongs to task: ${owner}, and this one is ${task}` };
    if (needed && !given && task === owner) return { path: ['task'], reason: `${task} needs ${key}:, e.g. ${example}` };
  }
  if (gate.choose_threshold !== undefined && (task !== 'binary' || !model.holdout.halves)) {
    const reason = 'a threshold is chosen for a binary task, on the development half: it needs task: binary and halves';
    return { path: ['gate', 'choose_threshold'], reason };
  }
  if ('trainer' in train && builtInTask(task) === undefined) {
    return { path: ['train', 'trainer'], reason: `no built-in trainer learns ${task}; train it by a command (run:)` };
  }
  const metrics = decidingMetrics(gate);
  for (const metric of metrics) {
    if (!fitsTask(METRICS[metric], task)) return { path: ['gate'], reason: `${metric} does not fit a ${task} task` };
  }
  if (metrics.includes('mase') && !hasTime) {
    return { path: ['gate'], reason: 'mase needs the past of every series: give the dataset a time: column' };
  }
  return undefined;
}
