import type { Validation } from '../checks/validation.ts';
import type { Digest } from '../digest.ts';
import type { Decision } from '../gate/decision.ts';
import type { Evidence } from '../gate/evidence/evidence.ts';
import { resolveCommit } from '../git/status.ts';
import type { Project } from '../project/project.ts';
import { type Evaluation, type PendingLook, runFactsOf } from '../report/evaluation.ts';
import { worstVerdict } from '../verdict.ts';
import type { Context } from './context.ts';
import { evaluateGate } from './evaluate/evaluate-gate.ts';
import { train } from './train/train.ts';
import { validateData } from './validate-data.ts';

export interface PullRequestInput {
  readonly project: Project;
  /** Models to judge; all of assay.yaml when left out. */
  readonly models?: readonly string[] | undefined;
  /** The target branch's commit: its rules count. */
  readonly base?: string | undefined;
  readonly bring?: (key: Digest) => Promise<boolean>;
}

/**
 * What a pull request is worth: validates the data, trains (or finds the run), and gates every model on the
 * development half. Computes only; `publish` posts it, in another job with another token. Where looks are counted it
 * hands them over too, and nothing of it may be shown before `settleLooks`.
 */
export async function pullRequest(context: Context, input: PullRequestInput): Promise<Evaluation> {
  const { project, base, bring } = input;
  const validations = await context.log.group('validate-data', () =>
    validateData(context, { project, checksFrom: base }),
  );
  const notes = base === undefined ? [] : await ownChecksNotes(context, project, validations);
  const runs: Evaluation['runs'] = [];
  const decisions: Decision[] = [];
  const branchDecisions: Decision[] = [];
  const looks: PendingLook[] = [];
  const evidence: Evidence[] = [];
  if (dataIsBroken(validations)) {
    notes.push('Nothing was trained: the data failed their checks, and a model of broken data says nothing.');
  } else {
    for (const model of input.models ?? Object.keys(project.config.models)) {
      const trained = await context.log.group(`train ${model}`, () =>
        train(context, { project, model, ...(bring === undefined ? {} : { bring }) }),
      );
      runs.push(runFactsOf(trained.run.record, trained.reused));
      const judged = await context.log.group(`evaluate-gate ${model}`, () =>
        evaluateGate(context, {
          project,
          model,
          run: trained.run.record.key,
          rulesFrom: base,
          looks: 'hand-over',
          refit: true,
        }),
      );
      decisions.push(judged.decision);
      if (judged.evidence !== undefined) evidence.push(judged.evidence);
      if (judged.ownDecision !== undefined) branchDecisions.push(judged.ownDecision);
      looks.push(...judged.looks.map((look) => ({ ...look, predictions: [...look.predictions], ids: [...look.ids] })));
    }
  }
  return {
    schema: 'assay/evaluation/1',
    commit: await resolveCommit(context.git),
    ...(base === undefined ? {} : { base }),
    validations,
    runs,
    decisions,
    ...(evidence.length === 0 ? {} : { evidence }),
    ...(branchDecisions.length === 0 ? {} : { branchDecisions }),
    ...(looks.length === 0 ? {} : { looks }),
    notes,
  };
}

/** What the change's own checks say, where they answer otherwise than the target branch's, which count (design §5). */
async function ownChecksNotes(context: Context, project: Project, counted: readonly Validation[]): Promise<string[]> {
  const own = await validateData(context, { project });
  return own.flatMap((validation, index) =>
    validation.verdict === counted[index]?.verdict
      ? []
      : [
          `By the checks that this pull request proposes for ${validation.dataset} the verdict would be "${validation.verdict}"; they count once they are merged.`,
        ],
  );
}

function dataIsBroken(validations: readonly Validation[]): boolean {
  const verdict = worstVerdict(validations.map((one) => one.verdict));
  return validations.length > 0 && (verdict === 'fail' || verdict === 'error');
}
