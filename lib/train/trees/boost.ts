import { setImmediate } from 'node:timers/promises';
import type { Frame } from '../../engine/frame.ts';
import { addTrees, compileTrees, sigmoid } from '../../model/score-trees.ts';
import type { BuiltInTask } from '../../model/signature.ts';
import type { Tree, TreeEnsemble } from '../../model/trees.ts';
import type { Progress } from '../../ports.ts';
import { binColumns, treeColumns } from './binning.ts';
import { growTree } from './grow-tree.ts';
import { histogramLayout } from './histogram.ts';
import { baseScore, meanLoss, setGradients } from './loss.ts';
import type { TreeParameters } from './tree-parameters.ts';
import { watchedRows } from './watched-rows.ts';

export interface BoostRequest {
  /** The training rows; every target is known. */
  readonly frame: Frame;
  readonly features: readonly string[];
  /** Binary: 0 or 1, both present. */
  readonly target: Float64Array;
  readonly task: BuiltInTask;
  readonly parameters: TreeParameters;
  readonly seed: number;
  readonly progress: Progress;
}

export interface Boosted {
  readonly ensemble: TreeEnsemble;
  /** Scores of the training rows. */
  readonly scores: Float64Array;
  /** Rows that early stopping watched; none when it was off. */
  readonly watched: number;
}

/**
 * Histogram gradient boosting: log loss for a binary task, squared loss for a regression (Friedman 2001; Ke et al. 2017,
 * "LightGBM"; scikit-learn's HistGradientBoosting, whose defaults these are). One thread and a fixed order: the same
 * rows, parameters and seed give the same bits. With early stopping the trees after the best iteration are dropped.
 */
export async function boost(request: BoostRequest): Promise<Boosted> {
  const { frame, target, task, parameters, progress } = request;
  const columns = treeColumns(frame, request.features);
  const { values, binned } = binColumns(frame, columns, parameters.max_bins);
  const layout = histogramLayout(binned);
  const { learnt, watched } = watchedRows(target, task, parameters, request.seed);
  const rules = {
    minRows: parameters.min_samples_leaf,
    l2: parameters.l2_regularization,
    learningRate: parameters.learning_rate,
    maxLeaves: parameters.max_leaf_nodes,
  };

  const base = baseScore(target, learnt, task);
  const raw = new Float64Array(frame.rows).fill(base);
  const gradients = new Float64Array(learnt.length);
  const hessians = new Float64Array(learnt.length);
  const watchedValues = values.map((column) => Float64Array.from(watched, (row) => column[row] as number));
  const watchedTarget = Float64Array.from(watched, (row) => target[row] as number);
  const watchedRaw = new Float64Array(watched.length).fill(base);

  const trees: Tree[] = [];
  const losses = [meanLoss(watchedRaw, watchedTarget, task)];
  for (let iteration = 0; iteration < parameters.max_iter; iteration++) {
    setGradients(raw, target, learnt, task, gradients, hessians);
    const tree = growTree(binned, layout, { rows: learnt, gradients, hessians }, rules, raw);
    trees.push(tree);
    progress.report({ title: 'trees', done: iteration + 1, total: parameters.max_iter });
    if (watched.length > 0) {
      addTrees(compileTrees(columns, [tree]), watchedValues, watchedRaw);
      losses.push(meanLoss(watchedRaw, watchedTarget, task));
      if (hasStalled(losses, parameters)) break;
    }
    // Let progress and signals through: growing is one long computation.
    await setImmediate();
  }
  const kept = watched.length > 0 ? trees.slice(0, indexOfLeast(losses)) : trees;
  let scores = raw;
  for (const [i, row] of watched.entries()) scores[row] = watchedRaw[i] as number;
  if (kept.length < trees.length) {
    scores = new Float64Array(frame.rows).fill(base);
    addTrees(compileTrees(columns, kept), values, scores);
  }
  return {
    ensemble: { columns, base, trees: kept },
    scores: task === 'binary' ? scores.map(sigmoid) : scores,
    watched: watched.length,
  };
}

/** True when none of the last n losses is better than the one before them by more than the tolerance. */
function hasStalled(losses: readonly number[], { n_iter_no_change, tol }: TreeParameters): boolean {
  const reference = losses.at(-n_iter_no_change - 1);
  return reference !== undefined && losses.slice(-n_iter_no_change).every((loss) => loss >= reference - tol);
}

function indexOfLeast(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value < (values[best] as number) ? i : best), 0);
}
