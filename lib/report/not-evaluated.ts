import type { Blocks } from './blocks/block.ts';
import { code, link } from './blocks/span.ts';
import { toMarkdown } from './formats/markdown.ts';
import { visibleText } from './formats/visible-text.ts';
import { type CheckReport, EVALUATION_CHECK, PROMOTABLE_CHECK } from './pages/check-runs.ts';
import type { ReportLinks } from './words/footer-words.ts';

/** Why there is no evaluation, and what to do: an error as the catalogue has it. Its texts may quote anybody's. */
export interface NotEvaluated {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** Characters of a check's title; the forge's list of checks shows about so many. */
const TITLE_CHARACTERS = 200;

/** The comment of a pull request of which nothing was evaluated: says so, and that this is no pass (design §8). */
export function notEvaluatedComment(why: NotEvaluated, links: ReportLinks = {}): string {
  return toMarkdown([
    {
      kind: 'verdict',
      verdict: 'error',
      lead: 'Not evaluated',
      text: [why.message, '. (', code(why.code), ') Nothing was compared with production: that is not a pass.'],
    },
    { kind: 'next', text: [why.fix] },
    ...linkLine(links),
  ]);
}

/** Both checks, red: one that is missing, or still green from an earlier look, could be taken for a pass. */
export function notEvaluatedChecks(why: NotEvaluated, links: ReportLinks = {}): CheckReport[] {
  return [EVALUATION_CHECK, PROMOTABLE_CHECK].map((name) => ({
    name,
    conclusion: 'failure',
    title: visibleText(`Not evaluated: ${why.message}`, TITLE_CHARACTERS),
    summary: notEvaluatedComment(why, links),
    annotations: [],
  }));
}

function linkLine({ run }: ReportLinks): Blocks {
  return run === undefined ? [] : [{ kind: 'paragraph', tone: 'muted', text: [link('run and summary', run)] }];
}
