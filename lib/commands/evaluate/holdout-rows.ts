import { createHash } from 'node:crypto';
import { DAY_MS, isoDay } from '../../duration.ts';
import { collect, numbersOf, stringsOf } from '../../engine/collect.ts';
import type { Engine, Selection } from '../../engine/engine.ts';
import { and, column, isNull, not } from '../../engine/expression.ts';
import type { Frame } from '../../engine/frame.ts';
import { assayError } from '../../errors.ts';
import { groupColumns } from '../../gate/compare/group-columns.ts';
import type { HoldoutFacts } from '../../gate/decision.ts';
import { indexIds } from '../../gate/evidence/pair-by-id.ts';
import type { TaskParts } from '../../gate/evidence/paired-examples.ts';
import { requireRows } from '../../gate/evidence/require-examples.ts';
import {
  dateWithDays,
  type EarlierContests,
  type Half,
  halfOf,
  halvesCut,
  holdoutWindow,
  type TimeWindow,
} from '../../gate/holdout/holdout-window.ts';
import type { GateRules } from '../../gate/rules.ts';
import type { TaskShape } from '../../gate/task-shape.ts';
import { callCosts } from '../../gate/threshold-rule.ts';
import type { ModelConfig } from '../../project/config.ts';
import { columnOf, type OpenDataset, timeColumnOf } from '../open-dataset.ts';
import { holdoutClusters } from './holdout-clusters.ts';
import { examplesDigest } from './holdout-digest.ts';
import { labelsOf } from './labels.ts';
import { naiveScales, ONLY_SERIES } from './naive-scales.ts';
import { idsOf } from './row-ids.ts';
import { missingIds } from './row-places.ts';
import { selectFrame } from './select-frame.ts';
import { sliceValues } from './slice-values.ts';
import { requireSliceValues, requireWholeQueries, taskParts } from './task-parts.ts';
import { timeBetween, timeRange } from './time-rows.ts';

/** The labelled examples that both sides are scored on, in ascending order of id. */
export interface HoldoutRows {
  readonly dataset: OpenDataset;
  /** All columns of the dataset. */
  readonly frame: Frame;
  /** Rows of the dataset that have all of these. */
  readonly selection: Selection;
  /** The model's task and its classes or levels: what scores of these rows look like. */
  readonly shape: TaskShape;
  readonly ids: readonly string[];
  readonly labels: Float64Array;
  /** Weights, queries, series: what the task's examples have beside labels. */
  readonly parts: TaskParts;
  readonly clusters: Int32Array;
  readonly clusterCount: number;
  readonly slices: ReadonlyMap<string, readonly (string | null)[]>;
  readonly facts: HoldoutFacts;
  /** ISO day on which this half will hold so many days; undefined without a time column. */
  readonly dateWith: (days: number) => string | undefined;
}

export interface HoldoutRequest {
  readonly model: ModelConfig;
  readonly rules: GateRules;
  readonly half: Half;
  /** End (ms, exclusive) of each side's training rows, where they come from a dataset with a time column. */
  readonly trainedUntil: readonly number[];
  /** The dataset that was trained on, where the holdout is another one: the past of a forecast's series. */
  readonly past?: OpenDataset;
  /** What was open in earlier contests; nothing when left out. */
  readonly earlier?: EarlierContests | undefined;
}

/**
 * Reads the asked half of the holdout (design §5): after both sides' training, labels complete, ids unique, target
 * known. Throws E_HOLDOUT_EMPTY, E_PAIR_*, E_LABEL_*, E_WEIGHT, E_QUERY_*, E_SLICE_EMPTY, E_COLUMN_MISSING.
 */
