import { digestOf } from '../../lib/digest.ts';
import type { Question } from '../../lib/gate/decide.ts';
import { decide } from '../../lib/gate/decide.ts';
import { type Comparison, Decision } from '../../lib/gate/decision.ts';
import { clusterCodes, type PairedExamples } from '../../lib/gate/evidence/paired-examples.ts';
import { GateRules } from '../../lib/gate/rules.ts';
import { createRandom, type Random } from '../../lib/stats/resampling/random.ts';

/** Made-up examples of some days. The candidate's and the baseline's scores see the truth through noise. */
export interface Made {
  readonly days: number;
  readonly rowsPerDay: number;
  /** Standard deviation of each side's noise; the truth's is 1. */
  readonly candidate: number;
  readonly baseline: number;
  /** Noise that all rows of a day share, for the candidate alone: how much days differ. */
  readonly dayNoise?: number;
  readonly seed?: number;
}

/** Standard normal (Box & Muller 1958). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}

/** Scores on a grid of 1/1024 within (0, 1): small shifts of them are exact, so that they keep ties and order. */
function probability(x: number): number {
  return Math.round(1024 * (0.1 + 0.8 / (1 + Math.exp(-x)))) / 1024;
}

export function makeExamples(made: Made): PairedExamples {
  const random = createRandom([made.seed ?? 1, 42]);
  const rows = made.days * made.rowsPerDay;
  const labels = new Float64Array(rows);
  const candidate = new Float64Array(rows);
  const baseline = new Float64Array(rows);
  let common = 0;
  for (let row = 0; row < rows; row++) {
    if (row % made.rowsPerDay === 0) common = (made.dayNoise ?? 0) * normal(random);
    const truth = normal(random);
    labels[row] = random.uniform() < 1 / (1 + Math.exp(-2 * truth)) ? 1 : 0;
    candidate[row] = probability(truth + common + made.candidate * normal(random));
    baseline[row] = probability(truth + made.baseline * normal(random));
  }
  const day = Array.from({ length: rows }, (_none, row) => Math.floor(row / made.rowsPerDay));
  return {
    ids: day.map((_day, row) => String(row).padStart(6, '0')),
    labels,
    candidate,
    baseline,
    ...clusterCodes(day),
    slices: new Map(),
  };
}

export type RulesInput = Parameters<typeof GateRules.parse>[0] & object;

/** A question about examples of days; rules are an AUC gate unless told otherwise. */
export function questionOf(
  examples: PairedExamples,
  { rules = {}, ...over }: Partial<Omit<Question, 'examples' | 'rules'>> & { readonly rules?: RulesInput } = {},
): Question {
  return {
    model: 'late',
    task: 'binary',
    rules: GateRules.parse({ primary: 'roc_auc', ...rules }),
    candidate: { kind: 'run', label: 'run 1', predictions: digestOf([...examples.candidate]) },
    baseline: { kind: 'version', label: '1.0.0', version: '1.0.0', predictions: digestOf([...examples.baseline]) },
    sameRecipe: false,
    holdout: {
      digest: digestOf(examples.ids),
      dataset: 'flights',
      half: 'development',
      rows: examples.ids.length,
      clusters: new Set(examples.clusters).size,
      clusterUnit: 'day',
      excluded: {},
    },
    examples,
    ...over,
  };
}

/** Decides, and holds the answer to its own schema: what is stored can be read again. */
export function decided(...question: Parameters<typeof questionOf>): Decision {
  const decision = decide(questionOf(...question));
  return Decision.parse(JSON.parse(JSON.stringify(decision)));
}

/** The comparison that a verdict rests on. */
export function decisive({ because, comparisons }: Decision): Comparison | undefined {
  return 'comparison' in because ? comparisons[because.comparison] : undefined;
}
