import { canonicalFile, digestOf } from '../digest.ts';
import { assayError } from '../errors.ts';
import { parseBaseline } from '../gate/baseline.ts';
import type { Decision } from '../gate/decision.ts';
import type { GateVerdict } from '../verdict.ts';
import { baselineVersion } from './baseline-version.ts';
import { findModel, requireVersion } from './find-model.ts';
import { checkStageName } from './gto-tags.ts';
import { documentPath, eventPath } from './layout.ts';
import { eventTime, type Planner } from './plan.ts';
import type { RegistryEvent } from './records.ts';
import type { ModelState } from './state.ts';

export interface PromoteRequest {
  readonly model: string;
  readonly version: string;
  readonly stage: string;
  /** Who held the stage when the gate was asked; null for nobody. Another holder now refuses the swap. */
  readonly expected: string | null;
  /** The gate's decision on this version for this stage. Without one only an override promotes. */
  readonly decision?: Decision;
  readonly override?: { readonly reason: string; readonly verdict: string };
  /** The decision showed the version better, not only not worse. */
  readonly provenBetter: boolean;
  /** Documents to keep with the change, by path, those that are there already apart: predictions that were judged. */
  readonly documents?: ReadonlyMap<string, string>;
}

export type PromoteRefusal =
  /** The stage changed hands since: gate again against `actual`. */
  | { readonly code: 'holder-changed'; readonly expected: string | null; readonly actual: string | null }
  /** What the rules take as baseline is another version by now: gate again against `actual`. */
  | { readonly code: 'baseline-changed'; readonly expected: string | null; readonly actual: string | null }
  | { readonly code: 'quarantined'; readonly version: string; readonly since: string; readonly reason: string }
  | { readonly code: 'not-passed'; readonly verdict: GateVerdict | null }
  /** The decision rests on a look that the ledger does not have. */
  | { readonly code: 'look-not-recorded'; readonly holdout: string };

export interface Promoted {
  readonly stage: string;
  readonly version: string;
  readonly replaced: string | null;
  /** Absent when the version held the stage already. */
  readonly event?: RegistryEvent;
}

/**
 * Plans the move of a stage to a version, by compare-and-swap. Nothing to do when the version holds the stage already.
 * An override passes by verdict, look and quarantine, never by the swap; it and its reason are recorded.
 *
 * Throws E_REGISTRY_MODEL, E_REGISTRY_VERSION, E_REGISTRY_NAME, E_REGISTRY_DECISION.
 */
export function planPromote(request: PromoteRequest): Planner<Promoted, PromoteRefusal> {
  const { model: name, version, stage, expected, decision, override } = request;
  return (state, { now, by }) => {
    checkStageName(stage);
    const model = findModel(state, name);
    requireVersion(model, version);
    if (override !== undefined && override.reason.trim() === '') {
      throw assayError('E_REGISTRY_DECISION', { model: name, version, reason: 'an override needs a reason' });
    }
    if (decision !== undefined) checkCovers(decision, model, request);
    const actual = model.stages.get(stage)?.holder ?? null;
    if (actual === version) return { kind: 'nothing', result: { stage, version, replaced: version } };
    const refusal = refusalOf(request, model, actual);
    if (refusal !== undefined) return { kind: 'refused', refusal };
    const at = eventTime(model.lastAt, now);
    const sequence = model.events.length + 1;
    const digest = decision === undefined ? undefined : digestOf(decision);
    const event: RegistryEvent = {
      schema: 'assay/event/1',
      kind: 'promote',
      sequence,
      model: name,
      stage,
      version,
      replaced: expected,
      ...(digest === undefined ? {} : { decision: digest }),
      ...(override === undefined ? {} : { override }),
      provenBetter: request.provenBetter,
      at,
      by,
    };
    const files = new Map([[eventPath(name, sequence, 'promote'), canonicalFile(event)]]);
    if (digest !== undefined) files.set(documentPath(name, 'decisions', digest), canonicalFile(decision));
    for (const [path, text] of request.documents ?? []) if (!state.paths.has(path)) files.set(path, text);
    const change = {
      files,
      tags: [{ kind: 'assign', model: name, stage, version } as const],
      summary: `Promote ${name} ${version} to ${stage}${override === undefined ? '' : ' (override)'}`,
      trailers: [
        `Assay-Event: promote ${name} ${version} ${stage}`,
        ...(override === undefined ? [] : ['Assay-Override: true']),
      ],
      at,
    };
    return { kind: 'change', change, result: { stage, version, replaced: expected, event } };
  };
}

function refusalOf(request: PromoteRequest, model: ModelState, actual: string | null): PromoteRefusal | undefined {
  const { version, expected, decision, override } = request;
  if (actual !== expected) return { code: 'holder-changed', expected, actual };
  if (override !== undefined) return undefined;
  const quarantine = model.quarantined.get(version);
  if (quarantine !== undefined) return { code: 'quarantined', version, ...quarantine };
  if (decision?.verdict !== 'pass') return { code: 'not-passed', verdict: decision?.verdict ?? null };
  const baseline = decision.baseline.kind === 'version' ? (decision.baseline.version ?? null) : null;
  const choice = decision.rules.baseline === undefined ? undefined : parseBaseline(decision.rules.baseline);
  const due = baselineVersion(model, choice, request.stage);
  if (due !== null && baseline !== due) {
    return { code: choice === undefined ? 'holder-changed' : 'baseline-changed', expected: baseline, actual: due };
  }
  const recorded = model.looks.some(
    (look) =>
      look.holdout === decision.holdout.digest &&
      look.rules === decision.rulesDigest &&
      look.predictions.includes(decision.candidate.predictions),
  );
  return recorded ? undefined : { code: 'look-not-recorded', holdout: decision.holdout.digest };
}

/** The decision speaks of this model, stage and version. Throws E_REGISTRY_DECISION. */
function checkCovers(decision: Decision, model: ModelState, { version, stage }: PromoteRequest): void {
  const refuse = (reason: string) => assayError('E_REGISTRY_DECISION', { model: model.model, version, reason });
  if (decision.model !== model.model) throw refuse(`it is about the model "${decision.model}"`);
  if (decision.stage !== undefined && decision.stage !== stage) throw refuse(`it is about stage ${decision.stage}`);
  const { candidate } = decision;
  const record = model.versions.get(version);
  if (candidate.version !== undefined) {
    if (candidate.version !== version) throw refuse(`it is about version ${candidate.version}`);
  } else if (candidate.run === undefined || (candidate.run !== record?.run && candidate.run !== record?.runKey)) {
    throw refuse('it is about another run');
  }
}
