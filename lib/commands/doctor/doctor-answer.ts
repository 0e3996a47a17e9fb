import { EXIT_CODE } from '../../exit-code.ts';
import type { Block } from '../../report/blocks/block.ts';
import { mark, type Text } from '../../report/blocks/span.ts';
import type { Verdict } from '../../verdict.ts';
import type { Answer } from '../answer.ts';
import { DoctorOutput, type Finding } from './doctor-output.ts';

const VERDICTS: Readonly<Record<Finding['status'], Verdict>> = { ok: 'pass', warn: 'warn', fail: 'fail' };

/** A line a finding with what to do below it, then what to do first. Exit code 1 when something fails, else 0. */
export function doctorAnswer(output: DoctorOutput): Answer {
  const { status, findings } = output;
  const count = (wanted: Finding['status']) => findings.filter((one) => one.status === wanted).length;
  const first = findings.find((one) => one.status === 'fail') ?? findings.find((one) => one.status === 'warn');
  const lead =
    status === 'fail' ? 'Something is missing' : status === 'warn' ? 'It works, with reservations' : 'All is well';
  const blocks: Block[] = [
    { kind: 'list', items: findings.map(line) },
    {
      kind: 'verdict',
      verdict: VERDICTS[status],
      lead,
      text: [`${count('ok')} well, ${count('warn')} with a warning, ${count('fail')} failing.`],
    },
    ...(first?.fix === undefined ? [] : [{ kind: 'next', text: [first.fix] } as const]),
  ];
  return {
    document: DoctorOutput.parse(output),
    blocks,
    verdict: VERDICTS[status],
    exitCode: status === 'fail' ? EXIT_CODE.no : EXIT_CODE.yes,
  };
}

function line({ area, subject, status, says, fix }: Finding): Text {
  const head: Text = [mark(VERDICTS[status], `${area}, ${subject}`), `: ${says}.`];
  return fix === undefined ? head : [...head, ` Fix: ${fix}`];
}
