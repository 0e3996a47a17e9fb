import { dirname, resolve } from 'node:path';
import { DAY_MS, isoDay } from '../../duration.ts';
import { numbersOf, stringsOf } from '../../engine/collect.ts';
import type { Engine } from '../../engine/engine.ts';
import { assayError } from '../../errors.ts';
import { decide } from '../../gate/decide.ts';
import type { Decision, HoldoutFacts, Side } from '../../gate/decision.ts';
import type { Evidence } from '../../gate/evidence/evidence.ts';
import { gatherEvidence } from '../../gate/evidence/gather-evidence.ts';
import { requireFinite } from '../../gate/evidence/pair-by-id.ts';
import { type PairedExamples, pickScores, sideExamples } from '../../gate/evidence/paired-examples.ts';
import { requireRows, requireScores } from '../../gate/evidence/require-examples.ts';
import type { GateRules } from '../../gate/rules.ts';
import type { TaskShape } from '../../gate/task-shape.ts';
import { callCosts } from '../../gate/threshold-rule.ts';
import type { Context } from '../context.ts';
import { examplesDigest } from '../evaluate/holdout-digest.ts';
import { labelsOf } from '../evaluate/labels.ts';
import { predictionsDigest } from '../evaluate/score-model.ts';
import { scoresOfFrame } from '../evaluate/scores-of-frame.ts';
import { sliceValues } from '../evaluate/slice-values.ts';
import { requireSliceValues, requireWholeQueries, taskParts } from '../evaluate/task-parts.ts';
import { type CompareClusters, compareClusters } from './compare-clusters.ts';
import { openPredictions, type PlacedFile, placedTexts, readPredictions, withColumn } from './compare-file.ts';
import { historyFolders, readPast, type SeriesPast, seriesTexts } from './compare-history.ts';
import { keepRows, type PairedFiles, pairFiles } from './compare-labels.ts';
import { tellingFileRows } from './compare-places.ts';
import { rulesOf, shapeOf, taskOfLabels } from './compare-rules.ts';
import { groupColumnsOf, type RuledRequest, withRulesFile } from './compare-rules-file.ts';

export interface CompareRequest {
  /** Folder that the paths are relative to. */
  readonly cwd: string;
  readonly baseline: string;
  readonly candidate: string;
  readonly label: string;
  readonly id: readonly string[];
  readonly cluster?: string | undefined;
  /** Column of predictions, where a row has one. */
  readonly score: string;
  /** Columns of predictions in the order of classes or levels; found by name when left out. */
  readonly scores?: readonly string[] | undefined;
  /** What is predicted; told from metrics, columns and labels when left out. */
  readonly task?: string | undefined;
  /** Multiclass: the classes; those of the columns `p_<class>` when left out. */
  readonly classes?: readonly string[] | undefined;
  /** Quantile: the levels; those of the columns `q_<level>` when left out. */
  readonly levels?: readonly number[] | undefined;
  /** Ranking: column of the query. */
  readonly query?: string | undefined;
  /** Column of how often a row counts. */
  readonly weight?: string | undefined;
  readonly slices: readonly string[];
  /** The primary metric, then guardrails; those of the task when left out. */
  readonly metrics: readonly string[];
  readonly margins: Readonly<Record<string, number>>;
  readonly require?: string | undefined;
  readonly threshold?: number | undefined;
  /** A file of further rules: the keys of `gate:` in assay.yaml. */
  readonly rules?: string | undefined;
  /** A file of the past of a forecast's series, for MASE: times, labels and series. */
  readonly history?: string | undefined;
  /** Column of times in it; that of the clusters when left out. */
  readonly time?: string | undefined;
  /** Column of the series, in both; one series when left out. */
  readonly series?: string | undefined;
  /** Rows after which a series repeats, for MASE's naive forecast; 1 when left out. */
  readonly season?: number | undefined;
  /** Labels and predictions of a few changed rows may be shown, not their ids alone. */
  readonly examples?: boolean | undefined;
}

