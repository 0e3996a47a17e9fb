import { createRandom } from '../../stats/resampling/random.ts';
import { scoreWidth, type TaskParts } from '../evidence/paired-examples.ts';

/** What a constant knows: how often or how much on the whole, or only which answer is the likeliest. */
export type ConstantKind = 'mean' | 'majority';

/** Seed of the random order that a constant ranks by: any fixed one; the same holdout has the same order. */
const ORDER_SEED = [0x61737361, 0x79] as const;

/**
 * The scores of a model that knows nothing of a row (rows × `scoreWidth`). What it knows is the holdout's own, which no
 * model knows beforehand: the hardest constant to beat, so that a first version that beats it knows something.
 *
 * - binary, multiclass: how often each class occurs; `majority`: certainty of the most frequent one
 * - regression, forecast: the mean
 * - quantile: the quantile of each level (an order statistic, so that the share below it is the level)
 * - ranking: a random order of each query's rows; a constant score would leave all of them tied, which metrics take
 *   for the mean of all orders, or for the worst
 */
export function constantScores(
  task: 'binary' | 'multiclass' | 'regression' | 'quantile' | 'ranking' | 'forecast',
  rows: TaskParts & { readonly labels: Float64Array },
  kind: ConstantKind = 'mean',
): Float64Array {
  const { labels } = rows;
  if (task === 'ranking') {
    const random = createRandom(ORDER_SEED);
    return labels.map(() => random.uniform());
  }
  const answer = constantRow(task, rows, kind);
  const width = scoreWidth(rows);
  const scores = new Float64Array(labels.length * width);
  for (let at = 0; at < scores.length; at++) scores[at] = answer[at % width] as number;
  return scores;
}

/** The one row of scores that every row gets. */
function constantRow(
  task: 'binary' | 'multiclass' | 'regression' | 'quantile' | 'forecast',
  rows: TaskParts & { readonly labels: Float64Array },
  kind: ConstantKind,
): Float64Array {
  if (task === 'quantile') return weightedQuantiles(rows);
  if (task === 'multiclass') {
    const shares = new Float64Array(rows.classes?.length ?? 0);
    rows.labels.forEach((label, row) => {
      shares[label] = (shares[label] as number) + (rows.weights?.[row] ?? 1);
    });
    const total = shares.reduce((sum, share) => sum + share, 0);
    const likeliest = shares.indexOf(Math.max(...shares));
    return shares.map((share, index) => (kind === 'majority' ? Number(index === likeliest) : share / total));
  }
  const mean = weightedMean(rows);
  return Float64Array.of(task === 'binary' && kind === 'majority' ? Number(mean >= 0.5) : mean);
}

function weightedMean({ labels, weights }: TaskParts & { readonly labels: Float64Array }): number {
  let sum = 0;
  let total = 0;
  labels.forEach((label, row) => {
    const weight = weights?.[row] ?? 1;
    sum += weight * label;
    total += weight;
  });
  return sum / total;
}

/** The smallest label up to which at least the level's share of the weight lies (type 1 of Hyndman & Fan 1996). */
function weightedQuantiles({
  labels,
  weights,
  levels = new Float64Array(),
}: TaskParts & { readonly labels: Float64Array }): Float64Array {
  const order = Int32Array.from(labels, (_label, row) => row).sort(
    (a, b) => (labels[a] as number) - (labels[b] as number),
  );
  const total = weights === undefined ? labels.length : weights.reduce((sum, weight) => sum + weight, 0);
  let place = 0;
  let below = weights?.[order[0] as number] ?? 1;
  return levels.map((level) => {
    while (below < level * total && place < order.length - 1) {
      place++;
      below += weights?.[order[place] as number] ?? 1;
    }
    return labels[order[place] as number] as number;
  });
}
