import { truthQuery } from '../../engine/label-query.ts';
import { assayError } from '../../errors.ts';
import { DEFAULT_METRICS } from '../../gate/default-metrics.ts';
import { MetricName } from '../../gate/rules.ts';
import { fitsTask } from '../../metrics/metric.ts';
import { METRICS } from '../../metrics/metrics.ts';
import { builtInTask } from '../../model/built-in-task.ts';
import type { PlannedDataset, ProjectPlan } from '../../project/render-project.ts';
import type { FoundEntries } from './init-entry.ts';
import { chooseHoldout } from './init-holdout.ts';
import { modelName } from './init-names.ts';
import type { ReadTable } from './init-table.ts';
import { type ChosenTask, chooseTask, type InitTask } from './init-task.ts';

/** What a person said of the model. */
export interface AskedModel {
  readonly model?: string | undefined;
  readonly task?: InitTask | undefined;
  /** A command, or the name of a built-in trainer. */
  readonly train?: string | undefined;
  readonly predict?: string | undefined;
  readonly primary?: string | undefined;
}

export interface ChosenPlan {
  readonly plan: ProjectPlan;
  readonly choices: readonly string[];
  readonly warnings: readonly string[];
}

const TRAINERS = ['trees', 'logistic', 'mlp'];

/**
 * The whole of assay.yaml from a table and what else the repository holds: commands that read what Assay tells them
 * train and predict, else the built-in trees; the task is that of the target, the metrics are the task's, the holdout is as
 * long as the data allow. Throws E_INIT_*.
 *
 * @param held the table that is held out, where it is another one
 */
export function planProject(
  table: ReadTable,
  held: ReadTable | undefined,
  entries: FoundEntries,
  asked: AskedModel,
): ChosenPlan {
  const { dataset, target, values } = table;
  const choices: string[] = [];
  const warnings: string[] = [];
  const way = chooseWay(entries, asked);
  const chosen = chooseTask(target, values, { byCommand: 'run' in way, asked: asked.task });
  if (chosen === undefined) {
    const reason = `it is ${target.type} with ${values === undefined ? 'many' : values.length} different values`;
    throw assayError('E_INIT_TASK', { target: target.name, task: asked.task ?? 'supported', reason });
  }
  const trained = trainedBy(way, chosen, entries, target.name, warnings);
  choices.push(`task: ${chosen.task}${taskWords(chosen, values?.length)}`, `training: ${trainWords(trained)}`);
  const notTaken = 'trainer' in trained && asked.train === undefined ? entries.train : undefined;
  if (notTaken !== undefined) warnings.push(notTakenWords(notTaken, entries));
  if ('run' in trained) warnings.push(...silentWords(entries, trained.run));
  const { holdout, driftWindow } = holdoutOf(table, held);
  const data: Record<string, PlannedDataset> = { [dataset.name]: datasetOf(table, chosen) };
  if (held !== undefined) data[held.dataset.name] = datasetOf(held, chosen);
  const metrics = metricsOf(chosen.task, asked.primary);
  return {
    plan: {
      data,
      model: modelName(asked.model, target.name),
      train: 'run' in trained ? { run: trained.run, lock: entries.lock } : { trainer: trained.trainer },
      ...('run' in trained ? { predict: trained.predict } : {}),
      target: target.name,
      task: chosen.task,
      classes: chosen.classes,
      holdout,
      ...metrics,
      driftWindow,
    },
    choices,
    warnings,
  };
}

type Way = { readonly trainer: string } | { readonly run: string; readonly predict: string };

/** What trains: what was asked for, else commands that read what Assay tells them, else the built-in trees. */
function chooseWay(entries: FoundEntries, { train, predict }: AskedModel): Way {
  if (train !== undefined && TRAINERS.includes(train)) return { trainer: train };
  const scores = predict ?? entries.predict?.command;
  if (train !== undefined) {
    if (scores === undefined) throw assayError('E_INIT_PREDICT', { train });
    return { run: train, predict: scores };
  }
  const found = entries.train;
  if (found === undefined || scores === undefined) return { trainer: 'trees' };
  const speak = found.speaks && (predict !== undefined || entries.predict?.speaks === true);
  return speak ? { run: found.command, predict: scores } : { trainer: 'trees' };
}

