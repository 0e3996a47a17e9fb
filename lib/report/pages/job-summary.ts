import type { DriftReport } from '../../drift/drift-report.ts';
import type { Block, Blocks } from '../blocks/block.ts';
import {
  figureBlocks,
  metricBlocks,
  nextBlock,
  sliceBlocks,
  verdictBlock,
  warningBlocks,
} from '../blocks/decision-blocks.ts';
import { driftBlocks, driftNext, driftVerdict } from '../blocks/drift-blocks.ts';
import { evidenceBlocks, evidenceOf } from '../blocks/evidence-blocks.ts';
import { howDecidedBlock } from '../blocks/how-decided.ts';
import { repeatFold } from '../blocks/repeat-fold.ts';
import { runFolds } from '../blocks/run-blocks.ts';
import { validationBlocks, validationSentence } from '../blocks/validation-blocks.ts';
import type { Evaluation } from '../evaluation.ts';
import { explainFold } from '../explain.ts';
import { toMarkdown } from '../formats/markdown.ts';
import { overallBlocks } from '../overall.ts';
import { footerWords, type ReportLinks } from '../words/footer-words.ts';
import { type Section, shed } from './shed.ts';

/**
 * Characters of a job summary. The runner's limit is 1 MiB of UTF-8 and it drops the whole file above it; a character
 * of ours has three bytes at most, so this is safe whatever the text. Source: actions/runner, FileCommandManager.
 */
export const SUMMARY_CHARACTERS = 340_000;

/** Everything there is to say about an evaluation, as blocks: for the job summary and the HTML report. */
export function evaluationBlocks(
  evaluation: Evaluation,
  links: ReportLinks = {},
  { repeat, explain = false }: EvaluationExtras = {},
): Blocks {
  return evaluationParts(evaluation, links, { repeat, explain }).flatMap(({ blocks }) => blocks);
}

/** What a page may tell beside an evaluation itself. */
export interface EvaluationExtras {
  /** The command that repeats it. */
  readonly repeat?: string | undefined;
  /** The whole reasoning of every decision. */
  readonly explain?: boolean | undefined;
}

interface Part {
  readonly rank: number;
  readonly name?: string;
  readonly blocks: Blocks;
}

function evaluationParts(
  evaluation: Evaluation,
  links: ReportLinks,
  { repeat, explain = false }: EvaluationExtras,
): Part[] {
  const { decisions, branchDecisions = [], validations, runs, notes } = evaluation;
  const lone = runs.filter(({ model }) => !decisions.some((decision) => decision.model === model));
  return [
    { rank: 0, blocks: overallBlocks(evaluation) },
    ...decisions.flatMap((decision): Part[] => [
      { rank: 0, blocks: [verdictBlock(decision), ...warningBlocks(decision)] },
      { rank: 1, name: 'metrics', blocks: [...metricBlocks(decision), ...figureBlocks(decision)] },
      { rank: 0, blocks: [nextBlock(decision)] },
      { rank: 3, name: 'slices', blocks: sliceBlocks(decision) },
      { rank: 4, name: 'predictions', blocks: evidenceBlocks(decision, evidenceOf(decision, evaluation)) },
      { rank: 2, name: 'how it was decided', blocks: [howDecidedBlock(decision)] },
      { rank: 5, name: 'the reasoning', blocks: explain ? explainFold(decision) : [] },
      { rank: 4, name: 'runs', blocks: runFolds(runs, decision.model) },
    ]),
    ...branchDecisions.map(
      (decision): Part => ({ rank: 3, name: 'the answer by the proposed rules', blocks: branchBlocks(decision) }),
    ),
    ...(notes.length === 0
      ? []
      : [{ rank: 4, name: 'notes', blocks: [{ kind: 'list', items: notes.map((note) => [note]) } satisfies Block] }]),
    ...validations.map(
      (validation): Part => ({
        rank: 2,
        name: 'data checks',
        blocks: [
          { kind: 'heading', text: [`Data: ${validation.dataset}`] },
          ...(validation.verdict === 'pass' && decisions.length > 0
            ? [{ kind: 'paragraph', text: validationSentence(validation) } satisfies Block]
            : []),
          ...validationBlocks(validation),
        ],
      }),
    ),
    { rank: 4, name: 'the command', blocks: repeatFold(repeat) },
    { rank: 4, name: 'runs', blocks: lone.flatMap(({ model }) => runFolds(lone, model)) },
    { rank: 0, blocks: [{ kind: 'paragraph', tone: 'muted', text: footerWords(evaluation, links, false) }] },
  ];
}

function branchBlocks(decision: Evaluation['decisions'][number]): Blocks {
  return [
    { kind: 'heading', text: ['By the rules that this pull request proposes (they do not count yet)'] },
    verdictBlock(decision),
    ...metricBlocks(decision),
    howDecidedBlock(decision),
  ];
}

/** The job summary of an evaluation: all of it, within the runner's limit. */
export function evaluationSummary(
  evaluation: Evaluation,
  links: ReportLinks = {},
  limit = SUMMARY_CHARACTERS,
  repeat?: string,
): string {
  const sections = evaluationParts(evaluation, links, { repeat })
    .filter(({ blocks }) => blocks.length > 0)
    .map(
      ({ rank, name, blocks }): Section => ({
        rank,
        ...(name === undefined ? {} : { name }),
        text: toMarkdown(blocks),
      }),
    );
  return shed(sections, limit, 'The summary is too long to be shown; the JSON document has all of it.');
}

/** The job summary of a drift check. */
export function driftSummary(report: DriftReport, limit = SUMMARY_CHARACTERS): string {
  const sections: Section[] = [
    { rank: 0, text: toMarkdown([driftVerdict(report)]) },
    { rank: 1, text: toMarkdown(driftBlocks(report)), name: 'the columns' },
    { rank: 0, text: toMarkdown([driftNext(report)]) },
  ];
  return shed(sections, limit, 'The summary is too long to be shown; the JSON document has all of it.');
}
