import { assayError } from '../../errors.ts';
import { modelOf, type Project } from '../../project/project.ts';
import { planRelease } from '../../registry/release.ts';
import { planRollback, type RollbackRefusal, type RolledBack } from '../../registry/rollback.ts';
import type { Context } from '../context.ts';
import { holderOf, stageOf } from '../evaluate/evaluate-gate.ts';
import { projectRegistry } from './open-registry.ts';

export interface RollbackInput {
  readonly project: Project;
  readonly model?: string | undefined;
  readonly stage?: string | undefined;
  /** A former holder; the one before when left out. */
  readonly to?: string | undefined;
  readonly reason: string;
}

export interface RollbackResult {
  readonly model: string;
  readonly stage: string;
  /** What held the stage before. */
  readonly held: string;
  readonly rolledBack?: RolledBack;
  readonly refusal?: RollbackRefusal;
}

/** Returns a stage to a former holder, at once: no gate, no approval; what is left is quarantined (design §7). */
export async function rollback(
  context: Context,
  { project, reason, ...request }: RollbackInput,
): Promise<RollbackResult> {
  const { name, model } = modelOf(project, request.model);
  const stage = stageOf(name, model, request.stage);
  const registry = projectRegistry(context);
  const expected = holderOf(await registry.read(), name, stage);
  if (expected === undefined) throw assayError('E_STAGE_EMPTY', { stage, model: name });
  const to = request.to === undefined ? {} : { to: request.to.replace(/^v/, '') };
  const outcome = await registry.transact(planRollback({ model: name, stage, expected, reason, ...to }));
  if (outcome.kind === 'refused') return { model: name, stage, held: expected, refusal: outcome.refusal };
  return { model: name, stage, held: expected, rolledBack: outcome.result };
}

/** Lifts a version's quarantine, with the reason on record. */
export async function release(
  context: Context,
  {
    project,
    version,
    reason,
    ...request
  }: {
    readonly project: Project;
    readonly model?: string | undefined;
    readonly version: string;
    readonly reason: string;
  },
): Promise<{ readonly model: string; readonly version: string }> {
  const { name } = modelOf(project, request.model);
  const plain = version.replace(/^v/, '');
  await projectRegistry(context).transact(planRelease({ model: name, version: plain, reason }));
  return { model: name, version: plain };
}
