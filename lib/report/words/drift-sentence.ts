import type { DriftReport, DriftResult, RealisedLoss } from '../../drift/drift-report.ts';
import type { Verdict } from '../../verdict.ts';
import { code, listed, plainText, type Text } from '../blocks/span.ts';
import { formatDays } from './date-format.ts';
import { happenedWords } from './drift-words.ts';
import { metricWords } from './metric-words.ts';
import { counted, decimalsOfInterval, formatNumber } from './number-format.ts';

/** Columns that a sentence names; more are counted. */
const MOST_NAMED = 3;

/** A drift verdict in words, in the parts that a page sets apart. */
export interface DriftSentence {
  readonly lead: string;
  readonly finding: Text;
  /** Without `Next:`. */
  readonly next: Text;
}

/** Puts a drift report into words: realised loss before broken data before what only moved (design §5). */
export function driftSentenceOf(report: DriftReport): DriftSentence {
  return { lead: leadOf(report), finding: [...findingOf(report), '.'], next: nextOf(report) };
}

/** The whole sentence on one line, `Next:` last. */
export function driftSentence(report: DriftReport): string {
  const { lead, finding, next } = driftSentenceOf(report);
  return plainText([`${lead}: `, ...finding, ' Next: ', ...next]);
}

/** As {@link driftSentence}, up to what was found. */
export function driftTitle(report: DriftReport): string {
  const { lead, finding } = driftSentenceOf(report);
  return plainText([`${lead}: `, ...finding]).replace(/\.$/, '');
}

function lossIsWorse({ loss }: DriftReport): boolean {
  return loss?.verdict === 'fail';
}

/** Results that a verdict rests on, the worst first. */
export function notable({ results }: DriftReport, verdict: Verdict): DriftResult[] {
  return results.filter((result) => result.verdict === verdict).sort((a, b) => severity(b) - severity(a));
}

/** How far beyond its warning line a result is: makes a distance and a share comparable. */
function severity({ lower, warnAt }: DriftResult): number {
  return warnAt > 0 ? lower / warnAt : lower;
}

function leadOf(report: DriftReport): string {
  if (lossIsWorse(report)) return 'The model got worse';
  switch (report.verdict) {
    case 'fail':
      return notable(report, 'fail').every(
        ({ quantity, reason }) => quantity === 'distance' && reason.startsWith('drifted'),
      )
        ? 'Data has drifted'
        : 'Data is broken';
    case 'warn':
      return 'Data has moved';
    case 'inconclusive':
      return "Can't tell yet";
    case 'pass':
      return 'No drift that matters';
    case 'skipped':
      return 'Drift was not checked';
    case 'error':
      return 'Drift could not be checked';
  }
}

function findingOf(report: DriftReport): Text {
  const { loss, verdict, current } = report;
  if (loss !== undefined && lossIsWorse(report)) return lossFinding(loss);
  if (verdict === 'fail' || verdict === 'warn') {
    const results = notable(report, verdict);
    const named = results
      .slice(0, MOST_NAMED)
      .map((result): Text => [code(result.column), ` ${happenedWords(result)}`]);
    const more = results.length - named.length;
    if (named.length > 0) return more > 0 ? [...listedWithMore(named, more)] : listed(named);
  }
  const columns = new Set(report.results.map(({ column }) => column)).size;
  const watched = `${counted(columns, 'column')} of ${counted(current.rows, 'row')}, ${formatDays(current.from, current.to)}`;
  if (verdict !== 'inconclusive') return [watched];
  const needed = Math.max(0, ...report.results.map(({ neededDays = 0 }) => neededDays));
  return [`${watched}${needed > current.days ? `; needs ${counted(needed, 'day')}, has ${current.days}` : ''}`];
}

function listedWithMore(named: readonly Text[], more: number): Text {
  return listed([...named, [`${more} more`]]);
}

/** `log loss rose by 0.031 (plausible 0.018 to 0.044) since it was registered; 0.010 is allowed`. */
function lossFinding(loss: RealisedLoss): Text {
  const decimals = decimalsOfInterval(loss, loss.margin, [0, loss.margin]);
  const number = (value: number): string => formatNumber(value, decimals);
  return [
    `${metricWords(loss.metric)} is ${number(loss.current - loss.reference)} worse than when it was registered ` +
      `(plausible ${number(loss.lower)} to ${number(loss.upper)}); ${number(loss.margin)} is allowed`,
  ];
}

function nextOf(report: DriftReport): Text {
  if (report.retrain.proposed) return ['retrain on newer data; a pull request proposes it.'];
  if (lossIsWorse(report)) return ['look at the newest predictions; retraining is not proposed yet.'];
  switch (report.verdict) {
    case 'fail': {
      const [worst] = notable(report, 'fail');
      return worst === undefined ? ['look at the report.'] : ['look at where ', code(worst.column), ' comes from.'];
    }
    case 'warn':
      return ['watch whether the model still does its work; nothing has to be done for the data alone.'];
    case 'inconclusive':
      return ['wait for more data.'];
    case 'error':
      return ['mend what the warnings name.'];
    case 'pass':
    case 'skipped':
      return ['nothing to do.'];
  }
}
