import { digestOf } from '../digest.ts';
import { driftReport } from '../drift/assemble-report.ts';
import type { DriftReport, RealisedLoss } from '../drift/drift-report.ts';
import { type LossByDay, realisedLoss } from '../drift/realised-loss.ts';
import { DriftRules } from '../drift/rules.ts';
import { DAY_MS, dayOf, isoDay } from '../duration.ts';
import { collect } from '../engine/collect.ts';
import type { Engine, Selection } from '../engine/engine.ts';
import type { Frame } from '../engine/frame.ts';
import { assayError } from '../errors.ts';
import { marginOf } from '../gate/compare/compare-metric.ts';
import { Decision } from '../gate/decision.ts';
import { endOfData } from '../gate/holdout/holdout-window.ts';
import type { GateRules, MetricName } from '../gate/rules.ts';
import { Profile } from '../profile/profile.ts';
import { profileFrames } from '../profile/profiler.ts';
import type { DriftConfig, ModelConfig } from '../project/config.ts';
import { modelOf, type Project } from '../project/project.ts';
import type { Snapshot } from '../registry/snapshot.ts';
import { seedOf } from '../stats/resampling/random.ts';
import type { Context } from './context.ts';
import { holderOf, stageOf } from './evaluate/evaluate-gate.ts';
import { EXAMPLE_LOSS_METRICS, exampleLosses, hasExampleLoss } from './evaluate/example-losses.ts';
import { labelsOf } from './evaluate/labels.ts';
import { idsOf } from './evaluate/row-ids.ts';
import { scoreModel } from './evaluate/score-model.ts';
import { selectFrame } from './evaluate/select-frame.ts';
import { timeBetween, timeRange } from './evaluate/time-rows.ts';
import { type OpenDataset, openDataset, projectFolders, timeColumnOf } from './open-dataset.ts';
import { projectRegistry, readDocument } from './registry/open-registry.ts';
import { type RegisteredModel, registeredModel, versionRecord } from './registry/registered-model.ts';
import { absentInputs, watchedColumns } from './watched-columns.ts';

export interface DriftRequest {
  readonly project: Project;
  readonly model?: string | undefined;
  readonly stage?: string | undefined;
  /** ISO time of the last proposal to retrain, for the cool-down. */
  readonly lastProposal?: string | undefined;
}

/** Windows of realised loss that a proposal to retrain looks at (design §5: 2 of 3). */
const LOSS_WINDOWS = 3;

/**
 * Holds the newest window of rows against the profile that was registered with the stage's version, and the version's
 * loss on rows that have a label by now against its loss on the holdout it was promoted on (design §5).
 * Throws E_STAGE_EMPTY, E_DRIFT_NOT_CONFIGURED, E_DRIFT_NO_TIME.
 */
export async function driftCheck(context: Context, request: DriftRequest): Promise<DriftReport> {
  const { project } = request;
  const { name, model } = modelOf(project, request.model);
  const stage = stageOf(name, model, request.stage);
  const config = model.drift;
  if (config === undefined) throw assayError('E_DRIFT_NOT_CONFIGURED', { model: name });
  if (config.window < DAY_MS || config.window % DAY_MS !== 0) throw assayError('E_DRIFT_WINDOW', { model: name });
  const snapshot = await projectRegistry(context).read();
  const holder = holderOf(snapshot, name, stage);
  if (holder === undefined) throw assayError('E_STAGE_EMPTY', { stage, model: name });
  const record = versionRecord(snapshot.state.models.get(name), name, holder);
  const reference = await readDocument(
    context,
    snapshot,
    { model: name, kind: 'profiles', digest: record.profile },
    Profile,
  );
  const engine = await context.openEngine(projectFolders(project));
  try {
    const dataset = await openDataset(context, project, engine, config.data ?? model.train.data);
    const time = timeColumnOf(dataset);
    if (time === undefined) throw assayError('E_DRIFT_NO_TIME', { dataset: dataset.name });
    const watched = { context, engine, dataset, time, model, config };
    const newest = await newestTime(watched);
    const current = await profileWindow(watched, reference, newest);
    const registered = await registeredModel(context, project, snapshot, record, `version ${holder}`);
    const absent = absentInputs(dataset, registered);
    const level = absent.length > 0 ? undefined : await promotedLevel(context, snapshot, name, stage, model.gate);
    const losses = await lossesByWindow(watched, registered, level, newest);
    const report = driftReport({
      model: name,
      stage,
      version: holder,
      dataset: dataset.name,
      reference,
      current,
      rules: DriftRules.parse({
        windowDays: config.window / DAY_MS,
        ...watchedColumns(config, dataset, registered, reference),
      }),
      seed: seedOf(digestOf([digestOf(reference), digestOf(current)])),
      loss: losses[0]?.loss,
      previous: losses.slice(1),
      lastProposal: request.lastProposal,
      cooldown: config.cooldown,
      now: context.clock.now(),
    });
    if (absent.length === 0) return report;
    const unscored = `The realised loss is not measured: the new rows lack ${absent.join(', ')}, which the model takes.`;
    return { ...report, warnings: [...report.warnings, unscored] };
  } finally {
    await engine.close();
  }
}

interface Watched {
  readonly context: Context;
  readonly engine: Engine;
  readonly dataset: OpenDataset;
  readonly time: string;
  readonly model: ModelConfig;
  readonly config: DriftConfig;
}

