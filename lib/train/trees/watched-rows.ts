import type { BuiltInTask } from '../../model/signature.ts';
import { createRandom } from '../../stats/resampling/random.ts';
import { shuffle } from '../shuffle.ts';
import type { TreeParameters } from './tree-parameters.ts';

/** `auto` stops early above as many rows (scikit-learn's rule): a tenth of fewer says too little. */
const AUTO_ROWS = 10_000;

/** The random stream of this draw; other uses of a run's seed have others. */
const STREAM = 1;

/**
 * Parts the rows for early stopping: those that are learnt from and those that are watched, both ascending.
 * Nothing is watched when early stopping is off, or where what is left to learn from would have one class only.
 */
export function watchedRows(
  target: Float64Array,
  task: BuiltInTask,
  parameters: TreeParameters,
  seed: number,
): { readonly learnt: Int32Array; readonly watched: Int32Array } {
  const rows = Int32Array.from(target.keys());
  const off = { learnt: rows, watched: new Int32Array(0) };
  const { early_stopping, validation_fraction, validation } = parameters;
  if (early_stopping === false || (early_stopping === 'auto' && rows.length <= AUTO_ROWS)) return off;
  const order = rows.slice();
  if (validation === 'random') shuffle(order, createRandom([seed >>> 0, 0], STREAM));
  const learning = rows.length - Math.max(1, Math.round(rows.length * validation_fraction));
  const learnt = order.slice(0, learning).sort();
  if (learning < 1 || (task === 'binary' && new Set(learnt.values().map((row) => target[row])).size < 2)) return off;
  return { learnt, watched: order.slice(learning).sort() };
}
