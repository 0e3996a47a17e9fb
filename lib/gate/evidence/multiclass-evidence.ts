import type { Examples } from '../../metrics/metric.ts';
import { calledClasses, confusionMatrix } from '../../metrics/multiclass-rows.ts';
import { shortNumber } from '../short-number.ts';
import { reliabilityBins } from './binary-evidence.ts';
import { EVIDENCE_CLASSES, EVIDENCE_LINES, type FindingsOf } from './evidence.ts';

interface SideMatrices {
  readonly candidate: Float64Array;
  readonly baseline: Float64Array;
}

/** Confusion matrices, recall by class, changed mix-ups and reliability of the calls. */
export function multiclassFindings(
  names: readonly string[],
  candidate: Examples,
  baseline: Examples,
): FindingsOf<'multiclass'> {
  const matrices = { candidate: confusionMatrix(candidate), baseline: confusionMatrix(baseline) };
  const rows = names.map((_name, truth) => rowSum(matrices.candidate, names.length, truth));
  const order = [...names.keys()].sort((a, b) => (rows[b] as number) - (rows[a] as number) || a - b);
  const kept = order.slice(0, EVIDENCE_CLASSES);
  const merged = names.length - kept.length;
  const fold = (matrix: Float64Array): number[] => foldMatrix(matrix, names.length, kept, merged > 0);
  return {
    task: 'multiclass',
    classes: kept.map((index) => names[index] as string),
    merged,
    matrix: { candidate: fold(matrices.candidate), baseline: fold(matrices.baseline) },
    recall: recallByClass(names, rows, matrices),
    classesSeen: rows.filter((count) => count > 0).length,
    confusions: changedConfusions(names, matrices),
    reliability: { candidate: callReliability(candidate), baseline: callReliability(baseline) },
  };
}

function rowSum(matrix: Float64Array, classes: number, truth: number): number {
  let sum = 0;
  for (let called = 0; called < classes; called++) sum += matrix[truth * classes + called] as number;
  return sum;
}

/** The matrix of the kept classes, in their order, with one more row and column for all others. */
function foldMatrix(matrix: Float64Array, classes: number, kept: readonly number[], others: boolean): number[] {
  const size = kept.length + (others ? 1 : 0);
  const place = new Int32Array(classes).fill(kept.length);
  kept.forEach((index, at) => {
    place[index] = at;
  });
  const folded = new Float64Array(size * size);
  for (let truth = 0; truth < classes; truth++) {
    for (let called = 0; called < classes; called++) {
      const at = (place[truth] as number) * size + (place[called] as number);
      folded[at] = (folded[at] as number) + (matrix[truth * classes + called] as number);
    }
  }
  return Array.from(folded, shortNumber);
}

function recallByClass(names: readonly string[], rows: readonly number[], matrices: SideMatrices) {
  const found = names.flatMap((name, index) => {
    const all = rows[index] as number;
    if (all === 0) return [];
    const share = (matrix: Float64Array): number => (matrix[index * names.length + index] as number) / all;
    return [
      { class: name, rows: shortNumber(all), candidate: share(matrices.candidate), baseline: share(matrices.baseline) },
    ];
  });
  return found
    .sort((a, b) => a.candidate - a.baseline - (b.candidate - b.baseline) || b.rows - a.rows)
    .slice(0, EVIDENCE_LINES)
    .map((one) => ({ ...one, candidate: shortNumber(one.candidate), baseline: shortNumber(one.baseline) }));
}

function changedConfusions(names: readonly string[], { candidate, baseline }: SideMatrices) {
  const classes = names.length;
  const cells = Array.from(candidate.keys()).filter(
    (cell) => Math.floor(cell / classes) !== cell % classes && candidate[cell] !== baseline[cell],
  );
  const change = (cell: number): number => (candidate[cell] as number) - (baseline[cell] as number);
  return cells
    .sort((a, b) => Math.abs(change(b)) - Math.abs(change(a)) || a - b)
    .slice(0, EVIDENCE_LINES)
    .map((cell) => ({
      truth: names[Math.floor(cell / classes)] as string,
      called: names[cell % classes] as string,
      candidate: shortNumber(candidate[cell] as number),
      baseline: shortNumber(baseline[cell] as number),
    }));
}

/** How often the most probable class is right, by its probability. */
function callReliability(examples: Examples) {
  const called = calledClasses(examples);
  const classes = examples.scores.length / Math.max(1, called.length);
  return reliabilityBins({
    labels: examples.labels.map((label, row) => (label === called[row] ? 1 : 0)),
    scores: Float64Array.from(called, (best, row) => Math.min(1, examples.scores[row * classes + best] as number)),
    threshold: 0.5,
    ...(examples.weights === undefined ? {} : { weights: examples.weights }),
  });
}
