import { estimateOf } from './function-of-sums.ts';
import type { Estimate, Examples } from './metric.ts';

/** Weights of calls by what was called and what was true. */
export interface Confusion {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/** A function of the four counts that does not change when all are doubled, and its derivatives. */
export interface FunctionOfCalls {
  /** @returns undefined where the counts give no value. */
  value(calls: Confusion): number | undefined;
  /** Its derivative by each count, at counts where it has a value. */
  gradient(calls: Confusion): Confusion;
}

const NO_CALLS: Confusion = { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 };

/** Counts (sums of weights) of calls at the threshold: a score of at least it is called positive. */
export function confusionCounts({ labels, scores, threshold, weights }: Examples): Confusion {
  const calls = { ...NO_CALLS };
  for (let row = 0; row < labels.length; row++) {
    calls[cellOf(labels[row] as number, scores[row] as number, threshold)] +=
      weights === undefined ? 1 : (weights[row] as number);
  }
  return calls;
}

function cellOf(label: number, score: number, threshold: number): keyof Confusion {
  if (score >= threshold) return label === 1 ? 'truePositives' : 'falsePositives';
  return label === 1 ? 'falseNegatives' : 'trueNegatives';
}

/** Value, influence and leave-out of a function of the calls. */
export function estimateOfCalls({ value, gradient }: FunctionOfCalls, examples: Examples): Estimate | undefined {
  const { labels, scores, threshold, weights } = examples;
  const column = () => new Float64Array(labels.length);
  const columns = {
    truePositives: column(),
    falsePositives: column(),
    falseNegatives: column(),
    trueNegatives: column(),
  };
  for (let row = 0; row < labels.length; row++) {
    columns[cellOf(labels[row] as number, scores[row] as number, threshold)][row] =
      weights === undefined ? 1 : (weights[row] as number);
  }
  return estimateOf({
    terms: [columns.truePositives, columns.falsePositives, columns.falseNegatives, columns.trueNegatives],
    value: (totals) => value(callsOf(totals)),
    gradient: (totals) => {
      const slope = gradient(callsOf(totals));
      return [slope.truePositives, slope.falsePositives, slope.falseNegatives, slope.trueNegatives];
    },
  });
}

function callsOf([tp, fp, fn, tn]: Float64Array): Confusion {
  return {
    truePositives: tp as number,
    falsePositives: fp as number,
    falseNegatives: fn as number,
    trueNegatives: tn as number,
  };
}

/**
 * Σ top·count / Σ bottom·count, which is what most scores of calls are; without anything in the bottom there is no
 * value. The coefficients say how often a call of each kind counts above and below the line.
 */
export function ratioOfCalls(top: Partial<Confusion>, bottom: Partial<Confusion>): FunctionOfCalls {
  const above = { ...NO_CALLS, ...top };
  const below = { ...NO_CALLS, ...bottom };
  const total = (calls: Confusion, by: Confusion) =>
    calls.truePositives * by.truePositives +
    calls.falsePositives * by.falsePositives +
    calls.falseNegatives * by.falseNegatives +
    calls.trueNegatives * by.trueNegatives;
  return {
    value(calls) {
      const all = total(calls, below);
      return all > 0 ? total(calls, above) / all : undefined;
    },
    gradient(calls) {
      const all = total(calls, below);
      const ratio = total(calls, above) / all;
      const slope = (kind: keyof Confusion) => (above[kind] - ratio * below[kind]) / all;
      return {
        truePositives: slope('truePositives'),
        falsePositives: slope('falsePositives'),
        falseNegatives: slope('falseNegatives'),
        trueNegatives: slope('trueNegatives'),
      };
    },
  };
}
