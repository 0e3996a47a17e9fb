import type { Engine } from '../../engine/engine.ts';
import { type AssayError, assayError } from '../../errors.ts';
import type { ProvenSide } from '../../gate/compare/compare-creep.ts';
import { scoreWidth } from '../../gate/evidence/paired-examples.ts';
import type { GateRules } from '../../gate/rules.ts';
import type { ModelConfig } from '../../project/config.ts';
import { modelOf, type Project } from '../../project/project.ts';
import type { Snapshot } from '../../registry/snapshot.ts';
import type { Context } from '../context.ts';
import { registeredModel, versionRecord } from '../registry/registered-model.ts';
import { answerOverSeeds } from './answer-over-seeds.ts';
import { baselineSide } from './baseline-side.ts';
import { type CallThresholds, sealedThresholds, withThresholds } from './call-thresholds.ts';
import { contestRows } from './contest-rows.ts';
import { earlierContests } from './earlier-contests.ts';
import { holderOf } from './evaluate-gate.ts';
import { furtherScores, pairProven, provenSide } from './further-scores.ts';
import type { HoldoutRows } from './holdout-rows.ts';
import type { PredictionsFile } from './predictions-file.ts';
import { type FindStored, type ScoredOrNot, scoreAvailable, unavailable } from './score-available.ts';
import { type ContestedSide, pairSides } from './score-both.ts';
import { scoresOfRows } from './scored-rows.ts';
import { findPredictions } from './stored-predictions.ts';

/** A version that wants a stage, its holder, and the sealed rows that both are scored on. */
export interface SealedContest {
  readonly name: string;
  readonly model: ModelConfig;
  readonly stage: string;
  readonly rules: GateRules;
  readonly version: string;
  /** What holds the stage; null for nobody. */
  readonly holder: string | null;
  readonly candidate: ContestedSide;
  readonly baseline: ContestedSide;
  /** The last version that was shown better, for the creep guard. */
  readonly proven: ContestedSide | undefined;
  readonly rows: HoldoutRows;
  /** Where each side is called positive, as it was recorded; undefined where the rules choose no thresholds. */
  readonly thresholds: CallThresholds | undefined;
  /** Predictions that were kept of versions. */
  readonly stored: FindStored;
  /** What the answer over several seeds was, where the rules ask for them: said beside the answer on the one version. */
  readonly seedsAnswer: string | undefined;
}

/** The version that is asked for, else the newest. Throws E_VERSION_NONE. */
export function chooseVersion(snapshot: Snapshot, model: string, wanted: string | undefined): string {
  const state = snapshot.state.models.get(model);
  const version = wanted?.replace(/^v/, '') ?? [...(state?.versions.keys() ?? [])].at(-1);
  if (version === undefined) throw assayError('E_VERSION_NONE', { model, wanted: 'at all' });
  return versionRecord(state, model, version).version;
}

/** Brings both sides and reads the sealed half (the whole holdout, where there are no halves). Scores nothing. */
export async function openContest(
  context: Context,
  engine: Engine,
  project: Project,
  snapshot: Snapshot,
  { name, stage, version }: { readonly name: string; readonly stage: string; readonly version: string },
): Promise<SealedContest> {
  const { model } = modelOf(project, name);
  const record = versionRecord(snapshot.state.models.get(name), name, version);
  const { scoring } = await registeredModel(context, project, snapshot, record, `candidate ${version}`);
  const candidate: ContestedSide = { kind: 'version', label: version, version, model: scoring };
  const rules = model.gate;
  const baseline = await baselineSide(context, project, snapshot, { model: name, stage, wanted: rules.baseline });
  const proven = await provenSide(context, project, snapshot, { model: name, stage }, { rules, candidate, baseline });
  const others = proven === undefined ? [] : [proven];
  const half = model.holdout.halves ? 'sealed' : 'whole';
  const earlier = await earlierContests(context, snapshot, name);
  const contest = { context, engine, project, model, rules, candidate, baseline, others, earlier };
  const rows = await contestRows(contest, half);
  const holder = holderOf(snapshot, name, stage) ?? null;
  const stored = findPredictions(context, project, snapshot, name);
  const thresholds = await sealedThresholds({ context, snapshot, name, rules, candidate, baseline, proven });
  const seedsAnswer = await answerOverSeeds(context, snapshot, record, rules);
  const sides = { candidate, baseline, proven };
  return { name, model, stage, rules, version, holder, ...sides, rows, thresholds, stored, seedsAnswer };
}

