import type { Frame } from '../../engine/frame.ts';
import { assayError } from '../../errors.ts';
import { metricsOf } from '../../gate/decide.ts';
import { DEFAULT_METRICS } from '../../gate/default-metrics.ts';
import { decidingMetrics } from '../../gate/evidence/require-examples.ts';
import { GateRules, type MetricName } from '../../gate/rules.ts';
import { classesOfColumns, levelsOfColumns, type TaskShape } from '../../gate/task-shape.ts';
import { compareClassOrder } from '../../metrics/class-order.ts';
import { METRICS } from '../../metrics/metrics.ts';
import { Task } from '../../model/signature.ts';
import { checkRules } from '../../project/check-rules.ts';
import { labelsOf } from '../evaluate/labels.ts';
import type { CompareRequest } from './compare.ts';
import type { OpenPredictions } from './compare-file.ts';
import { maseNeeds } from './compare-history.ts';
import type { RuledRequest } from './compare-rules-file.ts';

/**
 * What the files' predictions look like, from the request and the columns: classes from columns `p_<class>`, levels from
 * `q_<level>`. Undefined where a row has one score and only the labels can tell a class from a number.
 *
 * Throws E_COMPARE_RULE, and E_SCORE_CLASSES when the two files have other classes.
 */
export function shapeOf(
  request: RuledRequest,
  baseline: OpenPredictions,
  candidate: OpenPredictions,
): TaskShape | undefined {
  const [ours, theirs] = [candidate, baseline].map(({ columns }) => columns.map(({ name }) => name));
  const task = namedTask(request) ?? taskOfColumns(request, theirs ?? []);
  if (task === undefined) return undefined;
  if (task === 'multiclass') {
    const classes = request.classes ?? sharedClasses(candidate, ours ?? [], theirs ?? []);
    if (classes.length < 2 || new Set(classes).size < classes.length) {
      throw refused('classes', 'name two or more, each once, in the order of the probabilities');
    }
    return { task, classes };
  }
  if (task === 'quantile') {
    const levels = (request.levels ?? levelsOfColumns(theirs ?? [])).toSorted((a, b) => a - b);
    const fine = levels.every((level, j) => level > (levels[j - 1] ?? 0) && level < 1);
    if (levels.length === 0 || !fine) throw refused('levels', 'name one or more, each once, between 0 and 1');
    return { task, levels };
  }
  if (task === 'ranking' && request.query === undefined)
    throw refused('query', 'a ranking needs the column of the query');
  return { task };
}

/** So large a share of 0 and 1 is meant as two classes; a label that is neither is then a mistake, not a number. */
const MOSTLY_CLASSES = 0.9;

/**
 * Labels of 0 and 1 (or true and false) are classes; anything else is a number to come near to. A few others among many
 * 0 and 1 make no regression of it: they are refused by name, unless the task is named.
 */
export function taskOfLabels(frame: Frame, label: string): Task {
  const values = labelsOf(frame, label, 'binary').filter((value) => !Number.isNaN(value));
  let classes = 0;
  for (const value of values) if (value === 0 || value === 1) classes++;
  return classes >= MOSTLY_CLASSES * values.length ? 'binary' : 'regression';
}

function namedTask({ task, metrics: [named], further }: RuledRequest): Task | undefined {
  const metric = named ?? further.primary;
  if (task !== undefined) {
    const parsed = Task.safeParse(task);
    if (!parsed.success) throw refused('task', `one of ${Task.options.join(', ')}`);
    return parsed.data;
  }
  return metric !== undefined && Object.hasOwn(METRICS, metric) ? METRICS[metric as MetricName].task : undefined;
}

/** What the request's other words and the columns say, where neither task nor metric is named. */
function taskOfColumns(
  { classes, levels, query, score }: CompareRequest,
  columns: readonly string[],
): Task | undefined {
  if (classes !== undefined) return 'multiclass';
  if (levels !== undefined) return 'quantile';
  if (query !== undefined) return 'ranking';
  if (columns.includes(score)) return undefined;
  if (classesOfColumns(columns).length > 1) return 'multiclass';
  return levelsOfColumns(columns).length > 0 ? 'quantile' : undefined;
}

/** The classes that both files have, in the baseline's order: columns are found by name. */
function sharedClasses({ name }: OpenPredictions, ours: readonly string[], theirs: readonly string[]): string[] {
  const classes = classesOfColumns(theirs);
  const order = compareClassOrder(classes, classesOfColumns(ours));
  if (order.kind === 'different') {
    throw assayError('E_SCORE_CLASSES', { side: name, unknown: order.unknown, missing: order.missing });
  }
  return classes;
}

/**
 * The gate's rules of a comparison without assay.yaml: options, then the rules of the file, then the task's preset.
 * Throws E_GATE_METRIC_*, E_COMPARE_RULE.
 */
export function rulesOf(request: RuledRequest, task: Task): GateRules {
  const { primary: _primary, guardrails: _guardrails, slices: sliced = [], margins, ...further } = request.further;
  const { primary, guardrails } = metricsFor(request, task);
  const known = metricsOf(task);
  for (const metric of [primary, ...guardrails]) {
    if (!known.includes(metric as MetricName)) throw assayError('E_GATE_METRIC_TASK', { metric, task, known });
  }
  const { time_series: series } = further;
  const parsed = GateRules.safeParse({
    ...further,
    primary,
    guardrails,
    slices: [...sliced, ...request.slices.filter((name) => !sliced.some(({ column }) => column === name))],
    margins: { ...margins, ...request.margins },
    ...(request.require === undefined ? {} : { require: request.require }),
    ...(request.threshold === undefined ? {} : { threshold: request.threshold }),
    // Days that depend on each other are named by their column, and are the rule's clusters themselves.
    ...(request.cluster === undefined || series !== undefined ? {} : { cluster: request.cluster }),
    ...(request.weight === undefined ? {} : { weight: request.weight }),
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refused(issue?.path.map(String).join('.') ?? '', issue?.message ?? 'not allowed');
  }
  const { cluster: _column, ...gate } = parsed.data;
  const fits = { gate: series === undefined ? parsed.data : gate, task };
  checkRules(fits, request.cluster, ([, ...path], reason) => refused(path.join('.'), reason));
  if (request.history === undefined && decidingMetrics(parsed.data).includes('mase')) {
    throw maseNeeds(
      "every series' past, which two files lack",
      'Name a file of it with --history (columns of time, label and series), or use mae or wape.',
    );
  }
  return fits.gate;
}

function metricsFor({ metrics, further }: RuledRequest, task: Task) {
  const preset = DEFAULT_METRICS[task];
  const [named, ...others] = metrics;
  if (named !== undefined) return { primary: named, guardrails: others };
  if (further.primary !== undefined) return { primary: further.primary, guardrails: further.guardrails ?? [] };
  return { primary: preset.primary, guardrails: further.guardrails ?? preset.guardrails };
}

function refused(key: string, reason: string) {
  return assayError('E_COMPARE_RULE', { key, reason });
}
