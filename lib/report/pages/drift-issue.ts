import type { DriftReport } from '../../drift/drift-report.ts';
import type { Block } from '../blocks/block.ts';
import { driftBlocks, driftNext, driftVerdict } from '../blocks/drift-blocks.ts';
import { code, link, plainText } from '../blocks/span.ts';
import { toMarkdown } from '../formats/markdown.ts';
import { visibleText } from '../formats/visible-text.ts';
import { formatDays } from '../words/date-format.ts';
import { driftSentenceOf } from '../words/drift-sentence.ts';
import type { ReportLinks } from '../words/footer-words.ts';
import { type Section, shed } from './shed.ts';

/** Characters of an issue's body, below the forge's 65,536 by the room for its marker. */
const BODY_CHARACTERS = 65_000;

/** Characters of an issue's title, below GitHub's 256. */
const TITLE_CHARACTERS = 200;

export interface IssueText {
  readonly title: string;
  readonly body: string;
}

/** The one issue of a model's drift: its verdict first, what to do last, and that it closes itself. */
export function driftIssue(report: DriftReport, links: ReportLinks = {}): IssueText {
  const { lead } = driftSentenceOf(report);
  const sections: Section[] = [
    { rank: 0, text: toMarkdown([driftVerdict(report)]) },
    { rank: 1, text: toMarkdown(driftBlocks(report)), name: 'the columns' },
    { rank: 0, text: toMarkdown([driftNext(report), footer(report, links)]) },
  ];
  return {
    title: visibleText(
      `Drift of ${report.model} (${report.stage}): ${lead.charAt(0).toLowerCase()}${lead.slice(1)}`,
      TITLE_CHARACTERS,
    ),
    body: shed(sections, BODY_CHARACTERS, toMarkdown([driftNext(report)])),
  };
}

/** What the issue is closed with when the drift is gone. */
export function driftClosing(report: DriftReport, links: ReportLinks = {}): string {
  const { from, to } = report.current;
  return toMarkdown([
    {
      kind: 'verdict',
      verdict: report.verdict,
      subject: report.model,
      lead: 'No drift that matters any more',
      text: [`${formatDays(from, to)} looks like what `, code(report.version), ' was registered with. Closing this.'],
    },
    ...(links.run === undefined
      ? []
      : [{ kind: 'paragraph' as const, tone: 'muted' as const, text: [link('run and summary', links.run)] }]),
  ]);
}

function footer({ current }: DriftReport, links: ReportLinks): Block {
  return {
    kind: 'paragraph',
    tone: 'muted',
    text: [
      `Checked up to ${plainText([current.to])}. This issue is updated by every check and closes itself when the drift is gone.`,
      ...(links.report === undefined ? [] : [' · ', link('full report', links.report)]),
      ...(links.run === undefined ? [] : [' · ', link('run and summary', links.run)]),
    ],
  };
}
