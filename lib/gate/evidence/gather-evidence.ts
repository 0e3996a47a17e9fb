import type { Examples } from '../../metrics/metric.ts';
import {
  type BothSides,
  type ChangedOptions,
  changedPredictions,
  changedQueries,
} from '../compare/changed-predictions.ts';
import type { Decision } from '../decision.ts';
import { binaryFindings } from './binary-evidence.ts';
import type { ChangedPredictions, Evidence, Findings } from './evidence.ts';
import { multiclassFindings } from './multiclass-evidence.ts';
import { type PairedExamples, sideExamples } from './paired-examples.ts';
import { quantileFindings } from './quantile-evidence.ts';
import { queryGains, rankingFindings } from './ranking-evidence.ts';
import { regressionFindings } from './regression-evidence.ts';

/**
 * What a decision's numbers look like, from the examples that it was made on. Pure, of bounded size; no verdict follows
 * from it. Rows whose looks
 * are counted (a sealed half, a holdout without halves) are never named: who knows them could train for the exam.
 *
 * @param values whether labels and predictions of the named rows may be shown, or their ids only
 * @returns undefined where there is nothing to show: no row, or a decision that no number was computed for (looks spent)
 */
export function gatherEvidence(
  decision: Decision,
  examples: PairedExamples,
  { values }: { readonly values: boolean },
): Evidence | undefined {
  const { task, model, holdout, candidate, baseline, rules, comparisons, looks } = decision;
  if (examples.ids.length === 0 || comparisons.length === 0) return undefined;
  const side = (scores: Float64Array): Examples => sideExamples(examples, scores, rules.threshold);
  const sides = { candidate: side(examples.candidate), baseline: side(examples.baseline) };
  return {
    schema: 'assay/evidence/1',
    model,
    holdout: holdout.digest,
    candidate: candidate.predictions,
    baseline: baseline.predictions,
    rows: examples.ids.length,
    ...shown(task, examples, sides, { named: holdout.half !== 'sealed' && looks === undefined, values }),
  };
}

interface Shown {
  readonly findings: Findings;
  readonly changed: ChangedPredictions;
}

function shown(task: Decision['task'], examples: PairedExamples, sides: BothSides, options: ChangedOptions): Shown {
  const { candidate, baseline } = sides;
  if (task === 'ranking') {
    const gains = queryGains(candidate, baseline);
    return { findings: rankingFindings(gains), changed: changedQueries(examples, gains, options) };
  }
  const changed = changedPredictions(task, examples, sides, options);
  switch (task) {
    case 'binary':
      return { findings: binaryFindings(candidate, baseline), changed };
    case 'multiclass':
      return { findings: multiclassFindings(examples.classes ?? [], candidate, baseline), changed };
    case 'regression':
    case 'forecast':
      return { findings: regressionFindings(task, candidate, baseline), changed };
    case 'quantile':
      return { findings: quantileFindings(examples.levels ?? new Float64Array(), candidate, baseline), changed };
  }
}
