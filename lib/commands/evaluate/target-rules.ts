import { digestOf } from '../../digest.ts';
import { parseBaseline } from '../../gate/baseline.ts';
import type { ModelConfig } from '../../project/config.ts';
import { modelOf, PROJECT_FILE, type Project } from '../../project/project.ts';
import type { Context } from '../context.ts';
import { changesBaselineFile } from './baseline-file.ts';
import { targetConfig } from './target-project.ts';

/** What a pull request may not change by itself: the gate, and what it is asked on. */
export interface TargetRules {
  readonly project: Project;
  readonly model: ModelConfig;
  readonly from: string | undefined;
  /** The commit that they are of; absent for the work tree. */
  readonly commit?: string;
  /** The model by the pull request's own gate and holdout, where these are others. */
  readonly own?: ModelConfig;
}

/**
 * Gate and holdout as they stand at a commit: the target branch's count, not those that the change brings (design §5).
 * Data, target and commands stay the change's own: they are what is judged. The change's own rules are answered on the
 * half that the target leaves open: a pull request that gives up the halves would see the sealed one. Predictions of the
 * baseline (`file:`) are the target's too.
 *
 * @param baseline another baseline than the rules', as it is written
 */
export async function rulesAt(
  context: Context,
  project: Project,
  name: string,
  commit: string | undefined,
  baseline?: string,
): Promise<TargetRules> {
  const { model } = modelOf(project, name);
  const alone = { project, model, from: undefined };
  if (commit === undefined) return alone;
  const config = await targetConfig(context, project, commit);
  const target = config?.models[name];
  if (config === undefined || target === undefined) {
    context.log.info(`the target branch has no gate for ${name} yet: the pull request's own rules count`);
    return alone;
  }
  const { gate, holdout } = target;
  const differ =
    digestOf({ gate, holdout }) !== digestOf({ gate: model.gate, holdout: model.holdout }) ||
    (await bringsBaseline(context, project, baseline ?? gate.baseline, commit));
  return {
    project: { ...project, config: { ...project.config, data: { ...config.data, ...project.config.data } } },
    model: { ...model, gate, holdout },
    from: `${PROJECT_FILE} at ${commit.slice(0, 12)}`,
    commit,
    ...(differ ? { own: { ...model, gate: ownGate(model.gate, gate), holdout: ownHoldout(model, holdout) } } : {}),
  };
}

/** The change's own rules, which may not grant themselves more looks where each of them counts. */
function ownGate(own: ModelConfig['gate'], { looks }: ModelConfig['gate']): ModelConfig['gate'] {
  return { ...own, looks: Math.min(own.looks, looks) };
}

function ownHoldout({ holdout }: ModelConfig, { halves }: ModelConfig['holdout']): ModelConfig['holdout'] {
  return { ...holdout, halves };
}

/** Whether a change brings its own predictions of the baseline: both answers are told then, as with rules. */
async function bringsBaseline(
  context: Context,
  project: Project,
  baseline: string | undefined,
  commit: string,
): Promise<boolean> {
  const choice = baseline === undefined ? undefined : parseBaseline(baseline);
  return choice?.kind === 'file' && (await changesBaselineFile(context, project, choice.path, commit));
}
