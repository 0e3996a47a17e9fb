import { digestOf } from '../digest.ts';
import type { Decision } from './decision.ts';

/** What is known of a comparison that was not made. */
export type Uncompared = Pick<
  Decision,
  'model' | 'task' | 'candidate' | 'baseline' | 'sameRecipe' | 'rules' | 'holdout'
> & {
  readonly stage?: string | undefined;
  readonly stays?: string | undefined;
  readonly rulesFrom?: string | undefined;
  readonly looks?: Decision['looks'] | undefined;
  readonly warnings?: readonly string[] | undefined;
};

/**
 * The decision where nothing may or can be compared: no number of it is computed, and it is never a yes. Reasons:
 * `looks-spent`, `look-not-recorded`, `baseline-unavailable`.
 */
export function undecided(
  about: Uncompared,
  because: { readonly reason: string; readonly detail?: string | undefined },
  next: Decision['next'],
): Decision {
  const { stage, stays, rulesFrom, looks, warnings } = about;
  return {
    schema: 'assay/decision/1',
    model: about.model,
    ...(stage === undefined ? {} : { stage }),
    task: about.task,
    verdict: 'inconclusive',
    because: { reason: because.reason, ...(because.detail === undefined ? {} : { detail: because.detail }) },
    candidate: about.candidate,
    baseline: about.baseline,
    sameRecipe: about.sameRecipe,
    rules: about.rules,
    rulesDigest: digestOf(about.rules),
    ...(rulesFrom === undefined ? {} : { rulesFrom }),
    holdout: about.holdout,
    comparisons: [],
    ...(looks === undefined ? {} : { looks }),
    ...(stays === undefined ? {} : { stays }),
    next,
    warnings: [...(warnings ?? [])],
  };
}
