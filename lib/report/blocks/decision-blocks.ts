import type { Comparison, Decision } from '../../gate/decision.ts';
import type { Evidence } from '../../gate/evidence/evidence.ts';
import { explainBlocks } from '../explain.ts';
import { intervalRowOf } from '../figures/interval-figure.ts';
import { clustersWords } from '../words/cluster-words.ts';
import { formatSpan } from '../words/date-format.ts';
import { counted, formatCount } from '../words/number-format.ts';
import { oldRecipeBlocks } from '../words/old-recipe-words.ts';
import { sentenceOf } from '../words/verdict-sentence.ts';
import type { Block, Blocks } from './block.ts';
import { comparisonColumns, comparisonRows, sliceColumns, sliceRows } from './comparison-table.ts';
import { evidenceBlocks } from './evidence-blocks.ts';
import { howDecidedBlock } from './how-decided.ts';
import { repeatFold } from './repeat-fold.ts';
import { code, type Text } from './span.ts';

/** The verdict as the first thing of a page: what it comes to, why, what is missing, what stays. */
export function verdictBlock(decision: Decision): Block {
  const { lead, finding, needs, stays } = sentenceOf(decision);
  const parts = [finding, needs, stays].filter((part) => part.length > 0);
  const text = parts.flatMap((part, index) => (index === 0 ? [...part] : [' ', ...part]));
  return { kind: 'verdict', verdict: decision.verdict, subject: decision.model, lead, text };
}

/** What a page may have beside the decision itself. */
export interface DecisionExtras {
  readonly evidence?: Evidence | undefined;
  /** The command that repeats it. */
  readonly repeat?: string | undefined;
  /** The whole reasoning, comparison by comparison. */
  readonly explain?: boolean | undefined;
}

/** All there is to say about one decision, in reading order. */
export function decisionBlocks(decision: Decision, extras: DecisionExtras = {}): Blocks {
  return [
    verdictBlock(decision),
    ...warningBlocks(decision),
    ...metricBlocks(decision),
    ...figureBlocks(decision),
    nextBlock(decision),
    ...detailBlocks(decision, extras),
  ];
}

/** What stands below the numbers of a decision: slices, predictions, how it was decided, how to repeat it. */
export function detailBlocks(decision: Decision, { evidence, repeat, explain }: DecisionExtras): Blocks {
  return [
    ...sliceBlocks(decision),
    ...evidenceBlocks(decision, evidence),
    howDecidedBlock(decision),
    ...(explain === true ? explainBlocks(decision) : []),
    ...repeatFold(repeat),
  ];
}

/** The one thing to do next. */
export function nextBlock(decision: Decision): Block {
  return { kind: 'next', text: sentenceOf(decision).next };
}

/** The rules that have to hold, each with its numbers; slices are a table of their own. */
export function metricBlocks(decision: Decision): Blocks {
  const rows = decision.comparisons.filter((comparison) => !isSlice(comparison));
  if (rows.length === 0) return [evidenceBlock(decision)];
  return [
    { kind: 'table', columns: comparisonColumns(decision), rows: comparisonRows(rows) },
    evidenceBlock(decision),
    ...oldRecipeBlocks(decision),
  ];
}

/** The intervals as a figure, in steps of what is allowed. */
export function figureBlocks(decision: Decision): Blocks {
  const rows = decision.comparisons
    .filter((comparison) => !isSlice(comparison) && comparison.role !== 'floor')
    .flatMap((comparison) => intervalRowOf(comparison) ?? []);
  return rows.length === 0 ? [] : [{ kind: 'intervals', rows }];
}

/** Who was compared with whom, on what. */
function evidenceBlock(decision: Decision): Block {
  const { candidate, baseline, holdout, stage } = decision;
  const held = stage === undefined || baseline.kind !== 'version' ? [] : [' (', stage, ')'];
  const sides: Text =
    baseline.kind === 'constant'
      ? [code(candidate.label), ' against a model that always gives the same answer']
      : [code(candidate.label), ' against ', code(baseline.label), ...held];
  const when =
    holdout.from === undefined || holdout.to === undefined ? '' : `, ${formatSpan(holdout.from, holdout.to)}`;
  return {
    kind: 'paragraph',
    tone: 'muted',
    text: [
      ...sides,
      ', both on the same ',
      `${counted(holdout.rows, 'row')}${holdout.clusterUnit === 'row' ? '' : ` in ${clustersWords(holdout.clusters, holdout)}`}`,
      ...(holdout.clusterUnit === 'group' && holdout.clusterColumn !== undefined
        ? [' by ', code(holdout.clusterColumn)]
        : []),
      when,
      ` (${HALF_WORDS[holdout.half]}).`,
      ...(holdout.clusterUnit === 'row'
        ? [' Rows count as independent here, for no day or group is known: if they are not, the ranges are too narrow.']
        : []),
    ],
  };
}

const HALF_WORDS: Readonly<Record<Decision['holdout']['half'], string>> = {
  development: 'development half of the holdout: advice; a promotion asks again, against what holds the stage then',
  sealed: 'sealed half of the holdout',
  whole: 'whole holdout',
};

/** Warnings of the gate: what a reader must know before trusting the numbers. */
export function warningBlocks({ warnings }: Decision): Blocks {
  return warnings.map((warning): Block => ({ kind: 'paragraph', tone: 'warn', text: [warning] }));
}

/**
 * The slices, folded: those that failed first, then the worst.
 *
 * @param most lines of the table; all when left out
 */
export function sliceBlocks(decision: Decision, most = Number.POSITIVE_INFINITY): Blocks {
  const slices = decision.comparisons.filter(isSlice);
  if (slices.length === 0) return [];
  const failed = slices.filter(({ verdict }) => verdict === 'fail').length;
  const unjudged = slices.filter(({ interval }) => interval === undefined).length;
  const judged = slices.length - unjudged;
  const open = slices.filter(
    ({ role, verdict, interval }) => role === 'critical-slice' && verdict === 'inconclusive' && interval !== undefined,
  ).length;
  const harm =
    failed === 0
      ? `no harm shown in ${counted(judged, 'slice')}`
      : `harm shown in ${failed} of ${counted(judged, 'slice')}`;
  return [
    {
      kind: 'fold',
      title: [
        `Slices: ${harm}${open === 0 ? '' : `, ${open} critical ${open === 1 ? 'one' : 'ones'} not clear`}${unjudged === 0 ? '' : `, ${unjudged} too small to judge`}`,
      ],
      blocks: [
        { kind: 'table', columns: sliceColumns(decision), rows: sliceRows(slices, decision).slice(0, most) },
        ...(slices.length > most ? [moreSlices(slices.length - most)] : []),
        { kind: 'paragraph', tone: 'muted', text: [SLICE_WORDS] },
      ],
    },
  ];
}

function moreSlices(count: number): Block {
  return { kind: 'paragraph', text: [`${formatCount(count)} more are in the job summary and in the report.`] };
}

const SLICE_WORDS =
  'A slice blocks when it is shown to be worse by more than twice what is allowed for the whole; a critical one has to be ' +
  'shown not worse.';

export function isSlice({ role }: Comparison): boolean {
  return role === 'slice' || role === 'critical-slice';
}
