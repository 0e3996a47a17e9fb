import type { CheckResult, Validation } from '../../checks/validation.ts';
import type { Verdict } from '../../verdict.ts';
import { counted } from '../words/number-format.ts';
import { VERDICT_WORDS } from '../words/verdict-words.ts';
import type { Block, Blocks } from './block.ts';
import { shortDigest } from './how-decided.ts';
import { code, joined, mark, type Text, toned } from './span.ts';

const ORDER: readonly Verdict[] = ['error', 'fail', 'inconclusive', 'warn', 'skipped', 'pass'];

/** `all 14 checks pass on 54,321 rows.`: to be said after a dataset's name. */
export function validationFinding({ checks, rows, verdict }: Validation): Text {
  const on = `on ${counted(rows, 'row')}.`;
  if (checks.length === 0) return ['no check is declared, so nothing is known of it.'];
  if (verdict === 'pass') {
    return [checks.length === 1 ? `the one check passes ${on}` : `all ${counted(checks.length, 'check')} pass ${on}`];
  }
  const counts = ORDER.filter((one) => one !== 'pass')
    .map((one) => ({ one, count: checks.filter((check) => check.verdict === one).length }))
    .filter(({ count }) => count > 0)
    .map(
      ({ one, count }, index) =>
        `${count}${index === 0 ? ` of ${counted(checks.length, 'check')}` : ''} ${COUNT_WORDS[one]}`,
    );
  return [`${counts.join(', ')}, ${on}`];
}

/** `flights: all 14 checks pass on 54,321 rows.` */
export function validationSentence(validation: Validation): Text {
  return [code(validation.dataset), ': ', ...validationFinding(validation)];
}

const COUNT_WORDS: Readonly<Record<Verdict, string>> = {
  error: 'could not be run',
  fail: 'failed',
  inconclusive: 'cannot be told',
  warn: 'warned',
  skipped: 'skipped',
  pass: 'passed',
};

const LEADS: Readonly<Record<Verdict, string>> = {
  pass: 'Data is as declared',
  warn: 'Data is worth a look',
  fail: 'Data is not as declared',
  inconclusive: "Can't tell about the data",
  skipped: 'Data was not checked',
  error: 'Data could not be checked',
};

/** The verdict of one dataset as the first thing of a page. */
export function validationVerdict(validation: Validation): Block {
  return {
    kind: 'verdict',
    verdict: validation.verdict,
    subject: validation.dataset,
    lead: LEADS[validation.verdict],
    text: validationFinding(validation),
  };
}

/** What did not pass, in full; what passed, as a list to unfold. */
export function validationBlocks(validation: Validation): Blocks {
  const sorted = worstFirst(validation.checks);
  const open = sorted.filter(({ verdict }) => verdict !== 'pass');
  const passed = sorted.filter(({ verdict }) => verdict === 'pass');
  return [
    ...(open.length === 0 ? [] : [checkTable(open)]),
    ...(passed.length === 0
      ? []
      : [
          { kind: 'fold' as const, title: [`${counted(passed.length, 'check')} passed`], blocks: [checkTable(passed)] },
        ]),
  ];
}

/** All datasets of an evaluation under one fold; the title says what is in it. */
export function validationFold(validations: readonly Validation[]): Blocks {
  if (validations.length === 0) return [];
  const checks = validations.flatMap(({ checks }) => checks);
  const bad = checks.filter(({ verdict }) => verdict !== 'pass').length;
  const title = `Data checks: ${bad === 0 ? `all ${checks.length} pass` : `${bad} of ${checks.length} did not pass`}`;
  return [
    {
      kind: 'fold',
      title: [title],
      blocks: validations.flatMap((validation): Block[] => [
        {
          kind: 'paragraph',
          text: [...validationSentence(validation), ' Data ', code(shortDigest(validation.data)), '.'],
        },
        ...(validation.checks.length === 0 ? [] : [checkTable(worstFirst(validation.checks))]),
      ]),
    },
  ];
}

function worstFirst(checks: readonly CheckResult[]): CheckResult[] {
  return [...checks].sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
}

function checkTable(checks: readonly CheckResult[]): Block {
  return {
    kind: 'table',
    columns: [{ title: 'check' }, { title: 'column' }, { title: 'expected' }, { title: 'found' }, { title: 'result' }],
    rows: checks.map((check) => [
      [code(check.check)],
      check.columns.length === 0
        ? [toned('muted', 'table')]
        : joined(
            check.columns.map((column) => [code(column)]),
            ', ',
          ),
      [check.expected],
      foundCell(check),
      resultCell(check),
    ]),
  };
}

function foundCell({ observed, examples = [], reason }: CheckResult): Text {
  const why: Text = reason === undefined ? [] : [`${observed === '' ? '' : ' '}(${reason})`];
  if (examples.length === 0) return [observed, ...why];
  return [
    observed,
    ...why,
    ', such as ',
    ...joined(
      examples.slice(0, 3).map((example) => [code(example)]),
      ', ',
    ),
  ];
}

function resultCell({ verdict }: CheckResult): Text {
  return [mark(verdict, VERDICT_WORDS[verdict].word)];
}
