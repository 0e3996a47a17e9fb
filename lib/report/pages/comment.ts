import type { Decision } from '../../gate/decision.ts';
import type { Blocks } from '../blocks/block.ts';
import {
  figureBlocks,
  metricBlocks,
  nextBlock,
  sliceBlocks,
  verdictBlock,
  warningBlocks,
} from '../blocks/decision-blocks.ts';
import { evidenceBlocks, evidenceOf } from '../blocks/evidence-blocks.ts';
import { howDecidedBlock } from '../blocks/how-decided.ts';
import { repeatFold } from '../blocks/repeat-fold.ts';
import { runFolds } from '../blocks/run-blocks.ts';
import { code, type Text } from '../blocks/span.ts';
import { validationFold } from '../blocks/validation-blocks.ts';
import type { Evaluation } from '../evaluation.ts';
import { explainFold } from '../explain.ts';
import { toMarkdown } from '../formats/markdown.ts';
import { overallBlocks } from '../overall.ts';
import { footerWords, type ReportLinks } from '../words/footer-words.ts';
import { sentenceOf } from '../words/verdict-sentence.ts';
import { type Section, shed } from './shed.ts';

/** Characters of a comment, below the forge's 65,536 by the room for its marker. */
export const COMMENT_CHARACTERS = 65_000;

export interface CommentOptions {
  readonly links?: ReportLinks;
  /** A command that repeats the evaluation on a laptop. */
  readonly repeat?: string;
  /** The whole reasoning of every decision, folded. */
  readonly explain?: boolean | undefined;
  readonly limit?: number;
}

/** What goes first when the comment is too long: rank by rank, from the highest. */
const RANK = {
  always: 0,
  table: 1,
  next: 0,
  figure: 2,
  how: 3,
  data: 4,
  slices: 5,
  evidence: 6,
  other: 7,
  run: 8,
} as const;

/** Slices that a comment lists: nobody reads more of them there. */
const MOST_SLICES = 30;

/**
 * The one comment of a pull request: the verdict first, its numbers, `Next:` last; everything else folded. Ends within
 * the forge's limit whatever comes in. The hidden marker is the forge's own first line and is never shed.
 */
export function pullRequestComment(evaluation: Evaluation, options: CommentOptions = {}): string {
  const { links = {}, repeat, explain = false, limit = COMMENT_CHARACTERS } = options;
  const { decisions, validations, branchDecisions = [], notes } = evaluation;
  const several = decisions.length > 1;
  const sections: Section[] = [
    ...section(RANK.always, overallBlocks(evaluation)),
    ...decisions.flatMap((decision) => decisionSections(decision, evaluation, { several, explain })),
    ...branchDecisions.flatMap((decision) => branchSections(decision)),
    ...notes.flatMap((note) => section(RANK.other, [{ kind: 'paragraph', text: [note] }], 'notes')),
    ...section(RANK.data, validationFold(validations), 'the data checks'),
    ...(several
      ? []
      : evaluation.decisions.flatMap(({ model }) => section(RANK.run, runFolds(evaluation.runs, model), 'the run'))),
    ...section(RANK.other, repeatFold(repeat), 'the command'),
    ...section(RANK.always, [{ kind: 'paragraph', tone: 'muted', text: footerWords(evaluation, links, true) }]),
  ];
  return shed(sections, limit, shortComment(evaluation));
}

function section(rank: number, blocks: Blocks, name?: string): Section[] {
  if (blocks.length === 0) return [];
  return [{ text: toMarkdown(blocks), rank, ...(name === undefined ? {} : { name }) }];
}

function decisionSections(
  decision: Decision,
  evaluation: Evaluation,
  { several, explain }: { readonly several: boolean; readonly explain: boolean },
): Section[] {
  return [
    ...section(RANK.always, [verdictBlock(decision)]),
    ...section(RANK.always, warningBlocks(decision).slice(0, 3)),
    ...section(RANK.table, metricBlocks(decision), 'the metrics'),
    ...section(RANK.figure, figureBlocks(decision), 'the figure'),
    ...section(RANK.next, [nextBlock(decision)]),
    ...section(RANK.slices, sliceBlocks(decision, MOST_SLICES), 'the slices'),
    ...section(RANK.evidence, evidenceBlocks(decision, evidenceOf(decision, evaluation)), 'the predictions'),
    ...section(RANK.how, [howDecidedBlock(decision)], 'how it was decided'),
    ...(explain ? section(RANK.other, explainFold(decision), 'the reasoning') : []),
    ...(several ? section(RANK.run, runFolds(evaluation.runs, decision.model), 'the runs') : []),
  ];
}

/** The answer by the pull request's own rules, when it changes them: shown, and said not to count (design §5). */
function branchSections(decision: Decision): Section[] {
  const { lead, finding } = sentenceOf(decision);
  const text: Text = [
    'By the rules that this pull request proposes for ',
    code(decision.model),
    ` the answer would be “${lead}”: `,
    ...finding,
    ' That counts once the rules are merged.',
  ];
  return section(
    RANK.other,
    [
      { kind: 'paragraph', text },
      {
        kind: 'fold',
        title: ['The numbers by the proposed rules'],
        blocks: [...metricBlocks(decision), howDecidedBlock(decision)],
      },
    ],
    'the answer by the proposed rules',
  );
}

/** One line a model and nothing else: for an evaluation whose verdicts alone do not fit. */
function shortComment({ decisions }: Evaluation): string {
  const count = (verdict: Decision['verdict']): number => decisions.filter((one) => one.verdict === verdict).length;
  return toMarkdown([
    {
      kind: 'paragraph',
      text: [
        `Of ${decisions.length} models ${count('pass')} pass, ${count('fail')} fail and ${count('inconclusive')} cannot be told. ` +
          'The rest is in the job summary: it is too long for a comment.',
      ],
    },
  ]);
}