/**
 * Compares two prediction files on the same examples, without any configuration, registry or store (design §9).
 * The label may stand in either file; in both it has to agree. Rows are clustered by the named column (a time is
 * clustered by its day), else by query, else they count as independent, and the decision says so.
 *
 * Throws E_COLUMN_MISSING, E_PAIR_*, E_SCORE_*, E_LABEL_*, E_WEIGHT, E_QUERY_*, E_SLICE_EMPTY, E_COMPARE_*.
 */
export async function compare(context: Context, request: CompareRequest): Promise<Decision> {
  return (await compareFiles(context, request)).decision;
}

/** A decision on two files, and what its numbers look like. */
export interface Compared {
  readonly decision: Decision;
  readonly evidence?: Evidence;
}

/** As {@link compare}, with the evidence that a report draws. */
export async function compareFiles(context: Context, asked: CompareRequest): Promise<Compared> {
  const request = await withRulesFile(asked);
  // The files are named one by one by whoever runs this: they may lie anywhere, and nothing else is read.
  const folders = [request.baseline, request.candidate].map((path) => dirname(resolve(request.cwd, path)));
  const engine = await context.openEngine([...new Set([...folders, ...historyFolders(request)])]);
  try {
    const files = await readBoth(engine, request);
    const { labelled, baseline, candidate } = files;
    return await tellingFileRows([labelled, baseline, candidate], () => decideOn(request, files));
  } finally {
    await engine.close();
  }
}

interface BothFiles extends PairedFiles {
  readonly shape: TaskShape;
  readonly past: SeriesPast | undefined;
}

/** Both files, paired by id, in a function of its own: what is read and not needed can go before anything is decided. */
async function readBoth(engine: Engine, request: RuledRequest): Promise<BothFiles> {
  const baselineFile = await openPredictions(engine, request, request.baseline, 'baseline');
  const candidateFile = await openPredictions(engine, request, request.candidate, 'candidate');
  const known = shapeOf(request, baselineFile, candidateFile);
  const read: TaskShape = known ?? { task: 'regression' };
  const baseline = await readPredictions(engine, request, baselineFile, read);
  const candidate = await readPredictions(engine, request, candidateFile, read);
  const paired = await tellingFileRows([candidate, baseline], () => pairFiles(request, candidate, baseline));
  const past = await readPast(engine, request, [paired.labelled, paired.baseline, paired.candidate]);
  return { ...paired, past, shape: known ?? { task: taskOfLabels(paired.labelled.frame, request.label) } };
}

/** The rows that have a label, and their labels. Throws E_HOLDOUT_EMPTY. */
function labelledRows({ label }: CompareRequest, files: BothFiles) {
  const { labelled, shape } = files;
  const all = labelsOf(labelled.frame, label, shape.task, shape.classes);
  const kept = new Int32Array(labelled.rows.length);
  let count = 0;
  for (let at = 0; at < kept.length; at++) if (!Number.isNaN(all[labelled.rows[at] as number])) kept[count++] = at;
  if (count === 0) throw assayError('E_HOLDOUT_EMPTY', { dataset: labelled.name, detail: `"${label}" is empty` });
  const rows = keepRows(files, kept.subarray(0, count));
  return {
    rows,
    labels: pickScores(all, rows.labelled.rows, 1),
    unlabelled: labelled.rows.length - count,
  };
}