async function newestTime({ engine, dataset, time }: Watched): Promise<number> {
  const range = await timeRange(engine, dataset.source, time);
  if (range === undefined) throw assayError('E_DATASET_NO_TIMES', { dataset: dataset.name, column: time });
  return range.newest;
}

/** The current window: the newest days, counted on the reference's own bins. */
async function profileWindow(
  { engine, dataset, time, config }: Watched,
  reference: Profile,
  newest: number,
): Promise<Profile> {
  const to = endOfData(newest);
  const selection: Selection = { where: timeBetween(time, to - config.window, to) };
  const known = new Set(reference.columns.map((column) => column.name));
  const columns = dataset.columns.filter((column) => known.has(column.name));
  const bins = reference.days?.bins;
  return profileFrames(
    () => engine.stream(dataset.source, selection),
    columns,
    bins === undefined ? {} : { time, bins },
  );
}

/** The loss that the version had on the holdout it was promoted on. */
interface PromotedLevel {
  readonly metric: MetricName;
  readonly level: number;
}

/** From the decision that put the version on the stage: its primary loss, or a guardrail that is one. */
async function promotedLevel(
  context: Context,
  snapshot: Snapshot,
  name: string,
  stage: string,
  rules: GateRules,
): Promise<PromotedLevel | undefined> {
  const events = snapshot.state.models.get(name)?.events ?? [];
  const holder = holderOf(snapshot, name, stage);
  const promotion = events.findLast(
    (event) => event.kind === 'promote' && event.stage === stage && event.version === holder,
  );
  if (promotion?.kind !== 'promote' || promotion.decision === undefined) return undefined;
  const decision = await readDocument(
    context,
    snapshot,
    { model: name, kind: 'decisions', digest: promotion.decision },
    Decision,
  );
  const wanted = [rules.primary, ...rules.guardrails, ...EXAMPLE_LOSS_METRICS].filter(hasExampleLoss);
  for (const metric of wanted) {
    const found = decision.comparisons.find(
      (one) => one.metric === metric && one.slice === undefined && one.candidate !== undefined,
    );
    if (found?.candidate !== undefined) return { metric, level: found.candidate };
  }
  return undefined;
}

/** Realised loss of the newest windows whose labels are complete, newest first. */
async function lossesByWindow(
  watched: Watched,
  registered: RegisteredModel,
  level: PromotedLevel | undefined,
  newest: number,
) {
  const { dataset, config, model } = watched;
  if (level === undefined || !dataset.columns.some((column) => column.name === model.target)) return [];
  const windows: { readonly current: DriftReport['current']; readonly loss: RealisedLoss }[] = [];
  const end = endOfData(newest) - dataset.config.label_delay;
  for (let index = 0; index < LOSS_WINDOWS; index++) {
    const to = end - index * config.window;
    const window = { from: to - config.window, to };
    const byDay = await lossByDay(watched, registered, level.metric, window);
    if (byDay === undefined) break;
    const loss = realisedLoss({
      metric: level.metric,
      scale: level.metric === 'rmse' ? 'root' : 'mean',
      current: byDay,
      reference: { level: level.level },
      margin: marginOf(level.metric, model.gate, level.level),
    });
    const current = { from: isoDay(window.from), to: isoDay(window.to - 1), days: byDay.sums.length, rows: loss.rows };
    windows.push({ current, loss });
  }
  return windows;
}

/** Losses of one window's labelled rows, summed by day; undefined when none has a label. */
async function lossByDay(
  { context, engine, dataset, time, model }: Watched,
  registered: RegisteredModel,
  metric: MetricName,
  window: { readonly from: number; readonly to: number },
): Promise<LossByDay | undefined> {
  const selection: Selection = { where: timeBetween(time, window.from, window.to) };
  const all = await collect(engine.stream(dataset.source, selection));
  if (all.rows === 0) return undefined;
  const labels = labelsOf(all, model.target, model.task, model.classes);
  const ids = idsOf(all, dataset.config.id ?? []);
  const rows = [...labels.keys()].filter((row) => !Number.isNaN(labels[row]) && ids[row] !== null);
  if (rows.length === 0) return undefined;
  const frame = selectFrame(all, rows);
  const scored = { dataset, shape: model, frame, ids: rows.map((row) => ids[row] as string), selection };
  const scores = await scoreModel(context, engine, registered.scoring, scored);
  const losses = exampleLosses(
    metric,
    model,
    Float64Array.from(rows, (row) => labels[row] as number),
    scores,
  );
  return sumByDay(frame, time, losses);
}

function sumByDay(frame: Frame, time: string, losses: Float64Array): LossByDay {
  const column = frame.columns.get(time);
  const sums = new Map<number, { sum: number; rows: number }>();
  losses.forEach((loss, row) => {
    const day = dayOf(column?.kind === 'time' ? (column.values[row] ?? 0) : 0);
    const entry = sums.get(day) ?? { sum: 0, rows: 0 };
    sums.set(day, { sum: entry.sum + loss, rows: entry.rows + 1 });
  });
  const days = [...sums.keys()].sort((a, b) => a - b);
  return { sums: days.map((day) => sums.get(day)?.sum ?? 0), rows: days.map((day) => sums.get(day)?.rows ?? 0) };
}
