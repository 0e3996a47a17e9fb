import type { Comparison, Decision } from '../../gate/decision.ts';
import { clustersWords } from '../words/cluster-words.ts';
import { comparisonSubject, differenceWords } from '../words/difference-words.ts';
import { methodWords } from '../words/method-words.ts';
import { metricWords } from '../words/metric-words.ts';
import { counted, formatCount, formatLevel } from '../words/number-format.ts';
import type { Block } from './block.ts';
import { code, joined, type Text } from './span.ts';

/** How the verdict came about, folded away: the place for the names of methods. */
export function howDecidedBlock(decision: Decision): Block {
  return {
    kind: 'fold',
    title: ['How this was decided'],
    blocks: [
      { kind: 'paragraph', text: [RANGE_WORDS] },
      { kind: 'facts', entries: factsOf(decision) },
    ],
  };
}

const RANGE_WORDS =
  'The plausible range holds the true difference unless this sample is an unlucky one. The verdict follows from ' +
  'this range alone: not worse when all of it is better than what is allowed, better when all of it is above zero. ' +
  'Anything in between is “can’t tell”, which is neither yes nor no.';

function factsOf(decision: Decision): (readonly [string, Text])[] {
  const { rules, holdout, comparisons, looks, sameRecipe, rulesFrom, rulesDigest, candidate, baseline } = decision;
  const decisive = 'comparison' in decision.because ? comparisons[decision.because.comparison] : undefined;
  const shown = decisive ?? comparisons.find(({ interval }) => interval !== undefined);
  const excluded = Object.entries(holdout.excluded).filter(([, rows]) => rows > 0);
  const entries: (readonly [string, Text] | undefined)[] = [
    ['asked', askedWords(decision)],
    decisive === undefined ? undefined : ['decided by', [...comparisonSubject(decisive), ': ', reasonWords(decisive)]],
    ['independent units', unitWords(decision)],
    shown?.interval === undefined ? undefined : ['method', [methodWords(shown, decision)]],
    slicesMethod(decision),
    looks === undefined
      ? undefined
      : [
          'looks',
          [`${looks.used} of ${looks.budget} at the sealed half; each at ${formatLevel(rules.alpha / looks.budget)}`],
        ],
    ['recipe', [sameRecipe ? 'the same as the baseline’s, on other data' : 'changed']],
    excluded.length === 0
      ? undefined
      : [
          'rows left out',
          joined(
            excluded.map(([reason, rows]) => [`${formatCount(rows)} (${reason.replaceAll('-', ' ')})`]),
            ', ',
          ),
        ],
    holdout.positives === undefined
      ? undefined
      : ['positives', [`${formatCount(holdout.positives)} of ${counted(holdout.rows, 'row')}`]],
    ['holdout', [code(holdout.dataset), ' ', code(shortDigest(holdout.digest))]],
    ['rules', [code(shortDigest(rulesDigest)), ...(rulesFrom === undefined ? [] : [' of ', code(rulesFrom)])]],
    ['predictions', [code(shortDigest(candidate.predictions)), ' against ', code(shortDigest(baseline.predictions))]],
  ];
  return entries.filter((entry) => entry !== undefined);
}

function askedWords({ rules, sameRecipe, baseline }: Decision): Text {
  const primary = metricWords(rules.primary);
  if (baseline.kind === 'constant') return [`first version: ${primary} better than always giving the same answer`];
  const requirement = rules.require ?? (sameRecipe ? 'not-worse' : 'better');
  const guardrails = rules.guardrails.map(metricWords);
  const others = guardrails.length === 0 ? '' : `; ${guardrails.join(', ')} not worse`;
  return [`${primary} ${requirement === 'better' ? 'better' : 'not worse'}${others}`];
}

function reasonWords(comparison: Comparison): string {
  const words = differenceWords(comparison);
  if (words.range === undefined) return comparison.reason?.replaceAll('-', ' ') ?? 'no range';
  const half = comparison.requirement === 'better' ? `; a no when a gain of half of ${words.margin} is ruled out` : '';
  return `${words.range} (${words.allowed}${half})`;
}

function unitWords({ holdout }: Decision): Text {
  switch (holdout.clusterUnit) {
    case 'day':
      return [`${clustersWords(holdout.clusters, holdout)}: rows of one day move together`];
    case 'block':
      return [
        `${clustersWords(holdout.clusters, holdout)} of ${counted(holdout.blockDays ?? 1, 'day')}: days in a row move together`,
      ];
    case 'group':
      return [`${clustersWords(holdout.clusters, holdout)}`, ...groupWords(holdout.clusterColumn)];
    case 'row':
      return ['rows: no day or group is known'];
  }
}

function groupWords(column: string | undefined): Text {
  return column === undefined
    ? [' of rows that move together']
    : [' of one ', code(column), ': their rows move together'];
}

/** Slices are held to a level of their own, for many of them are looked at. */
function slicesMethod({ comparisons }: Decision): readonly [string, Text] | undefined {
  if (!comparisons.some(({ role, interval }) => role === 'slice' && interval !== undefined)) return undefined;
  return ['slices', ['blocked only by harm beyond twice the margin, Holm’s correction over the slices']];
}

/** The first characters of a digest, enough to tell two apart by eye. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}