function decideOn(request: RuledRequest, files: BothFiles): Compared {
  const { shape, past } = files;
  const { task } = shape;
  const rules = rulesOf(request, task);
  const { rows, labels, unlabelled } = labelledRows(request, files);
  const { ids, candidate, baseline, labelled } = rows;
  const inOrder = [labelled, baseline, candidate];
  const textsOf = (column: string, role: string) =>
    placedTexts(withColumn(inOrder, column, role, request.candidate), column);
  const { query, weight, label } = request;
  const queries = query === undefined ? undefined : { column: query, values: textsOf(query, 'query') };
  const parts = taskParts(ids, shape, {
    queries,
    costs: rules.costs === undefined ? undefined : callCosts(rules.costs),
    series: past === undefined ? undefined : { values: seriesTexts(request, inOrder, ids.length), scales: past },
    weights:
      weight === undefined
        ? undefined
        : placedNumbers(withColumn(inOrder, weight, 'weight', request.candidate), weight),
  });
  const labelText = (row: number) => stringsOf(labelled.frame, label)[labelled.rows[row] as number] ?? '';
  requireRows(task, { target: label, weight, query }, { ids, labels, ...parts, labelText });
  const clusters = compareClusters(request, inOrder, ids.length);
  requireWholeQueries(ids, queries, parts.queries, clusters.clusters, `"${clusters.column ?? ''}"`);
  const slices = new Map(
    groupColumnsOf(request).map((column) => {
      const file = withColumn(inOrder, column, 'slice', request.candidate);
      return [column, placedTexts(file, column, sliceValues)];
    }),
  );
  requireSliceValues(ids, slices);
  const examples: PairedExamples = {
    ids,
    labels,
    ...parts,
    candidate: scoresOf(candidate, ids),
    baseline: scoresOf(baseline, ids),
    clusters: clusters.clusters,
    clusterCount: clusters.clusterCount,
    slices,
  };
  const decision = decide({
    model: request.candidate,
    task,
    rules,
    candidate: sideOf(candidate, request.candidate, examples, task, rules),
    baseline: sideOf(baseline, request.baseline, examples, task, rules),
    sameRecipe: false,
    holdout: factsOf(request, examples, clusters, task, unlabelled),
    examples,
    warnings:
      clusters.unit === 'row'
        ? ['rows count as independent: name the column of days, users or groups with --cluster if they are not']
        : [],
  });
  const evidence = gatherEvidence(decision, examples, { values: request.examples === true });
  return { decision, ...(evidence === undefined ? {} : { evidence }) };
}

/** A side's scores in the order of the ids. Throws E_SCORE_NOT_FINITE, E_TABLE_COLUMN_KIND. */
function scoresOf({ name, frame, scores: columns, rows }: PlacedFile, ids: readonly string[]): Float64Array {
  const width = columns.length;
  const scores = pickScores(scoresOfFrame(frame, columns), rows, width);
  requireFinite(name, ids, scores, { width, columns });
  return scores;
}

/** What the decision says of a side. Throws E_SCORE_*. */
function sideOf(
  file: PlacedFile,
  label: string,
  examples: PairedExamples,
  task: TaskShape['task'],
  rules: GateRules,
): Side {
  const scores = examples[file.side];
  requireScores(file.name, file.scores, examples.ids, task, sideExamples(examples, scores, rules.threshold), rules);
  return { kind: 'predictions', label, predictions: predictionsDigest(scores) };
}

function placedNumbers({ frame, rows }: PlacedFile, column: string): Float64Array {
  return pickScores(numbersOf(frame, column), rows, 1);
}

function factsOf(
  request: CompareRequest,
  examples: PairedExamples,
  { unit, column, span, clusterCount, blockDays }: CompareClusters,
  task: TaskShape['task'],
  unlabelled: number,
): HoldoutFacts {
  const { ids, labels } = examples;
  return {
    digest: examplesDigest({}, examples),
    dataset: request.candidate,
    half: 'whole',
    rows: ids.length,
    clusters: clusterCount,
    clusterUnit: unit,
    ...(blockDays === undefined ? {} : { blockDays }),
    ...(column === undefined ? {} : { clusterColumn: column }),
    ...(span === undefined ? {} : { from: isoDay(span.from * DAY_MS), to: isoDay((span.to + 1) * DAY_MS) }),
    ...(task === 'binary' ? { positives: labels.reduce((sum, label) => sum + label, 0) } : {}),
    excluded: { 'label-missing': unlabelled },
  };
}
