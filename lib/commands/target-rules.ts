import { digestOf } from '../digest.ts';
import type { ModelConfig } from '../project/config.ts';
import { modelOf, PROJECT_FILE, type Project } from '../project/project.ts';
import type { Context } from './context.ts';
import { targetConfig } from './target-project.ts';

/** What a pull request may not change by itself: the gate, and what it is asked on. */
export interface TargetRules {
  readonly project: Project;
  readonly model: ModelConfig;
  readonly from: string | undefined;
  /** The model by the pull request's own gate and holdout, where these are others. */
  readonly own?: ModelConfig;
}

/**
 * Gate and holdout as they stand at a commit: the target branch's count, not those that the change brings (design §5).
 * Data, target and commands stay the change's own: they are what is judged. The change's own rules are answered on the
 * half that the target leaves open: a pull request that gives up the halves would see the sealed one.
 */
export async function rulesAt(
  context: Context,
  project: Project,
  name: string,
  commit: string | undefined,
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
  const differ = digestOf({ gate, holdout }) !== digestOf({ gate: model.gate, holdout: model.holdout });
  return {
    project: { ...project, config: { ...project.config, data: { ...config.data, ...project.config.data } } },
    model: { ...model, gate, holdout },
    from: `${PROJECT_FILE} at ${commit.slice(0, 12)}`,
    ...(differ ? { own: { ...model, holdout: { ...model.holdout, halves: holdout.halves } } } : {}),
  };
}
