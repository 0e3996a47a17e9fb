import { normalCdf, normalQuantile } from '../stats/normal.ts';
import { createRandomKernel, KERNEL_WORDS, type RandomKernel } from '../stats/random-kernel.ts';
import type { PairedExamples } from './paired-examples.ts';

/** Both sides' value of something. */
export interface Sides {
  readonly baseline: number;
  readonly candidate: number;
}

/** What is supposed of a holdout that is not there yet, and of the two models that are scored on it. */
export interface HoldoutPlan {
  /** Rows of every cluster, at least one each. */
  readonly sizes: readonly number[];
  /** Share of the variance that rows of a cluster have in common, in [0, 1): of the labels, the scores and the errors. */
  readonly intraclass: number;
  /** Share of positives, in (0, 1). */
  readonly positives: number;
  /** Correlation of the two sides' scores, and of their errors, on one row of one class, in [0, 1]. */
  readonly agreement: number;
  /** Binary: how far scores of positives lie above those of negatives, in standard deviations of either. */
  readonly separation: Sides;
  /** Regression: standard deviation of the errors, which is the RMSE. */
  readonly deviation: Sides;
}

/** One drawn holdout: the same plan as a binary and as a regression task. */
export interface PlannedHoldout {
  readonly binary: PairedExamples;
  readonly regression: PairedExamples;
}

const TWO_POW_32 = 4294967296;

/** The separation of two normal distributions of one width at which the area under the ROC curve is `auc`. */
export function separationOf(auc: number): number {
  return Math.SQRT2 * normalQuantile(auc);
}

/** ln of p/(1 − p) where p is the true probability of a positive at a score: models here are calibrated. */
export function logitOf(score: number, separation: number, positives: number): number {
  return Math.log(positives / (1 - positives)) + separation * score - (separation * separation) / 2;
}

/** Share of positives of a cluster whose common part, a standard normal number, is `common`. */
function clusterPositives({ positives, intraclass }: HoldoutPlan, common: number): number {
  return normalCdf((normalQuantile(positives) + Math.sqrt(intraclass) * common) / Math.sqrt(1 - intraclass));
}

/**
 * Draws holdouts of a plan: normal scores and errors with a part that all rows of a cluster share (some days have more
 * positives, and on some days one side is right more often than the other), labels by a normal threshold. What is drawn
 * is written over by the next draw.
 *
 * @returns the holdout of that number: a function of the plan, the seed and the number alone
 */
export function createPlannedHoldouts(
  plan: HoldoutPlan,
  seed: readonly [number, number],
): (number: number) => PlannedHoldout {
  const { sizes, intraclass, positives, separation, deviation } = plan;
  const clusterCount = sizes.length;
  const clusters = clusterOfRows(sizes);
  const [shared, own] = [Math.sqrt(intraclass), Math.sqrt(1 - intraclass)];
  const draws = createDraws(plan.agreement, seed, createRandomKernel());
  const common = sizes.map(() => new Float64Array(4));
  const rates = new Float64Array(clusterCount);
  const pair = new Float64Array(2);
  const binary = emptyExamples(clusters, clusterCount);
  const regression = emptyExamples(clusters, clusterCount);
  const probability = (score: number, apart: number) => 1 / (1 + Math.exp(-logitOf(score, apart, positives)));
  return (number) => {
    draws.start(number);
    for (let g = 0; g < clusterCount; g++) {
      const parts = common[g] as Float64Array;
      draws.sides(parts);
      draws.sides(pair);
      parts[2] = pair[0] as number;
      parts[3] = pair[1] as number;
      draws.sides(pair);
      rates[g] = clusterPositives(plan, pair[0] as number);
    }
    for (let row = 0; row < clusters.length; row++) {
      const g = clusters[row] as number;
      const parts = common[g] as Float64Array;
      const label = draws.uniform() < (rates[g] as number) ? 1 : 0;
      binary.labels[row] = label;
      draws.sides(pair);
      const base = label * separation.baseline + shared * (parts[0] as number) + own * (pair[0] as number);
      const candidate = label * separation.candidate + shared * (parts[1] as number) + own * (pair[1] as number);
      binary.baseline[row] = probability(base, separation.baseline);
      binary.candidate[row] = probability(candidate, separation.candidate);
      draws.sides(pair);
      regression.baseline[row] = deviation.baseline * (shared * (parts[2] as number) + own * (pair[0] as number));
      regression.candidate[row] = deviation.candidate * (shared * (parts[3] as number) + own * (pair[1] as number));
    }
    return { binary, regression };
  };
}

function clusterOfRows(sizes: readonly number[]): Int32Array {
  const codes = new Int32Array(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  sizes.forEach((size, cluster) => {
    codes.fill(cluster, at, at + size);
    at += size;
  });
  return codes;
}

function emptyExamples(clusters: Int32Array, clusterCount: number): PairedExamples {
  const column = () => new Float64Array(clusters.length);
  return {
    ids: [],
    labels: column(),
    candidate: column(),
    baseline: column(),
    clusters,
    clusterCount,
    slices: new Map(),
  };
}

/** Uniform numbers, and pairs of correlated normal ones, from a stream of their own for every holdout. */
function createDraws(agreement: number, seed: readonly [number, number], kernel: RandomKernel) {
  const ownPart = Math.sqrt(1 - agreement ** 2);
  let stream = 0;
  let block = 0;
  let used = KERNEL_WORDS;
  const uniform = (): number => {
    if (used === KERNEL_WORDS) {
      kernel.fill(seed, stream, block, KERNEL_WORDS / 4);
      block += KERNEL_WORDS / 4;
      used = 0;
    }
    return ((kernel.words[used++] as number) + 0.5) / TWO_POW_32;
  };
  return {
    start(number: number) {
      stream = number;
      block = 0;
      used = KERNEL_WORDS;
    },
    uniform,
    /** Two standard normals (Box & Muller 1958) that correlate by `agreement`. */
    sides(out: Float64Array) {
      const radius = Math.sqrt(-2 * Math.log(uniform()));
      const angle = 2 * Math.PI * uniform();
      const first = radius * Math.cos(angle);
      out[0] = first;
      out[1] = agreement * first + ownPart * radius * Math.sin(angle);
    },
  };
}
