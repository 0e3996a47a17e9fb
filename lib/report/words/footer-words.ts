import { shortDigest } from '../blocks/how-decided.ts';
import { code, codeLink, link, type Span, type Text } from '../blocks/span.ts';
import type { Evaluation } from '../evaluation.ts';

/** Addresses that a report points at; each is left out when it is not known. */
export interface ReportLinks {
  /** The workflow run, whose summary has everything. */
  readonly run?: string;
  /** The self-contained HTML report. */
  readonly report?: string;
  /** The commit on the forge. */
  readonly commit?: string;
}

/** The last line of a page: what was evaluated, where there is more, and that this place is updated. */
export function footerWords(evaluation: Evaluation, links: ReportLinks, inPlace: boolean): Text {
  const { commit, decisions } = evaluation;
  const short = commit.slice(0, 8);
  const holdouts = [...new Set(decisions.map(({ holdout }) => shortDigest(holdout.digest)))];
  const parts: Span[][] = [
    ['Commit ', links.commit === undefined ? code(short) : codeLink(short, links.commit)],
    ...(holdouts.length === 1 && holdouts[0] !== undefined ? [['holdout ', code(holdouts[0])]] : []),
    ...(links.report === undefined ? [] : [[link('full report', links.report)]]),
    ...(links.run === undefined ? [] : [[link('run and summary', links.run)]]),
    ...(inPlace ? [['updated in place on every push']] : []),
  ];
  return parts.flatMap((part, index) => (index === 0 ? part : [' · ', ...part]));
}
