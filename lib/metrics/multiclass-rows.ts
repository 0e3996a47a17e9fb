import type { Examples } from './metric.ts';

/** The classes of the columns of `scores`. Throws RangeError when not said: `checkExamples` finds that before. */
export function classCount({ classes }: Examples): number {
  if (classes === undefined) throw new RangeError('multiclass examples need their number of classes');
  return classes;
}

/** The class of the highest probability in every row; the first one of equals, as numpy's argmax. */
export function calledClasses(examples: Examples): Int32Array {
  const classes = classCount(examples);
  const { labels, scores } = examples;
  const called = new Int32Array(labels.length);
  for (let row = 0; row < called.length; row++) {
    const start = row * classes;
    let best = 0;
    for (let j = 1; j < classes; j++) {
      if ((scores[start + j] as number) > (scores[start + best] as number)) best = j;
    }
    called[row] = best;
  }
  return called;
}

/** Weights by true class (row) and called class (column), row after row, classes × classes. */
export function confusionMatrix(examples: Examples): Float64Array {
  const classes = classCount(examples);
  const called = calledClasses(examples);
  const matrix = new Float64Array(classes * classes);
  for (let row = 0; row < called.length; row++) {
    const cell = (examples.labels[row] as number) * classes + (called[row] as number);
    matrix[cell] = (matrix[cell] as number) + (examples.weights?.[row] ?? 1);
  }
  return matrix;
}