export async function readHoldout(engine: Engine, dataset: OpenDataset, request: HoldoutRequest): Promise<HoldoutRows> {
  const { model, rules, half, earlier } = request;
  const idColumns = dataset.config.id ?? [];
  for (const column of idColumns) columnOf(dataset, column, 'id');
  for (const column of groupColumns(rules)) columnOf(dataset, column, 'slice');
  if (rules.cluster !== undefined) columnOf(dataset, rules.cluster, 'cluster');
  if (rules.weight !== undefined) columnOf(dataset, rules.weight, 'weight');
  if (model.query !== undefined) columnOf(dataset, model.query, 'query');
  if (model.series !== undefined) columnOf(dataset, model.series, 'series');
  columnOf(dataset, model.target, 'target');

  const time = timeColumnOf(dataset);
  const window = time === undefined ? undefined : await windowOf(engine, dataset, time, request);
  const { label_delay: delay } = dataset.config;
  const asked = window === undefined ? undefined : halfOf(window, half, halvesCut(window, earlier, delay));
  const selection = time === undefined || asked === undefined ? {} : { where: timeBetween(time, asked.from, asked.to) };
  const all = await collect(engine.stream(dataset.source, selection));
  const target = labelsOf(all, model.target, model.task, model.classes);
  const ids = idsOf(all, idColumns);
  // A query is judged as a whole, so it is in one half as a whole.
  const hashed = model.query === undefined ? ids : stringsOf(all, model.query);
  let missing = 0;
  let toppedUp = 0;
  const kept: number[] = [];
  const labelled = new Set(ids.filter((_id, row) => !Number.isNaN(target[row])));
  const counted: (string | null)[] = [];
  for (let row = 0; row < all.rows; row++) {
    const id = ids[row] ?? null;
    const hasLabel = !Number.isNaN(target[row]);
    // The row as it came in, before its label did: one example, however often it is written down.
    if (!hasLabel && labelled.has(id)) {
      toppedUp++;
      continue;
    }
    counted.push(id);
    if (!hasLabel) missing++;
    else if (asked !== undefined || inHashedHalf(hashed[row] ?? '', half)) kept.push(row);
  }
  const table = { engine, source: dataset.source, id: idColumns };
  if (counted.includes(null))
    throw await missingIds(table, time === undefined || asked === undefined ? undefined : { ...asked, time });
  indexIds(`holdout "${dataset.name}"`, counted);
  kept.sort((a, b) => ((ids[a] as string) < (ids[b] as string) ? -1 : 1));
  // A shared dataset's window without a row is an answer: too little is left, and a day is known when there will be
  // enough. A holdout of its own that lies before the training rows, or has no label at all, is a mistake.
  const grows = window !== undefined && missing === 0 && sharesTraining(model);
  if (kept.length === 0 && !grows)
    throw assayError('E_HOLDOUT_EMPTY', {
      dataset: dataset.name,
      detail: emptyDetail(asked, missing, request.trainedUntil),
    });

  const frame = selectFrame(all, kept);
  const labels = Float64Array.from(kept, (row) => target[row] as number);
  const sortedIds = kept.map((row) => ids[row] as string);
  const queries =
    model.query === undefined ? undefined : { column: model.query, values: stringsOf(frame, model.query) };
  const parts = taskParts(sortedIds, model, {
    weights: rules.weight === undefined ? undefined : numbersOf(frame, rules.weight),
    queries,
    costs: rules.costs === undefined ? undefined : callCosts(rules.costs),
    series:
      window === undefined ? undefined : await seriesOf(engine, request.past ?? dataset, model, frame, window.from),
  });
  requireRows(
    model.task,
    { target: model.target, weight: rules.weight, query: model.query },
    { ids: sortedIds, labels, ...parts, labelText: (row) => stringsOf(frame, model.target)[row] ?? '' },
  );
  const clusters = holdoutClusters(frame, rules, time, queries);
  requireWholeQueries(sortedIds, queries, parts.queries, clusters.clusters, `${clusters.unit}s`);
  const slices = new Map(groupColumns(rules).map((column) => [column, sliceValues(frame, column)]));
  requireSliceValues(sortedIds, slices);
  const facts: HoldoutFacts = {
    digest: examplesDigest({ dataset: dataset.name, half }, { ids: sortedIds, labels, ...parts }),
    dataset: dataset.name,
    half,
    rows: kept.length,
    clusters: clusters.clusterCount,
    clusterUnit: clusters.unit,
    ...(clusters.blockDays === undefined ? {} : { blockDays: clusters.blockDays }),
    ...(clusters.column === undefined ? {} : { clusterColumn: clusters.column }),
    ...(asked === undefined ? {} : { from: new Date(asked.from).toISOString(), to: new Date(asked.to).toISOString() }),
    ...(model.task === 'binary' ? { positives: labels.reduce((sum, label) => sum + label, 0) } : {}),
    excluded: { 'label-missing': missing, ...(toppedUp === 0 ? {} : { 'labelled-later': toppedUp }) },
  };
  return {
    dataset,
    frame,
    selection: toppedUp === 0 ? selection : withLabel(selection, model.target),
    shape: { task: model.task, classes: model.classes, levels: model.levels },
    ids: sortedIds,
    labels,
    parts,
    clusters: clusters.clusters,
    clusterCount: clusters.clusterCount,
    slices,
    facts,
    dateWith: (wanted) => {
      if (window === undefined || (clusters.unit !== 'day' && clusters.unit !== 'block')) return undefined;
      const days = clusters.blockDays ?? 1;
      // The days that fill no block are there already.
      const has = asked === undefined || days === 1 ? clusters.clusterCount : (asked.to - asked.from) / DAY_MS;
      return isoDay(dateWithDays(window, half, has, wanted * days, delay, earlier));
    },
  };
}

