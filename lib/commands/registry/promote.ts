import { AssayError, assayError } from '../../errors.ts';
import type { Decision } from '../../gate/decision.ts';
import type { Evidence } from '../../gate/evidence/evidence.ts';
import { gatherEvidence } from '../../gate/evidence/gather-evidence.ts';
import { modelOf, type Project } from '../../project/project.ts';
import { type Promoted, type PromoteRefusal, planPromote } from '../../registry/promote.ts';
import type { Registry } from '../../registry/transaction.ts';
import type { Context } from '../context.ts';
import { holderOf, stageOf } from '../evaluate/evaluate-gate.ts';
import type { PredictionsFile } from '../evaluate/predictions-file.ts';
import type { ScoredOrNot } from '../evaluate/score-available.ts';
import {
  baselineVersionOf,
  chooseVersion,
  openContest,
  type SealedContest,
  scoreContest,
} from '../evaluate/sealed-contest.ts';
import { sealedLook } from '../evaluate/sealed-look.ts';
import { keepPredictions } from '../evaluate/stored-predictions.ts';
import { tellingRows } from '../evaluate/telling-rows.ts';
import { projectFolders } from '../open-dataset.ts';
import { projectRegistry } from './open-registry.ts';
import { recordDecision } from './record-decision.ts';

/** How often a promotion gates again because the stage changed hands meanwhile. */
const MAX_TRIES = 3;

export interface PromoteRequestInput {
  readonly project: Project;
  readonly model?: string | undefined;
  /** A version; the newest when left out. */
  readonly version?: string | undefined;
  readonly stage?: string | undefined;
  /** Promote whatever the gate says; the reason is recorded. */
  readonly override?: { readonly reason: string } | undefined;
  /** Both sides' scores from a job that may run users' code; the models are run here when left out. */
  readonly predictions?: PredictionsFile | undefined;
}

export interface PromoteResult {
  readonly model: string;
  readonly version: string;
  readonly stage: string;
  /** What held the stage when the gate was asked; null for nobody. */
  readonly held: string | null;
  /** The gate's answer on the sealed half; absent when the version held the stage already. */
  readonly decision?: Decision;
  /** What the decision's numbers look like, without any row of it. */
  readonly evidence?: Evidence;
  /** What was done; absent when the gate or a rule said no. */
  readonly promoted?: Promoted;
  readonly refusal?: PromoteRefusal;
  readonly override?: { readonly reason: string };
  /** What was judged against first and had been replaced by the time of the swap, oldest first; null for nobody. */
  readonly regated?: readonly (string | null)[];
  /** The version that this one was compared with when it was registered, where another one is the baseline by now. */
  readonly registeredAgainst?: string;
}

/**
 * Promotes a version: opens the sealed half (recorded before it is read), decides, and moves the stage by
 * compare-and-swap. When somebody else moved it meanwhile, gates again against the new holder (design §5, §7).
 */
export async function promote(context: Context, request: PromoteRequestInput): Promise<PromoteResult> {
  const { project, override } = request;
  if (override !== undefined && override.reason.trim() === '') throw assayError('E_PROMOTE_NO_REASON', {});
  const { name, model } = modelOf(project, request.model);
  const stage = stageOf(name, model, request.stage);
  const registry = projectRegistry(context);
  const regated: (string | null)[] = [];
  for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
    const result = await promoteOnce(context, registry, request, name, stage);
    const { refusal } = result;
    if (refusal?.code !== 'holder-changed' && refusal?.code !== 'baseline-changed') {
      return regated.length === 0 ? result : { ...result, regated };
    }
    regated.push(refusal.expected);
    const what = refusal.code === 'holder-changed' ? `${name}@${stage} changed hands` : 'the baseline changed';
    context.log.warning(`${what} to ${refusal.actual ?? 'nobody'}: gating again`);
  }
  throw assayError('E_STAGE_CONTESTED', { stage, model: name, tries: MAX_TRIES });
}

async function promoteOnce(
  context: Context,
  registry: Registry,
  request: PromoteRequestInput,
  name: string,
  stage: string,
): Promise<PromoteResult> {
  const { project, override } = request;
  const snapshot = await registry.read();
  const version = chooseVersion(snapshot, name, request.version);
  const expected = holderOf(snapshot, name, stage) ?? null;
  const facts = { model: name, version, stage, held: expected, ...(override === undefined ? {} : { override }) };
  if (expected === version) return { ...facts, promoted: { stage, version, replaced: version } };

  const engine = await context.openEngine(projectFolders(project));
  let decision: Decision;
  let evidence: Evidence | undefined;
  let documents: ReadonlyMap<string, string>;
  try {
    const { model } = modelOf(project, name);
    const { contest, scored } = await tellingRows({ context, engine, project, model }, async () => {
      const opened = await openContest(context, engine, project, snapshot, { name, stage, version });
      return { contest: opened, scored: await scoreContest(context, engine, opened, request.predictions) };
    });
    decision = await sealedLook(registry, contest, scored);
    documents = await keepJudged(context, project, contest, scored, decision);
    evidence = 'unavailable' in scored ? undefined : gatherEvidence(decision, scored.examples, { values: false });
  } finally {
    await engine.close();
  }

  const before = snapshot.state.models.get(name)?.versions.get(version)?.lineage.baseline;
  const judged = {
    ...facts,
    decision,
    ...(evidence === undefined ? {} : { evidence }),
    ...(before === undefined || before === (decision.baseline.version ?? before) ? {} : { registeredAgainst: before }),
  };
  if (decision.verdict !== 'pass' && override === undefined) {
    await recordDecision(registry, name, decision, documents);
    return judged;
  }
  const outcome = await registry.transact(
    planPromote({
      model: name,
      version,
      stage,
      expected,
      decision,
      provenBetter: isProvenBetter(decision),
      documents,
      ...(override === undefined ? {} : { override: { reason: override.reason, verdict: decision.verdict } }),
    }),
  );
  return outcome.kind === 'refused' ? { ...judged, refusal: outcome.refusal } : { ...judged, promoted: outcome.result };
}

/** What both sides predicted on the rows that were judged, kept for the day when one of them cannot be scored again. */
async function keepJudged(
  context: Context,
  project: Project,
  contest: SealedContest,
  scored: ScoredOrNot,
  { comparisons }: Decision,
): Promise<ReadonlyMap<string, string>> {
  if ('unavailable' in scored || comparisons.length === 0) return new Map();
  const { examples } = scored;
  const baseline = baselineVersionOf(contest);
  const kept = [
    { version: contest.version, scores: examples.candidate },
    ...(baseline === null ? [] : [{ version: baseline, scores: examples.baseline }]),
  ];
  try {
    return await keepPredictions(context, project, contest.name, contest.rows, kept);
  } catch (error) {
    if (!(error instanceof AssayError)) throw error;
    context.log.warning(`the predictions are not kept: ${error.message}`);
    return new Map();
  }
}

/** The primary metric was shown better than the holder, not only not worse: the creep guard looks back to such a one. */
function isProvenBetter({ verdict, comparisons }: Decision): boolean {
  const [primary] = comparisons;
  return verdict === 'pass' && primary?.interval !== undefined && primary.interval.lower > 0;
}
