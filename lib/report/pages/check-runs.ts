import type { CheckResult, Validation } from '../../checks/validation.ts';
import { worstVerdict } from '../../verdict.ts';
import { plainText } from '../blocks/span.ts';
import { validationSentence } from '../blocks/validation-blocks.ts';
import type { Evaluation } from '../evaluation.ts';
import { visibleText } from '../formats/visible-text.ts';
import { overallVerdict } from '../overall.ts';
import type { ReportLinks } from '../words/footer-words.ts';
import { verdictTitle } from '../words/verdict-sentence.ts';
import { evaluationSummary } from './job-summary.ts';

/** Names of the two checks (design §8). Branch protection is set up with these: they never change. */
export const EVALUATION_CHECK = 'evaluation';
export const PROMOTABLE_CHECK = 'promotable';

/** Characters of a check's title; the forge's list of checks shows about so many. */
const TITLE_CHARACTERS = 200;

/** Characters of a check's summary, below GitHub's 65,535. */
const SUMMARY_CHARACTERS = 65_000;

/** Annotations of one check; more than anybody reads. */
const MOST_ANNOTATIONS = 100;

/** A line of a file that a check is about; the same as the forge's annotation. */
export interface CheckAnnotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: 'notice' | 'warning' | 'failure';
  readonly title: string;
  readonly message: string;
}

/** A check run but for the commit it belongs to. */
export interface CheckReport {
  readonly name: string;
  readonly conclusion: 'success' | 'failure' | 'neutral';
  readonly title: string;
  readonly summary: string;
  readonly annotations: readonly CheckAnnotation[];
}

/** *evaluation*: red when something is shown wrong, grey when it cannot be told, green otherwise. */
export function evaluationCheck(evaluation: Evaluation, links: ReportLinks = {}): CheckReport {
  const verdict = overallVerdict(evaluation);
  const conclusion =
    verdict === 'fail' || verdict === 'error' ? 'failure' : verdict === 'inconclusive' ? 'neutral' : 'success';
  return {
    name: EVALUATION_CHECK,
    conclusion,
    title: title(evaluation),
    summary: evaluationSummary(evaluation, links, SUMMARY_CHARACTERS),
    annotations: annotationsOf(evaluation),
  };
}

/** *promotable*: green only when every model passes and nothing failed; "can't tell" is not a yes. */
export function promotableCheck(evaluation: Evaluation, links: ReportLinks = {}): CheckReport {
  const models = worstVerdict(evaluation.decisions.map(({ verdict }) => verdict));
  const overall = overallVerdict(evaluation);
  const promotable = models === 'pass' && (overall === 'pass' || overall === 'warn');
  return {
    name: PROMOTABLE_CHECK,
    conclusion: promotable ? 'success' : 'failure',
    title: title(evaluation),
    summary: evaluationSummary(evaluation, links, SUMMARY_CHARACTERS),
    annotations: [],
  };
}

/** The worst thing that was found, in one line. */
function title(evaluation: Evaluation): string {
  const { decisions, validations } = evaluation;
  const overall = overallVerdict(evaluation);
  const decision = decisions.find(({ verdict }) => verdict === overall) ?? decisions[0];
  const validation = validations.find(({ verdict }) => verdict === overall);
  const worst =
    decision?.verdict === overall || validation === undefined
      ? decision === undefined
        ? 'nothing was evaluated'
        : `${decisions.length > 1 ? `${decision.model}: ` : ''}${verdictTitle(decision)}`
      : plainText(validationSentence(validation));
  return visibleText(worst, TITLE_CHARACTERS);
}

function annotationsOf({ validations }: Evaluation): CheckAnnotation[] {
  return validationAnnotations(validations);
}

/** The checks that did not pass, at their lines of the checks files. */
export function validationAnnotations(validations: readonly Validation[]): CheckAnnotation[] {
  return validations
    .flatMap(({ dataset, checks }) => checks.flatMap((check) => annotationOf(dataset, check) ?? []))
    .slice(0, MOST_ANNOTATIONS);
}

/** A check that did not pass, at its line of the checks file; nothing where the line is not known. */
function annotationOf(dataset: string, check: CheckResult): CheckAnnotation | undefined {
  const { file, line, verdict, expected, observed, reason, columns } = check;
  if (file === undefined || line === undefined || verdict === 'pass' || verdict === 'skipped') return undefined;
  const about = columns.length === 0 ? dataset : `${dataset}.${columns.join(', ')}`;
  const found = [observed, reason].filter((part) => part !== undefined && part !== '').join('; ');
  return {
    path: file,
    startLine: line,
    endLine: line,
    level: verdict === 'fail' || verdict === 'error' ? 'failure' : 'warning',
    title: visibleText(`${check.check} of ${about}`, 100),
    message: visibleText(`expected ${expected}, found ${found}`, 1_000),
  };
}