/** Classes are learned by commands only: then those that are there are taken, even where they have to be changed first. */
function trainedBy(way: Way, { task }: ChosenTask, entries: FoundEntries, target: string, warnings: string[]): Way {
  if ('run' in way || builtInTask(task) !== undefined) return way;
  const { train, predict } = entries;
  if (train === undefined || predict === undefined) {
    throw assayError('E_INIT_TASK', {
      target,
      task,
      reason: 'no built-in trainer learns classes, and no commands were found',
    });
  }
  warnings.push(`${way.trainer} does not learn ${task}: ${train.source} trains`);
  return { run: train.command, predict: predict.command };
}

function taskWords({ task, classes, positive }: ChosenTask, values: number | undefined): string {
  if (positive !== undefined) return `, "${positive.value}" counts as the positive (sql: in assay.yaml says so)`;
  if (classes !== undefined) return ` with ${classes.length} classes`;
  if (task === 'regression' && values !== undefined && values <= 10)
    return '; --task multiclass takes its values as classes';
  return '';
}

function trainWords(way: Way): string {
  return 'run' in way ? `${way.run}, ${way.predict}` : `built-in ${way.trainer} (--train and --predict take commands)`;
}

function notTakenWords(
  train: { readonly command: string; readonly source: string },
  { predict }: FoundEntries,
): string {
  const missing =
    predict === undefined ? 'has no predict command beside it' : 'does not read ASSAY_DATA and ASSAY_OUTPUT';
  const command = predict?.command ?? '…';
  return `${train.source} ${missing}, so the built-in trees train; --train "${train.command}" --predict "${command}" takes it (docs/guides/user-commands.md)`;
}

/** Commands that were taken although nothing shows that they know what they are told. */
function silentWords({ train, predict }: FoundEntries, run: string): string[] {
  return [train, predict].flatMap((one) =>
    one === undefined || one.speaks || (one === train && one.command !== run)
      ? []
      : [`${one.source} does not read ASSAY_DATA and ASSAY_OUTPUT yet (docs/guides/user-commands.md)`],
  );
}

function datasetOf({ dataset, id, time, target }: ReadTable, { positive }: ChosenTask): PlannedDataset {
  const { path } = dataset.config;
  return {
    path: path[0] ?? '',
    sql: positive === undefined ? undefined : truthQuery(target.name, positive.value, positive.kind),
    time: time?.column,
    id,
    labelDelay: time === undefined ? undefined : chooseHoldout(time.facts).labelDelay,
  };
}

function holdoutOf(
  { dataset, time }: ReadTable,
  held: ReadTable | undefined,
): { readonly holdout: ProjectPlan['holdout']; readonly driftWindow?: number | undefined } {
  if (held !== undefined) {
    const driftWindow = time === undefined ? undefined : chooseHoldout(time.facts).driftWindow;
    return { holdout: { data: held.dataset.name, halves: true }, driftWindow };
  }
  if (time === undefined) throw assayError('E_INIT_TIME', { table: dataset.config.path.join(', ') });
  const { last, halves, driftWindow } = chooseHoldout(time.facts);
  return { holdout: { last, halves }, driftWindow };
}

/** The metric that was asked for, with what of the task's own it does not cover as guardrails. Throws E_INIT_METRIC. */
function metricsOf(task: InitTask, asked: string | undefined) {
  const preset = DEFAULT_METRICS[task];
  if (asked === undefined) return { primary: preset.primary, guardrails: preset.guardrails };
  const known = MetricName.options.filter((name) => fitsTask(METRICS[name], task));
  const primary = known.find((name) => name === asked);
  if (primary === undefined) throw assayError('E_INIT_METRIC', { metric: asked, task, known });
  const guardrails = preset.guardrails.filter((name) => name !== primary);
  return { primary, guardrails: guardrails.length > 0 ? guardrails : [preset.primary] };
}
