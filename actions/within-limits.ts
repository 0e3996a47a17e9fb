import type { Blocks } from '../lib/report/blocks/block.ts';
import { toMarkdown } from '../lib/report/formats/markdown.ts';
import { SUMMARY_CHARACTERS } from '../lib/report/pages/job-summary.ts';

/**
 * Characters of one output: a job's outputs may have 1 MB together, counted in UTF-16, and one of them is not the only
 * one. Source: GitHub Docs, "Passing information between jobs".
 */
export const OUTPUT_CHARACTERS = 400_000;

/** A document as a step's output; empty when it is too large for one, and then only the file has it. */
export function resultOutput(document: unknown): string {
  const text = JSON.stringify(document);
  return text.length > OUTPUT_CHARACTERS ? '' : text;
}

/** Blocks as a job summary; the last ones are left out where the runner would refuse the whole. */
export function summaryText(blocks: Blocks): string {
  for (let kept = blocks.length; kept > 0; ) {
    const text = toMarkdown(kept < blocks.length ? [...blocks.slice(0, kept), LEFT_OUT] : blocks);
    if (text.length <= SUMMARY_CHARACTERS) return text;
    kept = Math.min(kept - 1, Math.floor((kept * SUMMARY_CHARACTERS) / text.length));
  }
  return '';
}

const LEFT_OUT: Blocks[number] = {
  kind: 'paragraph',
  tone: 'muted',
  text: ['The rest is too long for a job summary; the report has it.'],
};
