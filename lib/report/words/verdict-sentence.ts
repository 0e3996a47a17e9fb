import type { Comparison, Decision } from '../../gate/decision.ts';
import { plainText, type Text } from '../blocks/span.ts';
import { clustersWords, evidenceWords } from './cluster-words.ts';
import { comparisonSubject, differenceWords } from './difference-words.ts';
import { nextWords } from './next-words.ts';
import { counted, formatCount } from './number-format.ts';
import { comparisonReasonWords, decisionReasonWords } from './reason-words.ts';

/** A verdict in words, in the parts that a page sets apart. Each part but the lead is a sentence or is empty. */
export interface VerdictSentence {
  /** `Do not promote`: what the verdict comes to. */
  readonly lead: string;
  /** What, by how much, in which range, on how much evidence, and what is allowed. */
  readonly finding: Text;
  /** `Needs about 65 days if they are equal; has 31.` */
  readonly needs: Text;
  /** `Production stays 1.2.0.` */
  readonly stays: Text;
  /** `look at the changed predictions.` (without `Next:`) */
  readonly next: Text;
}

/** Puts a decision into words for somebody who never took statistics (design §5). */
export function sentenceOf(decision: Decision): VerdictSentence {
  const { because } = decision;
  const decisive = 'comparison' in because ? decision.comparisons[because.comparison] : undefined;
  const finding =
    'reason' in because
      ? decisionReasonWords(because.reason, because.detail, decision)
      : decisive === undefined
        ? ['the record names no reason']
        : findingOf(decisive, decision);
  return {
    lead: leadOf(decision, decisive),
    finding: [...finding, '.'],
    needs: decisive === undefined ? [] : needsOf(decisive, decision),
    stays: staysOf(decision),
    next: nextWords(decision),
  };
}

/** The whole sentence on one line, `Next:` last: for a check's title, a log line, a step's output. */
export function verdictSentence(decision: Decision): string {
  const { lead, finding, needs, stays, next } = sentenceOf(decision);
  const parts: Text[] = [[`${lead}: `, ...finding], needs, stays, ['Next: ', ...next]];
  return parts
    .filter((part) => part.length > 0)
    .map(plainText)
    .join(' ');
}

/** As {@link verdictSentence}, up to what was found: for a title of one line. */
export function verdictTitle(decision: Decision): string {
  const { lead, finding } = sentenceOf(decision);
  return plainText([`${lead}: `, ...finding]).replace(/\.$/, '');
}

function leadOf({ verdict, stage, next }: Decision, decisive: Comparison | undefined): string {
  const better = decisive?.requirement === 'better';
  switch (verdict) {
    case 'inconclusive':
      return decisive?.reason === 'one-class' || decisive?.reason === 'identical' ? "Can't tell" : "Can't tell yet";
    case 'fail':
      if (stage !== undefined) return 'Do not promote';
      return better && (decisive.interval?.upper ?? -1) >= 0 ? 'Not better' : 'Worse';
    case 'pass':
      if (stage === undefined) return (decisive?.interval?.lower ?? 0) > 0 ? 'Better' : 'Not worse';
      return next.kind === 'promote' ? `Ready for ${next.stage}` : 'Good to merge';
  }
}

function findingOf(comparison: Comparison, decision: Decision): Text {
  const words = differenceWords(comparison);
  const subject = comparisonSubject(comparison);
  if (words.phrase === undefined || comparison.reason === 'identical') {
    const found: Text = [...subject, ' ', ...comparisonReasonWords(comparison, decision)];
    return comparison.verdict === 'fail' ? [...found, ...requirementWords(comparison, decision)] : found;
  }
  const over = comparison.role === 'constant' ? ' over always giving the same answer' : '';
  const evidence = decision.verdict === 'pass' ? evidenceWords(comparison.rows, comparison.clusters, decision) : [];
  return [
    ...subject,
    ` ${words.phrase}${over}`,
    ...evidence,
    ...requirementWords(comparison, decision),
    ...(decision.verdict === 'pass' ? othersWords(decision) : []),
  ];
}

/** `; 0.010 is allowed`: what the finding is held against. A gain needs no such words. */
function requirementWords(comparison: Comparison, { rules, verdict }: Decision): Text {
  const { requirement, interval, role } = comparison;
  const { allowed, allowedLoss } = differenceWords(comparison);
  const lower = interval?.lower ?? 0;
  switch (requirement) {
    case 'above-floor':
      return [`; ${allowed} is required`];
    case 'better':
      if (verdict === 'pass') return [];
      if (role === 'constant') return ['; a first version has to beat that'];
      return [rules.require === undefined ? '; a changed recipe has to be better' : '; it has to be better'];
    case 'not-worse':
    case 'no-harm': {
      if (lower > 0 || (lower === 0 && interval?.upper === 0)) return [];
      const worse = (interval?.upper ?? 0) < 0 ? '' : ' worse';
      return [`; ${allowedLoss}${worse} is allowed${requirement === 'no-harm' ? ' in a slice' : ''}`];
    }
  }
}

/** `; 2 more rules hold`: a pass rests on all of them. */
function othersWords({ comparisons, because }: Decision): Text {
  const decisive = 'comparison' in because ? because.comparison : -1;
  const others = comparisons.filter(({ role }, index) => index !== decisive && role !== 'slice');
  return others.length === 0 ? [] : [`; ${counted(others.length, 'more rule')} hold${others.length === 1 ? 's' : ''}`];
}

function needsOf(comparison: Comparison, { verdict, holdout }: Decision): Text {
  const { neededClusters, clusters, requirement, reason } = comparison;
  if (verdict !== 'inconclusive' || neededClusters === undefined || reason === 'too-few-clusters') return [];
  const words = differenceWords(comparison);
  const condition = requirement === 'better' ? `if it is ${words.margin} better` : 'if they are equal';
  if (neededClusters <= clusters) {
    // The power is there and the difference lies in between: more of the same may or may not settle it.
    return [`Its ${clustersWords(clusters, holdout)} would be enough ${condition}; what was seen lies in between.`];
  }
  return [`Needs about ${clustersWords(neededClusters, holdout)} ${condition}; has ${formatCount(clusters)}.`];
}

function staysOf({ stage, stays, verdict, next }: Decision): Text {
  if (stage === undefined) return [];
  const name = stage.charAt(0).toUpperCase() + stage.slice(1);
  if (stays === undefined) return verdict === 'pass' ? [] : [`${name} stays empty.`];
  return [`${name} stays ${stays}${verdict === 'pass' && next.kind !== 'promote' ? ' until it is promoted' : ''}.`];
}