/**
 * Both sides' scores on the sealed rows: from a file that an earlier job computed, else by running the models here. When
 * the stage changed hands since the file was made, the new holder's stored predictions of the same rows take the place
 * of the old one's. Throws E_DOCUMENT, E_HOLDOUT_DIFFERS.
 */
export async function scoreContest(
  context: Context,
  engine: Engine,
  contest: SealedContest,
  predictions?: PredictionsFile,
): Promise<ScoredOrNot> {
  const { rows, rules, candidate, baseline, stored, thresholds } = contest;
  if (predictions === undefined) {
    const found = await scoreAvailable(context, engine, rows, rules, { candidate, baseline }, stored);
    if ('unavailable' in found) return found;
    return withThresholds(await furtherScores(context, engine, contest, found), thresholds);
  }
  checkPlace(contest, predictions);
  const pick = scoresOfRows(predictions, rows);
  checkSide(contest, predictions, 'candidate', contest.version);
  const ours = { side: candidate, scores: pick(predictions.candidate.scores) };
  const version = baselineVersionOf(contest);
  const kept = version === null || predictions.baseline.version === version ? undefined : await stored(version, rows);
  if (kept === undefined) {
    const { unavailable: why } = predictions.baseline;
    if (why !== undefined) return unavailable(rows, rules, ours, baseline, why);
    checkSide(contest, predictions, 'baseline', version);
  }
  const proven = await provenOf(contest, predictions, pick);
  const theirs = { side: baseline, scores: kept ?? pick(predictions.baseline.scores) };
  const scored = {
    ...pairSides(rows, rules, { candidate: ours, baseline: theirs }),
    ...(proven === undefined ? {} : { proven }),
    ...(predictions.measured === undefined ? {} : { measured: predictions.measured }),
  };
  return withThresholds(scored, thresholds);
}

/** The proven version's scores: those of the file, or stored ones where another was shown better since it was made. */
async function provenOf(
  { proven, rules, rows, stored }: SealedContest,
  file: PredictionsFile,
  pick: (scores: readonly number[]) => Float64Array,
): Promise<ProvenSide | undefined> {
  if (proven?.kind !== 'version' || proven.version === undefined) return undefined;
  const fits = file.proven?.version === proven.version && file.proven.scores.length === file.candidate.scores.length;
  const scores = fits && file.proven !== undefined ? pick(file.proven.scores) : await stored(proven.version, rows);
  return pairProven(rows, rules, proven, scores);
}

/** The version that the baseline is; null for a constant model or a file of predictions. */
export function baselineVersionOf({ baseline }: Pick<SealedContest, 'baseline'>): string | null {
  return baseline.kind === 'version' ? (baseline.version ?? null) : null;
}

/** Predictions of another holdout, another version or another holder are not this contest's. */
function refuse(key: string, reason: string): AssayError {
  return assayError('E_DOCUMENT', { file: 'the predictions file', key, reason });
}

function checkPlace(contest: SealedContest, file: PredictionsFile): void {
  const expected = { model: contest.name, stage: contest.stage };
  for (const key of ['model', 'stage'] as const) {
    if (file[key] !== expected[key]) throw refuse(key, `it is of ${file[key]}, not of ${expected[key]}`);
  }
}

function checkSide(
  { rows }: SealedContest,
  file: PredictionsFile,
  key: 'candidate' | 'baseline',
  version: string | null,
): void {
  const side = file[key];
  if (side.version !== version)
    throw refuse(key, `it is of ${side.version ?? 'nobody'}, not of ${version ?? 'nobody'}`);
  const width = scoreWidth(rows.parts);
  const count = file.holdout === rows.facts.digest ? rows.ids.length : (file.rows?.ids.length ?? rows.ids.length);
  const each = width === 1 ? '' : ` of ${width} each`;
  if (side.scores.length !== count * width)
    throw refuse(key, `it has ${side.scores.length} scores for ${count} rows${each}`);
}
