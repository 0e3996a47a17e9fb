import { Decision } from '../../gate/decision.ts';
import type { GateRules } from '../../gate/rules.ts';
import { thresholdFor } from '../../gate/threshold-rule.ts';
import type { Snapshot } from '../../registry/snapshot.ts';
import type { Context } from '../context.ts';
import { readDocument } from '../registry/open-registry.ts';
import { versionRecord } from '../registry/registered-model.ts';
import type { ContestedSide, Scored } from './score-both.ts';

/** Where each side's scores are called positive. */
export interface CallThresholds {
  readonly candidate: number;
  readonly baseline: number;
  readonly proven?: number | undefined;
}

/** A contest's sides, and the registry that knows how its versions are called. */
export interface ThresholdPlace {
  readonly context: Context;
  readonly snapshot: Snapshot | undefined;
  readonly name: string;
  readonly rules: GateRules;
  readonly candidate: ContestedSide;
  readonly baseline: ContestedSide;
  readonly proven?: ContestedSide | undefined;
}

/**
 * The thresholds of a look at the development half: a version keeps the one that it was registered with; for a run, a
 * constant and a file of predictions the best one here is chosen. Undefined where the rules choose none.
 */
export async function developmentThresholds(
  place: ThresholdPlace,
  { examples }: Scored,
): Promise<CallThresholds | undefined> {
  const { rules } = place;
  const rule = rules.choose_threshold;
  if (rule === undefined || examples.ids.length === 0) return undefined;
  const recorded = await recordedThresholds(place);
  const chosen = (scores: Float64Array) => thresholdFor(rule, examples, scores) ?? rules.threshold;
  return {
    candidate: recorded.candidate ?? chosen(examples.candidate),
    baseline: recorded.baseline ?? chosen(examples.baseline),
    proven: recorded.proven,
  };
}

/**
 * The thresholds of a look at the sealed half: those that were recorded when the versions were registered, never chosen
 * there. What has none (a constant model) is called at the rules' threshold.
 */
export async function sealedThresholds(place: ThresholdPlace): Promise<CallThresholds | undefined> {
  const { rules } = place;
  if (rules.choose_threshold === undefined) return undefined;
  const { candidate = rules.threshold, baseline = rules.threshold, proven } = await recordedThresholds(place);
  return { candidate, baseline, proven };
}

async function recordedThresholds(place: ThresholdPlace): Promise<Partial<CallThresholds>> {
  const { candidate, baseline, proven } = place;
  const [ours, theirs, best] = await Promise.all([candidate, baseline, proven].map((side) => recordedFor(place, side)));
  return {
    ...(ours === undefined ? {} : { candidate: ours }),
    ...(theirs === undefined ? {} : { baseline: theirs }),
    ...(best === undefined ? {} : { proven: best }),
  };
}

/** A version is called as the decision says that it was registered with; one from before the rule, at that time's threshold. */
async function recordedFor(
  { context, snapshot, name }: ThresholdPlace,
  side: ContestedSide | undefined,
): Promise<number | undefined> {
  if (side?.kind !== 'version' || side.version === undefined || snapshot === undefined) return undefined;
  const { decision } = versionRecord(snapshot.state.models.get(name), name, side.version);
  if (decision === undefined) return undefined;
  const place = { model: name, kind: 'decisions', digest: decision } as const;
  const { candidate, rules } = await readDocument(context, snapshot, place, Decision);
  return candidate.threshold ?? rules.threshold;
}

/** Both sides, called at their thresholds, which their facts record. */
export function withThresholds(scored: Scored, thresholds: CallThresholds | undefined): Scored {
  if (thresholds === undefined) return scored;
  const { candidate, baseline, proven = thresholds.baseline } = thresholds;
  return {
    ...scored,
    examples: { ...scored.examples, thresholds: { candidate, baseline } },
    candidate: { ...scored.candidate, threshold: candidate },
    baseline: { ...scored.baseline, threshold: baseline },
    ...(scored.proven === undefined
      ? {}
      : { proven: { ...scored.proven, side: { ...scored.proven.side, threshold: proven } } }),
  };
}
