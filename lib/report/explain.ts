import type { Comparison, Decision } from '../gate/decision.ts';
import type { Block, Blocks } from './blocks/block.ts';
import { comparisonTitle } from './blocks/comparison-table.ts';
import type { Text } from './blocks/span.ts';
import { clustersWords } from './words/cluster-words.ts';
import { comparisonSubject, differenceWords } from './words/difference-words.ts';
import { methodAssumptions, methodWords } from './words/method-words.ts';
import { neededCondition, neededWords } from './words/needed-words.ts';
import { counted, formatLevel } from './words/number-format.ts';
import { sentenceOf } from './words/verdict-sentence.ts';
import { VERDICT_WORDS } from './words/verdict-words.ts';

/** Slices that are explained one by one: those that block or could; the rest are alike. */
const MOST_SLICES = 20;

/**
 * The whole reasoning of a decision in plain sentences: every comparison with what was asked, the range that was found,
 * why that gives this verdict, by which method, and what would change it.
 */
export function explainBlocks(decision: Decision): Blocks {
  const { comparisons } = decision;
  const rules = comparisons.filter(({ role }) => role !== 'slice');
  const slices = comparisons.filter(({ role }) => role === 'slice').sort((a, b) => badness(b) - badness(a));
  const told = slices.slice(0, MOST_SLICES);
  return [
    { kind: 'heading', text: ['The reasoning'] },
    { kind: 'paragraph', text: [questionWords(decision)] },
    ...[...rules, ...told].flatMap((comparison) => comparisonBlocks(comparison, decision)),
    ...(slices.length > told.length
      ? [
          {
            kind: 'paragraph',
            tone: 'muted',
            text: [`${counted(slices.length - told.length, 'more slice')} stood better and are not told one by one.`],
          } satisfies Block,
        ]
      : []),
    { kind: 'heading', text: ['So'] },
    { kind: 'paragraph', text: conclusionWords(decision) },
  ];
}

/** The same folded away, for a page that begins with the verdict; nothing where nothing was compared. */
export function explainFold(decision: Decision): Blocks {
  if (decision.comparisons.length === 0) return [];
  return [{ kind: 'fold', title: ['The whole reasoning'], blocks: explainBlocks(decision) }];
}

/** How near a slice is to blocking, in margins; one that cannot be judged comes last. */
function badness({ interval, margin, verdict }: Comparison): number {
  if (interval === undefined) return Number.NEGATIVE_INFINITY;
  return (verdict === 'fail' ? 1e6 : 0) - interval.upper / margin;
}

function questionWords({ holdout, looks, rules, candidate, baseline, sameRecipe }: Decision): string {
  const level = looks === undefined ? rules.alpha : rules.alpha / looks.budget;
  const against =
    baseline.kind === 'constant'
      ? 'There is no version to compare with yet: it has to be better than a model that always gives the same answer.'
      : rules.require !== undefined
        ? `The rules ask for "${rules.require === 'better' ? 'better' : 'not worse'}" whatever the recipe is.`
        : candidate.kind === 'predictions'
          ? 'Files of predictions say nothing of recipes: a candidate is asked to be better.'
          : sameRecipe
            ? 'Code, parameters and trainer are those of the baseline, on other data: it must not be worse.'
            : 'The recipe is another than that of the baseline: a change has to be worth it, so it must be better.';
  const budget =
    looks === undefined ? '' : ` ${looks.budget} looks share ${formatLevel(rules.alpha)}: this is one of them.`;
  return `${against} Each answer may be wrong ${formatLevel(level)} of the time in either direction, so each range holds ${formatLevel(1 - 2 * level)}.${budget} What counts as independent: ${clustersWords(holdout.clusters, holdout)}.`;
}

function comparisonBlocks(comparison: Comparison, decision: Decision): Blocks {
  const { interval } = comparison;
  const needed = neededWords(comparison, decision);
  const entries: (readonly [string, Text] | undefined)[] = [
    ['asked', [askedWords(comparison)]],
    ['found', foundWords(comparison, decision)],
    ['verdict', [`${VERDICT_WORDS[comparison.verdict].word}: ${whyWords(comparison)}`]],
    interval === undefined
      ? undefined
      : ['method', [methodWords(comparison, decision), comparison.role === 'slice' ? SLICE_LEVEL : '']],
    interval === undefined ? undefined : ['assumes', [methodAssumptions(interval.method, decision.holdout)]],
    needed === undefined
      ? undefined
      : ['would tell', [`${needed}, four times of five, ${neededCondition(comparison)}`]],
    ['would change it', [changeWords(comparison)]],
  ];
  return [
    {
      kind: 'heading',
      text: comparison.slice === undefined ? comparisonTitle(comparison) : comparisonSubject(comparison),
    },
    { kind: 'facts', entries: entries.filter((entry) => entry !== undefined) },
  ];
}

