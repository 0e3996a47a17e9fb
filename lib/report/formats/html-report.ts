import { createHash } from 'node:crypto';
import type { DriftReport } from '../../drift/drift-report.ts';
import type { Decision } from '../../gate/decision.ts';
import type { Blocks } from '../blocks/block.ts';
import { type DecisionExtras, decisionBlocks } from '../blocks/decision-blocks.ts';
import { driftBlocks, driftNext, driftVerdict } from '../blocks/drift-blocks.ts';
import type { Text } from '../blocks/span.ts';
import type { Evaluation } from '../evaluation.ts';
import { type EvaluationExtras, evaluationBlocks } from '../pages/job-summary.ts';
import type { ReportLinks } from '../words/footer-words.ts';
import { inlineHtml, titleHtml, toHtml } from './html-blocks.ts';
import { HTML_STYLE } from './html-style.ts';

/**
 * One self-contained page: no script, no address that is loaded, and a content security policy that would refuse both
 * even if something got past the escapes. It can be opened from a disk, mailed, printed.
 */
export function htmlPage(title: Text, subtitle: Text, blocks: Blocks): string {
  const hash = createHash('sha256').update(HTML_STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return `${[
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${titleHtml(title)}</title>`,
    `<style>${HTML_STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<header><h1>${inlineHtml(title)}</h1>${subtitle.length === 0 ? '' : `<p>${inlineHtml(subtitle)}</p>`}</header>`,
    toHtml(blocks),
    '</main>',
    '</body>',
    '</html>',
  ].join('\n')}\n`;
}

/** The HTML report of an evaluation: everything the job summary has. */
export function evaluationHtml(evaluation: Evaluation, links: ReportLinks = {}, extras: EvaluationExtras = {}): string {
  const models = evaluation.decisions.map(({ model }) => model);
  const title: Text = ['Evaluation', ...(models.length === 1 && models[0] !== undefined ? [` of ${models[0]}`] : [])];
  return htmlPage(title, [`Commit ${evaluation.commit.slice(0, 12)}`], evaluationBlocks(evaluation, links, extras));
}

/** The HTML report of one decision, as `compare` and `promote` write it. */
export function decisionHtml(decision: Decision, extras: DecisionExtras = {}): string {
  const { candidate, baseline } = decision;
  const against = baseline.kind === 'constant' ? 'a constant answer' : baseline.label;
  return htmlPage(
    [`Comparison of ${decision.model}`],
    [`${candidate.label} against ${against}`],
    decisionBlocks(decision, extras),
  );
}

/** The HTML report of a drift check. */
export function driftHtml(report: DriftReport): string {
  const { model, stage, version } = report;
  const blocks = [driftVerdict(report), driftNext(report), ...driftBlocks(report)];
  return htmlPage([`Drift of ${model}`], [`${version} in ${stage}`], blocks);
}
