import { assayError } from '../../errors.ts';
import { clusterSizes, type GivenRows } from '../../gate/evidence/given-rows.ts';
import type { GateRules } from '../../gate/rules.ts';
import type { SimulatedHoldout } from '../../gate/simulate/simulation.ts';
import type { Task } from '../../model/signature.ts';
import type { ModelConfig } from '../../project/config.ts';
import type { Project } from '../../project/project.ts';
import { intraclassCorrelation } from '../../stats/clusters/design-effect.ts';
import { sampleMoments } from '../../stats/numbers/sample-moments.ts';
import type { Context } from '../context.ts';
import { readHoldout } from '../evaluate/holdout-rows.ts';
import { openDataset, projectFolders } from '../open-dataset.ts';
import { trainingData } from '../train/training-data.ts';

/** Size and clustering of a holdout. */
export interface SupposedSize {
  readonly source: 'data' | 'options';
  /** Rows of every cluster. */
  readonly sizes: readonly number[];
  readonly clusterUnit: SimulatedHoldout['clusterUnit'];
  /** Of the labels, where they were read: for a ranking, of how relevant the documents of a query are on average. */
  readonly intraclass?: number;
  readonly positives?: number;
  /** Multiclass: share of every class. */
  readonly classes?: readonly number[];
  /** Standard deviation of the true values. */
  readonly deviation?: number;
  /** The rows themselves. */
  readonly given?: GivenRows;
}

export interface SizeOptions {
  readonly rows?: number | undefined;
  readonly clusters?: number | undefined;
}

/** More rows are not drawn: with so many the clusters alone limit what can be told. */
const MOST_ROWS = 10_000_000;

/** Clusters of equal size from --rows and --clusters; undefined when neither is given. Throws E_SIMULATE_*. */
export function sizeOfOptions({ rows, clusters }: SizeOptions): SupposedSize | undefined {
  if (rows === undefined && clusters === undefined) return undefined;
  if (rows === undefined) throw assayError('E_SIMULATE_SIZE', { missing: 'rows' });
  if (clusters === undefined) throw assayError('E_SIMULATE_SIZE', { missing: 'clusters' });
  if (!(Number.isInteger(clusters) && clusters >= 1)) {
    throw assayError('E_SIMULATE_OPTION', { option: 'clusters', value: clusters, expected: 'a number of at least 1' });
  }
  if (!(Number.isInteger(rows) && rows >= clusters && rows <= MOST_ROWS)) {
    const expected = `a number from ${clusters} (a row a cluster) to ${MOST_ROWS}`;
    throw assayError('E_SIMULATE_OPTION', { option: 'rows', value: rows, expected });
  }
  const sizes = Array.from(
    { length: clusters },
    (_none, cluster) => Math.floor(((cluster + 1) * rows) / clusters) - Math.floor((cluster * rows) / clusters),
  );
  return { source: 'options', sizes, clusterUnit: clusters === rows ? 'row' : 'day' };
}

/**
 * Size and clustering of the development half as a model trained today would leave it. Its labels are read for their share
 * and how they hang together; no predictions.
 */
export async function holdoutSize(
  context: Context,
  project: Project,
  model: ModelConfig,
  rules: GateRules,
): Promise<SupposedSize> {
  const engine = await context.openEngine(projectFolders(project));
  try {
    const training = await openDataset(context, project, engine, model.train.data);
    const { window } = await trainingData(engine, training, model);
    const name = model.holdout.data ?? model.train.data;
    const dataset = name === model.train.data ? training : await openDataset(context, project, engine, name);
    const half = model.holdout.halves ? 'development' : 'whole';
    const trainedUntil = window.to === undefined ? [] : [Date.parse(window.to)];
    const rows = await readHoldout(engine, dataset, { model, rules, half, trainedUntil });
    const { labels, clusters, clusterCount, slices, parts, facts } = rows;
    const given: GivenRows = { digest: facts.digest, labels, clusters, clusterCount, slices, ...parts };
    return {
      source: 'data',
      sizes: clusterSizes(given),
      clusterUnit: facts.clusterUnit,
      intraclass: correlationWithin(model.task, given),
      ...labelFacts(model.task, given),
      ...(labels.length === 0 ? {} : { given }),
    };
  } finally {
    await engine.close();
  }
}

/** How much of what varies in the labels whole clusters share; 0 where nothing says so. */
function correlationWithin(task: Task, rows: GivenRows): number {
  const { labels, clusters, clusterCount, classes = [] } = rows;
  const found = (values: ArrayLike<number>, codes: ArrayLike<number>): number => {
    const correlation = intraclassCorrelation(values, codes, clusterCount);
    return Number.isNaN(correlation) ? 0 : Math.max(0, correlation);
  };
  if (task === 'ranking') {
    const queries = queryMeans(rows);
    return found(queries.means, queries.clusters);
  }
  if (task !== 'multiclass') return found(labels, clusters);
  // Of each class by itself, by how much of the variance it has.
  let weighted = 0;
  let total = 0;
  classes.forEach((_name, code) => {
    const is = labels.map((label) => (label === code ? 1 : 0));
    const { variance } = sampleMoments(is);
    if (!(variance > 0)) return;
    weighted += variance * found(is, clusters);
    total += variance;
  });
  return total === 0 ? 0 : weighted / total;
}

/** Mean relevance of every query, and the cluster that it is in. */
function queryMeans({ labels, clusters, queries = new Int32Array() }: GivenRows) {
  const count = queries.reduce((most, code) => Math.max(most, code + 1), 0);
  const means = new Float64Array(count);
  const rows = new Float64Array(count);
  const codes = new Int32Array(count);
  queries.forEach((query, row) => {
    means[query] = (means[query] as number) + (labels[row] as number);
    rows[query] = (rows[query] as number) + 1;
    codes[query] = clusters[row] as number;
  });
  return { means: means.map((sum, query) => sum / (rows[query] as number)), clusters: codes };
}

/** Shares of classes, or how far true values are spread. */
function labelFacts(task: Task, { labels, classes = [] }: GivenRows): Partial<SupposedSize> {
  const share = (is: (label: number) => boolean): number => {
    let count = 0;
    for (const label of labels) if (is(label)) count++;
    return count / labels.length;
  };
  if (labels.length === 0) return {};
  if (task === 'binary' || task === 'ranking') return { positives: share((label) => label > 0) };
  if (task === 'multiclass') return { classes: classes.map((_name, code) => share((label) => label === code)) };
  const { variance } = sampleMoments(labels);
  return variance > 0 ? { deviation: Math.sqrt(variance) } : {};
}
