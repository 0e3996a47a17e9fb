import type { MetricTask } from '../../metrics/metric.ts';
import type { PairedExamples } from '../evidence/paired-examples.ts';

/**
 * Fewer rows of either class are too few to judge anything by that tells two classes apart, in a slice (design §5) and
 * in a whole holdout: what the rarer class did not show yet cannot show in an interval either. With fewer than twenty
 * positives in all, a model exactly at the limit passed in 3.2 rather than 2.5 % of made-up holdouts (AUC, 31 days).
 */
export const MINIMUM_OF_A_CLASS = 20;

/** Whether a binary holdout, or a slice of one, has too few rows of a class; of one class alone there is no question. */
export function hasTooFewOfAClass({ labels }: PairedExamples, task: MetricTask): boolean {
  return task === 'binary' && rarerClass(labels) < MINIMUM_OF_A_CLASS;
}

/** Rows of the rarer of two classes. */
export function rarerClass(labels: Float64Array): number {
  let positives = 0;
  for (const label of labels) positives += label;
  return Math.min(positives, labels.length - positives);
}
