import type { Comparison, Decision } from '../../gate/decision.ts';
import { MINIMUM_CLUSTERS } from '../../stats/inference.ts';
import { code, type Text } from '../blocks/span.ts';
import { clustersWords } from './cluster-words.ts';
import { metricWords } from './metric-words.ts';
import { counted } from './number-format.ts';

/**
 * Why a decision needs no comparison, in words (design §5). Codes come from the gate and from the commands; one that is
 * not known here is shown by its own words, so that a newer gate's reason is still read.
 */
export function decisionReasonWords(reason: string, detail: string | undefined, decision: Decision): Text {
  const { holdout, looks } = decision;
  switch (reason) {
    case 'empty-holdout':
      return ['the holdout has no labelled rows yet'];
    case 'too-few-clusters':
      return [
        `the holdout has ${clustersWords(holdout.clusters, holdout)}; at least ${MINIMUM_CLUSTERS} are needed to judge`,
      ];
    case 'looks-spent':
      return [
        looks === undefined
          ? 'every look at these held-back examples is used'
          : `all ${counted(looks.budget, 'look')} at these held-back examples are used`,
        ...after(detail),
      ];
    case 'no-baseline':
      return ['there is nothing to compare with', ...after(detail)];
    case 'baseline-unavailable':
      return ['the version in place cannot be scored again', ...after(detail)];
    case 'look-pending':
      return ['without halves every look at the holdout counts, and this one is not recorded yet'];
    case 'look-of-fork':
      return [
        'without halves every look at the holdout counts, and none is recorded for a pull request from a fork: the result is withheld',
      ];
    case 'look-not-recorded':
      return [
        'without halves every look at the holdout counts, and this one could not be recorded: the result is withheld',
        ...after(detail),
      ];
    case 'holdout-overlap':
      return ['the holdout has examples that a side was trained on', ...after(detail)];
    case 'holder-changed':
      return ['the stage has changed hands since', ...after(detail)];
    case 'quarantined':
      return ['this version was rolled back and is in quarantine', ...after(detail)];
    case 'nothing-to-judge':
      return ['there is nothing to judge', ...after(detail)];
    default:
      return [reason.replaceAll('-', ' '), ...after(detail)];
  }
}

function after(detail: string | undefined): Text {
  return detail === undefined || detail === '' ? [] : [`: ${detail}`];
}

/** Why one comparison has no clear answer, for a sentence that begins with the metric. */
export function comparisonReasonWords(comparison: Comparison, decision: Decision): Text {
  const { reason, rows, clusters, slice } = comparison;
  const where: Text = slice === undefined ? ['the holdout'] : [code(slice.column), ' ', code(slice.value)];
  switch (reason) {
    case 'one-class':
      return ['has no value here: every label in ', ...where, ' is the same'];
    case 'identical':
      return [`is the same on both sides, on all ${counted(rows, 'row')}`];
    case 'too-few-rows':
      return ['cannot be judged: ', ...where, ` has only ${counted(rows, 'row')}`];
    case 'too-few-of-a-class':
      return ['cannot be judged: ', ...where, ' has too few rows of one class'];
    case 'rests-on-one-cluster':
      return [
        'cannot be judged: without one of the ',
        clustersWords(clusters, decision.holdout),
        ' it has no value in ',
        ...where,
      ];
    case 'too-few-clusters':
      return [
        'cannot be judged: ',
        ...where,
        ` has ${clustersWords(clusters, decision.holdout)}, and at least ${MINIMUM_CLUSTERS} are needed`,
      ];
    case 'too-few-groups':
      return [
        'cannot be judged: ',
        `${comparison.groups?.compared === 1 ? 'only one of them' : 'none of them'} is large enough, and a gap needs two`,
      ];
    case 'no-value-in-a-group':
      return ['has no value in one of the groups'];
    case 'baseline-unavailable':
      return ['cannot be judged: that version cannot be scored again'];
    case 'not-measured':
      return ['was not measured'];
    case 'too-few-calls':
      return ['cannot be judged: too few calls were timed'];
    default:
      return [`cannot be judged${reason === undefined ? '' : `: ${reason.replaceAll('-', ' ')}`}`];
  }
}

/** Why one comparison has no clear answer, in a table's cell. */
export function comparisonReasonShort({ reason, metric }: Comparison): string {
  switch (reason) {
    case undefined:
      return "can't tell";
    case 'one-class':
      return `one class only, no ${metricWords(metric)}`;
    case 'identical':
      return 'the same on both sides';
    case 'too-few-rows':
      return 'too few rows to judge';
    case 'too-few-of-a-class':
      return 'too few of a class to judge';
    case 'too-few-clusters':
      return 'too few to judge';
    case 'rests-on-one-cluster':
      return 'rests on one cluster';
    case 'too-few-groups':
      return 'too few groups to compare';
    case 'no-value-in-a-group':
      return 'no value in a group';
    case 'baseline-unavailable':
      return 'cannot be scored again';
    case 'not-measured':
      return 'not measured';
    case 'too-few-calls':
      return 'too few calls to tell';
    case 'too-wide':
      return "can't tell yet";
    default:
      return reason.replaceAll('-', ' ');
  }
}