/** Rows that have a label: where some are there twice, a predict command gets one of each. */
function withLabel(selection: Selection, target: string): Selection {
  const has = not(isNull(column(target)));
  return { ...selection, where: selection.where === undefined ? has : and(selection.where, has) };
}

/** Whether the holdout is the newest part of the very dataset that is trained on. */
function sharesTraining({ holdout, train }: ModelConfig): boolean {
  return holdout.data === undefined || holdout.data === train.data;
}

async function windowOf(
  engine: Engine,
  dataset: OpenDataset,
  time: string,
  request: HoldoutRequest,
): Promise<TimeWindow> {
  const range = await timeRange(engine, dataset.source, time);
  if (range === undefined) throw assayError('E_HOLDOUT_EMPTY', { dataset: dataset.name, detail: `"${time}" is empty` });
  return holdoutWindow(range.newest, request.trainedUntil, dataset.config.label_delay, range.oldest);
}

/** The series of the rows and their naive errors before the window; only a forecast has them. */
async function seriesOf(
  engine: Engine,
  past: OpenDataset,
  { task, target, series, season = 1 }: ModelConfig,
  frame: Frame,
  before: number,
) {
  const time = timeColumnOf(past);
  if (task !== 'forecast' || time === undefined) return undefined;
  const scales = await naiveScales(engine, past, { target, time, series, season, before });
  const values = series === undefined ? new Array<string>(frame.rows).fill(ONLY_SERIES) : stringsOf(frame, series);
  return { values, scales };
}

/** Without a time column the halves are by hash of the id (design §5). */
function inHashedHalf(id: string, half: Half): boolean {
  if (half === 'whole') return true;
  const first = createHash('sha256').update(id).digest()[0] as number;
  return first < 128 === (half === 'development');
}

function emptyDetail(window: TimeWindow | undefined, missing: number, trainedUntil: readonly number[]): string {
  if (window !== undefined && window.from >= window.to && trainedUntil.length > 0) {
    return `the training rows reach up to ${isoDay(Math.max(...trainedUntil) - 1)}, and no complete day comes after`;
  }
  const span = window === undefined ? 'the whole table' : `${isoDay(window.from)} up to ${isoDay(window.to)}`;
  return missing === 0 ? `no row in ${span}` : `${missing} row(s) in ${span}, none with a label`;
}
