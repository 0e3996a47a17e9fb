import type { Validation } from '../checks/validation.ts';
import type { DriftReport } from '../drift/drift-report.ts';
import type { AssayError } from '../errors.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import type { Decision } from '../gate/decision.ts';
import type { Block, Blocks } from '../report/blocks/block.ts';
import { type DecisionExtras, decisionBlocks } from '../report/blocks/decision-blocks.ts';
import { driftBlocks, driftNext, driftVerdict } from '../report/blocks/drift-blocks.ts';
import { historyBlocks } from '../report/blocks/history-blocks.ts';
import { refusalBlocks } from '../report/blocks/refusal-blocks.ts';
import { runFold } from '../report/blocks/run-blocks.ts';
import { code, type Text } from '../report/blocks/span.ts';
import { validationBlocks, validationVerdict } from '../report/blocks/validation-blocks.ts';
import { type Evaluation, runFactsOf } from '../report/evaluation.ts';
import { decisionHtml, driftHtml, evaluationHtml } from '../report/formats/html-report.ts';
import { overallVerdict } from '../report/overall.ts';
import { evaluationBlocks } from '../report/pages/job-summary.ts';
import { outcomeBlocks } from '../report/promotion.ts';
import type { ReportLinks } from '../report/words/footer-words.ts';
import { sentenceOf } from '../report/words/verdict-sentence.ts';
import { exitCodeOf, type Verdict, worstVerdict } from '../verdict.ts';
import type { GetResult } from './registry/get.ts';
import {
  GetOutput,
  HistoryOutput,
  type PromotionOutput,
  RegistrationOutput,
  ValidationsOutput,
} from './registry/outputs.ts';
import type { PromoteResult } from './registry/promote.ts';
import type { RegisterResult } from './registry/register.ts';
import type { RollbackResult } from './registry/rollback.ts';
import { repeatCommand } from './repeat-command.ts';
import type { TrainResult } from './train/train.ts';

/** What a verb has to say, however it is shown: a document for machines, blocks for people, an exit code for shells. */
export interface Answer {
  /** Validates against the schema that it names; `--json` prints it and nothing else. */
  readonly document: unknown;
  readonly blocks: Blocks;
  readonly verdict: Verdict;
  readonly exitCode: ExitCode;
  /** What could not be done, where the rest was: its blocks are in `blocks` too. */
  readonly error?: AssayError;
  /** The self-contained HTML report, for verbs that have one; `--html` writes it. */
  readonly html?: string;
}

export function validationsAnswer(validations: readonly Validation[]): Answer {
  const verdict = worstVerdict(validations.map((one) => one.verdict));
  return {
    document: ValidationsOutput.parse({ schema: 'assay/validations/1', verdict, validations }),
    blocks: validations.flatMap((one) => [validationVerdict(one), ...validationBlocks(one)]),
    verdict,
    exitCode: exitCodeOf(verdict),
  };
}

export function trainAnswer({ run, reused, model }: TrainResult): Answer {
  const facts = runFactsOf(run.record, reused);
  const lead = reused ? 'Nothing to train' : 'Trained';
  const what = reused ? 'a run with the same inputs is here' : `${facts.rows.toLocaleString('en-US')} rows`;
  return {
    document: run.record,
    blocks: [
      {
        kind: 'verdict',
        verdict: 'pass',
        subject: model,
        lead,
        text: [`${what}, run ${run.record.key.slice(7, 19)}.`],
      },
      runFold(facts),
    ],
    verdict: 'pass',
    exitCode: EXIT_CODE.yes,
  };
}

/** A decision with its evidence; `explain` tells the whole reasoning. */
export function decisionAnswer(decision: Decision, extras: DecisionExtras = {}): Answer {
  return {
    document: decision,
    blocks: decisionBlocks(decision, extras),
    verdict: decision.verdict,
    exitCode: exitCodeOf(decision.verdict),
    html: decisionHtml(decision, extras),
  };
}

export function registrationAnswer(
  { record, existed, tags, decision, evidence, event }: RegisterResult,
  { explain }: Pick<DecisionExtras, 'explain'> = {},
): Answer {
  const extras = { evidence, explain };
  return {
    document: RegistrationOutput.parse({ schema: 'assay/registration/1', record, existed, tags: [...tags], decision }),
    blocks:
      event === undefined
        ? [
            {
              kind: 'paragraph',
              text: [`This run is registered as ${record.model} ${record.version} already; nothing was written.`],
            },
          ]
        : [
            ...outcomeBlocks({ event, advice: decision }),
            {
              kind: 'fold',
              title: [`What the gate found: ${sentenceOf(decision).lead}`],
              blocks: decisionBlocks(decision, extras),
            },
          ],
    verdict: 'pass',
    exitCode: EXIT_CODE.yes,
    html: decisionHtml(decision, extras),
  };
}

