import type { Tree } from '../../model/trees.ts';
import type { BinnedColumn } from './binning.ts';
import {
  BIN_WIDTH,
  fillHistogram,
  type HistogramLayout,
  type LearntRows,
  type Stretch,
  subtractHistogram,
} from './histogram.ts';
import { bestSplit, leafValue, MIN_HESSIAN, minus, type NodeSums, type Split, type SplitRules } from './split.ts';

export interface GrowthRules extends SplitRules {
  readonly maxLeaves: number;
  readonly learningRate: number;
}

interface GrowingNode {
  readonly sums: NodeSums;
  readonly at: Stretch;
  split?: Split;
  /** Only while the node waits to be split. */
  histogram?: Float64Array;
  children?: readonly [GrowingNode, GrowingNode];
}

/** A cut past every number: all that is not missing goes left. */
const ABOVE_ALL = Number.MAX_VALUE;

/**
 * Grows one tree on the gradients and hessians of the rows that are learnt from (both are reordered), always at the leaf that
 * gains most (leaf-wise, Ke et al. 2017), and adds each row's leaf to `raw`.
 */
export function growTree(
  columns: readonly BinnedColumn[],
  layout: HistogramLayout,
  learnt: LearntRows,
  rules: GrowthRules,
  raw: Float64Array,
): Tree {
  // Every split sorts a node's stretch of these into a left and a right part.
  const data = { ...learnt, rows: learnt.rows.slice() };
  const scratch = emptyRows(data.rows.length);
  const spare: Float64Array[] = [];
  const empty = () => spare.pop()?.fill(0) ?? new Float64Array(layout.size);
  const canSplit = ({ sums }: GrowingNode) => sums.rows >= 2 * rules.minRows && sums.hessian >= MIN_HESSIAN;
  const waiting: GrowingNode[] = [];
  const consider = (node: GrowingNode, histogram: Float64Array) => {
    const split = canSplit(node) ? bestSplit(histogram, layout.offsets, columns, node.sums, rules) : undefined;
    if (split === undefined) {
      spare.push(histogram);
      return;
    }
    node.split = split;
    node.histogram = histogram;
    waiting.push(node);
  };

  const rootHistogram = empty();
  const whole = { start: 0, end: data.rows.length };
  fillHistogram(rootHistogram, layout, columns, data, whole);
  const root: GrowingNode = { sums: firstColumnSums(rootHistogram, columns), at: whole };
  consider(root, rootHistogram);

  for (let leaves = 1; leaves < rules.maxLeaves; leaves++) {
    const node = takeBest(waiting);
    if (node?.split === undefined || node.histogram === undefined) break;
    const [left, right] = divide(node, node.split, columns, data, scratch);
    node.children = [left, right];
    if (canSplit(left) || canSplit(right)) {
      const [small, large] = left.sums.rows < right.sums.rows ? [left, right] : [right, left];
      const histogram = empty();
      fillHistogram(histogram, layout, columns, data, small.at);
      subtractHistogram(node.histogram, histogram);
      consider(small, histogram);
      consider(large, node.histogram);
    } else {
      spare.push(node.histogram);
    }
    delete node.histogram;
  }
  return emitTree(root, columns, data.rows, rules, raw);
}

/** Every row is in one bin of the first column, so that its bins add up to the whole. */
function firstColumnSums(histogram: Float64Array, columns: readonly BinnedColumn[]): NodeSums {
  let gradient = 0;
  let hessian = 0;
  let rows = 0;
  for (let bin = 0; bin <= (columns[0]?.count ?? 0); bin++) {
    gradient += histogram[bin * BIN_WIDTH] as number;
    hessian += histogram[bin * BIN_WIDTH + 1] as number;
    rows += histogram[bin * BIN_WIDTH + 2] as number;
  }
  return { gradient, hessian, rows };
}

/** Removes and returns the node with the largest gain, the oldest among equals. There are at most a few dozen. */
function takeBest(waiting: GrowingNode[]): GrowingNode | undefined {
  let best = 0;
  for (let i = 1; i < waiting.length; i++) {
    if ((waiting[i]?.split?.gain ?? 0) > (waiting[best]?.split?.gain ?? 0)) best = i;
  }
  return waiting.splice(best, 1)[0];
}

/** The two children. Rows keep their order, so memory is read forwards and sums have a fixed order. */
function divide(
  { at, sums }: GrowingNode,
  split: Split,
  columns: readonly BinnedColumn[],
  { rows, gradients, hessians }: LearntRows,
  right: LearntRows,
): [GrowingNode, GrowingNode] {
  const bins = columns[split.feature]?.bins ?? new Uint8Array(0);
  const { goesLeft } = split;
  let l = at.start;
  let r = 0;
  for (let i = at.start; i < at.end; i++) {
    const row = rows[i] as number;
    if (goesLeft[bins[row] as number] === 1) {
      rows[l] = row;
      gradients[l] = gradients[i] as number;
      hessians[l++] = hessians[i] as number;
    } else {
      right.rows[r] = row;
      right.gradients[r] = gradients[i] as number;
      right.hessians[r++] = hessians[i] as number;
    }
  }
  rows.set(right.rows.subarray(0, r), l);
  gradients.set(right.gradients.subarray(0, r), l);
  hessians.set(right.hessians.subarray(0, r), l);
  return [
    { sums: split.left, at: { start: at.start, end: l } },
    { sums: minus(sums, split.left), at: { start: l, end: at.end } },
  ];
}

function emptyRows(count: number): LearntRows {
  return {
    rows: new Int32Array(count),
    gradients: new Float64Array(count),
    hessians: new Float64Array(count),
  };
}

function emitTree(
  root: GrowingNode,
  columns: readonly BinnedColumn[],
  rows: Int32Array,
  rules: GrowthRules,
  raw: Float64Array,
): Tree {
  const tree: Tree = { feature: [], cut: [], right: [], missingLeft: [], sets: [] };
  const emit = (node: GrowingNode) => {
    const at = tree.feature.length;
    const column = node.split === undefined ? undefined : columns[node.split.feature];
    if (node.children === undefined || node.split === undefined || column === undefined) {
      const value = leafValue(node.sums, rules.l2) * rules.learningRate;
      for (let i = node.at.start; i < node.at.end; i++) {
        const row = rows[i] as number;
        raw[row] = (raw[row] as number) + value;
      }
      tree.feature.push(-1);
      tree.cut.push(value);
      tree.right.push(-1);
      tree.missingLeft.push(0);
      return;
    }
    const [left, right] = node.children;
    tree.feature.push(node.split.feature);
    tree.cut.push(cutOf(node.split, column, tree.sets));
    tree.right.push(0);
    // Never missing in training: what is missing later goes with the larger child.
    const toLeft = column.hasMissing ? node.split.goesLeft[column.count] === 1 : left.sums.rows > right.sums.rows;
    tree.missingLeft.push(toLeft ? 1 : 0);
    emit(left);
    tree.right[at] = tree.feature.length;
    emit(right);
  };
  emit(root);
  return tree;
}

function cutOf(split: Split, column: BinnedColumn, sets: number[][]): number {
  if (!column.categorical) return column.edges[split.bin] ?? ABOVE_ALL;
  const codes = Array.from({ length: column.count }, (_, code) => code);
  return sets.push(codes.filter((code) => split.goesLeft[code] === 1)) - 1;
}
