import { digestOf } from '../../digest.ts';
import { AssayError } from '../../errors.ts';
import type { Decision, Side } from '../../gate/decision.ts';
import type { GateRules } from '../../gate/rules.ts';
import { type Uncompared, undecided } from '../../gate/undecided.ts';
import { idSketch } from '../../registry/id-sketch.ts';
import { type LookRequest, type LooksSpent, planLook } from '../../registry/look.ts';
import type { RegistryState } from '../../registry/state.ts';
import type { Registry } from '../../registry/transaction.ts';
import type { HoldoutRows } from './holdout-rows.ts';

/** What became of a look: it counts, there is none left, or nobody here may write it down. */
export type Counted =
  | { readonly kind: 'counted'; readonly used: number; readonly budget: number }
  | { readonly kind: 'spent'; readonly refusal: LooksSpent }
  | { readonly kind: 'denied'; readonly error: AssayError };

/** The look that a decision on these sides rests on. */
export function lookOf(
  model: string,
  rules: GateRules,
  { facts, ids }: HoldoutRows,
  sides: Pick<Decision, 'candidate' | 'baseline'> & {
    readonly proven?: { readonly side: Side };
    readonly seeds?: Decision['seeds'];
  },
): LookRequest {
  return {
    model,
    holdout: facts.digest,
    rules: digestOf(rules),
    predictions: [
      sides.candidate.predictions,
      sides.baseline.predictions,
      ...(sides.proven === undefined ? [] : [sides.proven.side.predictions]),
      ...(sides.seeds ?? []).slice(1).map(({ predictions }) => predictions),
    ],
    ...(facts.from === undefined ? {} : { from: facts.from }),
    ...(facts.to === undefined ? {} : { to: facts.to }),
    rows: facts.rows,
    ids: idSketch(ids),
    budget: rules.looks,
  };
}

/**
 * Pushes a look to the ledger; only then may anything that is computed from the labels be shown (design §5). A crash
 * before leaves no look and no result, a crash after leaves a look that the same question takes up again.
 */
export async function recordLook(registry: Registry, look: LookRequest): Promise<Counted> {
  try {
    const outcome = await registry.transact(planLook(look));
    if (outcome.kind === 'refused') return { kind: 'spent', refusal: outcome.refusal };
    const { used, budget } = outcome.result;
    return { kind: 'counted', used, budget };
  } catch (error) {
    if (error instanceof AssayError && CANNOT_WRITE.has(error.code)) return { kind: 'denied', error };
    throw error;
  }
}

/** Errors of somebody who may read and not write, or has nowhere to write to. */
export const CANNOT_WRITE: ReadonlySet<string> = new Set<string>([
  'E_REGISTRY_DENIED',
  'E_GIT_NO_REMOTE',
  'E_GIT_NOT_A_REPOSITORY',
  'E_GIT_AUTH',
]);

/** What the ledger would say of a look, without writing it: for a job that hands it over to one that may. */
export function foreseeLook(state: RegistryState | undefined, look: LookRequest): Counted {
  const empty: RegistryState = { models: new Map(), tags: [], paths: new Set() };
  const plan = planLook(look)(state ?? empty, { now: new Date(0), by: '' });
  if (plan.kind === 'refused') return { kind: 'spent', refusal: plan.refusal };
  const { used, budget } = plan.result;
  return { kind: 'counted', used, budget };
}

/** The decision of a window whose looks are spent: no number of it is computed. */
export function spentDecision(about: Uncompared, { used, budget, until }: LooksSpent): Decision {
  return undecided(
    { ...about, looks: { used, budget }, warnings: [] },
    { reason: 'looks-spent', detail: until },
    { kind: 'new-window', ...(until === undefined ? {} : { date: until }) },
  );
}

/** The decision whose look is not in the ledger: its numbers are nobody's to see. */
export function withheldDecision(
  about: Uncompared,
  reason: 'look-not-recorded' | 'look-pending' | 'look-of-fork',
  detail?: string,
): Decision {
  return undecided({ ...about, looks: undefined, warnings: [] }, { reason, detail }, { kind: 'fix-input' });
}
