import type { Frame } from '../engine/frame.ts';
import { assayError } from '../errors.ts';
import { metricsOf } from '../gate/decide.ts';
import { DEFAULT_METRICS } from '../gate/default-metrics.ts';
import { GateRules, type MetricName } from '../gate/rules.ts';
import { METRICS } from '../metrics/metrics.ts';
import type { Task } from '../model/signature.ts';
import type { CompareRequest } from './compare.ts';
import { labelsOf } from './labels.ts';

/** Labels of nothing but 0 and 1 (or true and false) are classes; anything else is a number to come near to. */
export function taskOf(frame: Frame, { label, metrics }: CompareRequest): Task {
  const [named] = metrics;
  if (named !== undefined && Object.hasOwn(METRICS, named)) return METRICS[named as MetricName].task;
  const values = labelsOf(frame, label, 'binary');
  return values.every((value) => value === 0 || value === 1 || Number.isNaN(value)) ? 'binary' : 'regression';
}

/** The gate's rules of a comparison without assay.yaml. Throws E_GATE_METRIC_TASK, E_COMPARE_RULE. */
export function rulesOf(request: CompareRequest, task: Task): GateRules {
  const preset = DEFAULT_METRICS[task];
  const [primary, ...guardrails] =
    request.metrics.length === 0 ? [preset.primary, ...preset.guardrails] : request.metrics;
  const known = metricsOf(task);
  for (const metric of [primary, ...guardrails]) {
    if (!known.includes(metric as MetricName))
      throw assayError('E_GATE_METRIC_TASK', { metric: metric ?? '', task, known });
  }
  const parsed = GateRules.safeParse({
    primary,
    guardrails,
    slices: request.slices,
    margins: request.margins,
    ...(request.require === undefined ? {} : { require: request.require }),
    ...(request.threshold === undefined ? {} : { threshold: request.threshold }),
    ...(request.cluster === undefined ? {} : { cluster: request.cluster }),
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const key = issue?.path.map(String).join('.') ?? '';
  throw assayError('E_COMPARE_RULE', { key, reason: issue?.message ?? 'not allowed' });
}
