import type { Metric } from '../../metrics/metric.ts';
import { clusteredInference, type Inference } from '../../stats/inference.ts';
import { type SeedInference, seededInference } from '../../stats/seed-inference.ts';
import { clusterSizes, type PairedExamples, presentClusters, sideExamples } from '../evidence/paired-examples.ts';

/** A quantity of one side, and what it is without each cluster that has rows, in order of the clusters' codes. */
export interface LeftOut {
  readonly value: number;
  readonly without: Float64Array;
}

/** The candidate's scores by every training: one, unless it was trained with several seeds. */
export function trainingsOf({ candidate, seeds }: PairedExamples): readonly Float64Array[] {
  return seeds === undefined || seeds.length < 2 ? [candidate] : seeds;
}

/** A metric of one side's scores; undefined where it has no value. */
export function leftOut(
  metric: Pick<Metric, 'estimate'>,
  examples: PairedExamples,
  scores: Float64Array,
  threshold: number,
): LeftOut | undefined {
  const estimate = metric.estimate(sideExamples(examples, scores, threshold));
  if (estimate === undefined) return undefined;
  const without = estimate.leaveOut(examples.clusters, examples.clusterCount);
  return {
    value: estimate.value,
    without: Float64Array.from(presentClusters(examples), (cluster) => without[cluster] as number),
  };
}

/** A metric by every training of the candidate; undefined where one of them has no value. */
export function leftOutBySeed(
  metric: Pick<Metric, 'estimate'>,
  examples: PairedExamples,
  threshold: number,
): LeftOut[] | undefined {
  const found: LeftOut[] = [];
  for (const scores of trainingsOf(examples)) {
    const one = leftOut(metric, examples, scores, threshold);
    if (one === undefined) return undefined;
    found.push(one);
  }
  return found;
}

/** The mean of quantities of the same clusters, at least one. */
export function meanOf(parts: readonly LeftOut[]): LeftOut {
  const average = (read: (part: LeftOut) => number): number =>
    parts.reduce((sum, part) => sum + read(part), 0) / parts.length;
  return {
    value: average(({ value }) => value),
    without: Float64Array.from(parts[0]?.without ?? [], (_none, cluster) =>
      average(({ without }) => without[cluster] as number),
    ),
  };
}

/**
 * What is known of the mean of a quantity over the candidate's trainings: of the examples' part alone for one
 * training, of the seeds' too for several.
 *
 * @param examples whose clusters were left out
 */
export function inferenceOf(
  bySeed: readonly LeftOut[],
  examples: PairedExamples,
): Inference | SeedInference | undefined {
  const { value, without } = meanOf(bySeed);
  const sizes = clusterSizes(examples);
  if (bySeed.length < 2) return clusteredInference(value, without, sizes);
  return seededInference(
    bySeed.map((one) => one.value),
    without,
    sizes,
  );
}
