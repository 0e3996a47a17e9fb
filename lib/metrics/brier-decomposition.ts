import { brierMetric } from './brier.ts';
import { CALIBRATION_BINS, calibrationBins, totalWeight } from './calibration-bins.ts';
import { varianceOfObserved } from './calibration-error.ts';
import type { Description, Examples } from './metric.ts';

/** The three parts of a Brier score: lower reliability, higher resolution is better; uncertainty is the data's. */
export interface BrierParts {
  /** Σ share · (p̄ − ō)²: how far what is said is from what happens. */
  readonly reliability: number;
  /** Σ share · (ō − ȳ)²: how much what happens differs between bins. */
  readonly resolution: number;
  /** ȳ(1 − ȳ). */
  readonly uncertainty: number;
}

export interface BrierDecomposition extends BrierParts {
  readonly brier: number;
  /** What bins of unequal probabilities leave over: brier = reliability − resolution + uncertainty + within. */
  readonly within: number;
  /** The parts without the bias of estimating ō from few rows; the same sum. Undefined where a bin has too few rows. */
  readonly corrected?: BrierParts;
}

/**
 * Murphy's decomposition (1973) over bins of equal width, with the rest of Stephenson et al. (2008) and the correction
 * of Ferro & Fricker (2012): a weight says how often a row counts.
 *
 * @returns undefined without rows.
 */
export function brierDecomposition(examples: Examples, bins = CALIBRATION_BINS): BrierDecomposition | undefined {
  const brier = brierMetric.estimate(examples)?.value;
  if (brier === undefined) return undefined;
  const found = calibrationBins(examples, bins, 'width');
  const all = totalWeight(found);
  const base = found.reduce((sum, { weight, observed }) => sum + (weight / all) * observed, 0);
  const parts = { reliability: 0, resolution: 0, uncertainty: base * (1 - base) };
  let bias = 0;
  for (const bin of found) {
    const share = bin.weight / all;
    parts.reliability += share * (bin.predicted - bin.observed) ** 2;
    parts.resolution += share * (bin.observed - base) ** 2;
    bias += share * varianceOfObserved(bin);
  }
  const ofBase = varianceOfObserved({ weight: all, predicted: base, observed: base });
  const within = brier - (parts.reliability - parts.resolution + parts.uncertainty);
  if (Number.isNaN(bias + ofBase)) return { brier, within, ...parts };
  const corrected = {
    reliability: parts.reliability - bias,
    resolution: parts.resolution - bias + ofBase,
    uncertainty: parts.uncertainty + ofBase,
  };
  return { brier, within, ...parts, corrected };
}

function partDescription(part: keyof BrierParts, title: string, formula: string): Description<'binary'> {
  return {
    name: `brier_${part}`,
    title,
    task: 'binary',
    unit: 'share',
    formula: `${formula}, over ${CALIBRATION_BINS} bins of equal width, without the bias of few rows`,
    source: 'Murphy 1973; Ferro & Fricker 2012',
    whyDescriptive: 'it explains the Brier score, which decides',
    describe: (examples) => brierDecomposition(examples)?.corrected?.[part],
  };
}

export const brierReliabilityDescription = partDescription('reliability', 'Brier reliability', 'mean of (p̄ − ō)²');
export const brierResolutionDescription = partDescription('resolution', 'Brier resolution', 'mean of (ō − ȳ)²');
export const brierUncertaintyDescription = partDescription('uncertainty', 'Brier uncertainty', 'ȳ(1 − ȳ)');
