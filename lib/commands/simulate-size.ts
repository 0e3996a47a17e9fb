import { assayError } from '../errors.ts';
import type { GateRules } from '../gate/rules.ts';
import type { SimulatedHoldout } from '../gate/simulation.ts';
import type { ModelConfig } from '../project/config.ts';
import type { Project } from '../project/project.ts';
import { intraclassCorrelation } from '../stats/design-effect.ts';
import type { Context } from './context.ts';
import { readHoldout } from './holdout-rows.ts';
import { openDataset, projectFolders } from './open-dataset.ts';
import { trainingData } from './training-data.ts';

/** Size and clustering of a holdout. */
export interface SupposedSize {
  readonly source: 'data' | 'options';
  /** Rows of every cluster. */
  readonly sizes: readonly number[];
  readonly clusterUnit: SimulatedHoldout['clusterUnit'];
  /** Of the labels, where they were read. */
  readonly intraclass?: number;
  readonly positives?: number;
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
    const sizes = new Array<number>(rows.clusterCount).fill(0);
    for (const cluster of rows.clusters) sizes[cluster] = (sizes[cluster] ?? 0) + 1;
    const found = intraclassCorrelation(rows.labels, rows.clusters, rows.clusterCount);
    return {
      source: 'data',
      sizes: sizes.filter((size) => size > 0),
      clusterUnit: rows.facts.clusterUnit,
      intraclass: Number.isNaN(found) ? 0 : Math.max(0, found),
      ...(rows.facts.positives === undefined ? {} : { positives: rows.facts.positives / rows.labels.length }),
    };
  } finally {
    await engine.close();
  }
}