export function promotionAnswer(result: PromoteResult, { explain }: Pick<DecisionExtras, 'explain'> = {}): Answer {
  const { model, stage, held, decision, evidence, promoted, refusal, regated, registeredAgainst } = result;
  const extras = { evidence, explain };
  const document: PromotionOutput = {
    schema: 'assay/promotion/1',
    model,
    stage,
    holder: promoted?.version ?? held,
    changed: promoted?.event !== undefined,
    ...(promoted?.event === undefined ? {} : { event: promoted.event }),
    ...(decision === undefined ? {} : { decision }),
    ...(refusal === undefined ? {} : { refusal }),
    ...(regated === undefined ? {} : { regated: [...regated] }),
    ...(registeredAgainst === undefined ? {} : { registeredAgainst }),
  };
  const [first, ...rest] =
    refusal === undefined
      ? outcomeBlocks(
          {
            ...(promoted?.event === undefined ? {} : { event: promoted.event }),
            ...(decision === undefined ? {} : { decision }),
          },
          extras,
        )
      : refusalBlocks(model, stage, refusal);
  const blocks = [...(first === undefined ? [] : [first]), ...againBlocks(result), ...rest];
  const verdict = promoted !== undefined ? 'pass' : refusal === undefined ? (decision?.verdict ?? 'fail') : 'fail';
  const html = decision === undefined ? {} : { html: decisionHtml(decision, extras) };
  return { document, blocks, verdict, exitCode: exitCodeOf(verdict), ...html };
}

/** A baseline that was replaced since it was last compared with: the gate asked again by itself. */
function againBlocks({ stage, decision, regated = [], registeredAgainst }: PromoteResult): Blocks {
  const now = decision?.baseline.version;
  const replaced = regated.at(-1);
  return [
    ...(replaced === undefined
      ? []
      : [
          said([
            'While this was judged, ',
            code(stage),
            ` passed from ${replaced ?? 'nobody'} to `,
            code(now ?? 'another'),
            ': the gate asked again, against that.',
          ]),
        ]),
    ...(registeredAgainst === undefined || now === undefined
      ? []
      : [
          said([
            'It was registered after a comparison with ',
            code(registeredAgainst),
            '; the gate asked again, against ',
            code(now),
            ', which has taken its place.',
          ]),
        ]),
  ];
}

function said(text: Text): Block {
  return { kind: 'paragraph', text };
}

export function rollbackAnswer({ model, stage, held, rolledBack, refusal }: RollbackResult): Answer {
  const document: PromotionOutput = {
    schema: 'assay/promotion/1',
    model,
    stage,
    holder: rolledBack?.version ?? held,
    changed: rolledBack?.event !== undefined,
    ...(rolledBack?.event === undefined ? {} : { event: rolledBack.event }),
    ...(refusal === undefined ? {} : { refusal }),
  };
  const blocks =
    refusal === undefined
      ? outcomeBlocks(rolledBack?.event === undefined ? {} : { event: rolledBack.event })
      : refusalBlocks(model, stage, refusal);
  const verdict = refusal === undefined ? 'pass' : 'fail';
  return { document, blocks, verdict, exitCode: exitCodeOf(verdict) };
}

export function driftAnswer(report: DriftReport): Answer {
  return {
    document: report,
    blocks: [driftVerdict(report), ...driftBlocks(report), driftNext(report)],
    verdict: report.verdict,
    exitCode: exitCodeOf(report.verdict),
    html: driftHtml(report),
  };
}

export function getAnswer({ record, folder, quarantined }: GetResult): Answer {
  const { model, version } = record;
  const note = quarantined ? ' It is in quarantine: it was rolled back.' : '';
  return {
    document: GetOutput.parse({ schema: 'assay/get/1', model, version, path: folder, quarantined, record }),
    blocks: [{ kind: 'paragraph', text: [code(`${model} ${version}`), ` is in ${folder}.${note}`] }],
    verdict: 'pass',
    exitCode: EXIT_CODE.yes,
  };
}

export function historyAnswer(history: HistoryOutput): Answer {
  return {
    document: HistoryOutput.parse(history),
    blocks: historyBlocks(history),
    verdict: 'pass',
    exitCode: EXIT_CODE.yes,
  };
}

export function evaluationAnswer(
  evaluation: Evaluation,
  links: ReportLinks = {},
  { explain }: Pick<DecisionExtras, 'explain'> = {},
): Answer {
  const verdict = overallVerdict(evaluation);
  const extras = { explain, repeat: evaluation.decisions.length === 0 ? undefined : repeatCommand(evaluation) };
  return {
    document: evaluation,
    blocks: evaluationBlocks(evaluation, links, extras),
    verdict,
    exitCode: exitCodeOf(verdict),
    html: evaluationHtml(evaluation, links, extras),
  };
}