const SLICE_LEVEL = '; its level is Holm’s, for the more slices are looked at the likelier one looks bad by chance';

function askedWords(comparison: Comparison): string {
  const words = differenceWords(comparison);
  switch (comparison.requirement) {
    case 'better':
      return `better: all of the range above zero (a range that leaves out a gain of half of ${words.margin} is a no)`;
    case 'not-worse':
      return `not worse: all of the range above ${words.allowedLoss ?? words.margin} worse`;
    case 'no-harm':
      return `no harm shown: a no only if all of the range is below ${words.allowedLoss ?? words.margin} worse, twice the margin`;
    case 'above-floor':
      return `${words.allowed}: all of its own range`;
  }
}

function foundWords(comparison: Comparison, decision: Decision): Text {
  const { interval } = comparison;
  const words = differenceWords(comparison);
  const on = `on ${counted(comparison.rows, 'row')}${decision.holdout.clusterUnit === 'row' ? '' : ` in ${clustersWords(comparison.clusters, decision.holdout)}`}`;
  const values = [
    words.candidate === undefined ? undefined : `candidate ${words.candidate}`,
    words.baseline === undefined ? undefined : `baseline ${words.baseline}`,
  ].filter((part) => part !== undefined);
  if (interval === undefined || words.range === undefined)
    return [...(values.length === 0 ? [] : [`${values.join(', ')}; `]), `no range, ${on}`];
  return [`${values.join(', ')}; ${words.difference ?? ''}, plausible ${words.range}, ${on}`];
}

/** Where the range lies against what was asked: the only thing that decides. */
function whyWords(comparison: Comparison): string {
  const { verdict, requirement, interval, margin } = comparison;
  const words = differenceWords(comparison);
  if (interval === undefined)
    return `there is no range (${comparison.reason?.replaceAll('-', ' ') ?? 'no value'}), and nothing passes by not being known`;
  const { upper } = interval;
  switch (requirement) {
    case 'better':
      if (verdict === 'pass') return 'all of the range is above zero';
      if (verdict === 'fail')
        return upper < -margin
          ? 'all of the range is below what may be lost'
          : `the range leaves out a gain of half of ${words.margin}, the least that is worth a change`;
      return 'the range has zero in it, and gains that would be worth it too';
    case 'not-worse':
      if (verdict === 'pass') return `none of the range is ${words.allowedLoss ?? ''} worse or more`;
      if (verdict === 'fail') return `all of the range is more than ${words.allowedLoss ?? ''} worse`;
      return `the range has both what is allowed and what is not: ${words.allowedLoss ?? ''} worse lies inside`;
    case 'no-harm':
      return verdict === 'fail' ? 'all of the range is harm' : 'the range does not lie wholly in harm';
    case 'above-floor':
      if (verdict === 'pass') return 'all of the range holds it';
      return verdict === 'fail' ? 'none of the range holds it' : 'the limit lies inside of the range';
  }
}

function changeWords(comparison: Comparison): string {
  const { verdict, reason, requirement } = comparison;
  if (reason === 'identical') return 'other predictions: these are the same on both sides';
  if (comparison.interval === undefined) return REASON_CHANGES[reason ?? ''] ?? 'more labelled examples';
  if (verdict === 'inconclusive')
    return 'more examples of the same kind narrow the range (four times as many halve it); so does a wider margin, if so much may be lost';
  if (verdict === 'fail')
    return requirement === 'above-floor'
      ? 'a model that clears the limit'
      : 'another model; more examples of the same kind make a no only surer';
  return 'examples on which the candidate does worse than on these';
}

const REASON_CHANGES: Readonly<Record<string, string>> = {
  'one-class': 'labelled examples of both classes',
  'too-few-rows': 'more labelled rows of this slice',
  'too-few-of-a-class': 'more labelled rows of the rarer class',
  'too-few-clusters': 'more days, or groups, of labelled examples',
  'rests-on-one-cluster': 'the rarer class in more than one day or group',
};

function conclusionWords(decision: Decision): Text {
  const { comparisons, because } = decision;
  const { lead, finding, needs, stays, next } = sentenceOf(decision);
  const count = (verdict: Comparison['verdict']): number =>
    comparisons.filter((one) => one.verdict === verdict && (verdict !== 'inconclusive' || one.role !== 'slice')).length;
  const rule =
    'comparison' in because
      ? `${count('pass')} pass, ${count('fail')} fail, ${count('inconclusive')} unclear: a no of any decides, else what is unclear and has to hold. `
      : '';
  return [rule, `${lead}: `, ...finding, ...spaced(needs), ...spaced(stays), ' Next: ', ...next];
}

function spaced(text: Text): Text {
  return text.length === 0 ? [] : [' ', ...text];
}
