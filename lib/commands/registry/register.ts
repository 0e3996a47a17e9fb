import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, digestOf } from '../../digest.ts';
import { collect } from '../../engine/collect.ts';
import type { Engine } from '../../engine/engine.ts';
import { assayError } from '../../errors.ts';
import type { Decision } from '../../gate/decision.ts';
import type { Evidence } from '../../gate/evidence/evidence.ts';
import { describeArtifact } from '../../pointers/artifacts/describe-artifact.ts';
import { pushArtifact } from '../../pointers/artifacts/push-artifact.ts';
import type { ModelConfig } from '../../project/config.ts';
import { modelOf, type Project } from '../../project/project.ts';
import { dvcPlace } from '../../registry/dvc-files.ts';
import type { RegistryEvent, VersionRecord } from '../../registry/records.ts';
import { type Bump, planRegister } from '../../registry/register.ts';
import type { Snapshot } from '../../registry/snapshot.ts';
import { evidenceOf } from '../../report/blocks/evidence-blocks.ts';
import { modelFolder, openRun, type RunFolder } from '../../train/run-folder.ts';
import { shortKey } from '../../train/run-key.ts';
import type { RunRecord } from '../../train/run-record.ts';
import type { Context } from '../context.ts';
import { projectStore } from '../data/store/project-store.ts';
import { learntUntil } from '../evaluate/earlier-contests.ts';
import { evaluateGate } from '../evaluate/evaluate-gate.ts';
import { idsOf } from '../evaluate/row-ids.ts';
import { scoreModel } from '../evaluate/score-model.ts';
import { selectFrame } from '../evaluate/select-frame.ts';
import { openDataset, projectFolders } from '../open-dataset.ts';
import { projectRegistry, writableState } from './open-registry.ts';

/** Rows that the smoke test scores: enough to meet a missing value or two, few enough to cost nothing. */
const SMOKE_ROWS = 20;

export interface RegisterRequestInput {
  readonly project: Project;
  readonly model?: string | undefined;
  readonly run?: string | undefined;
  /** An explicit semver; else the newest version is raised by `bump`. */
  readonly version?: string | undefined;
  readonly bump?: Bump | undefined;
  /** The decision on the run from a job that may run users' code: predict is then not run here, it has been there. */
  readonly decision?: Decision | undefined;
  /** What that decision's numbers look like, from the same job; shown where it is of the very decision. */
  readonly evidence?: Evidence | undefined;
}

export interface RegisterResult {
  readonly model: string;
  readonly version: string;
  readonly record: VersionRecord;
  readonly decision: Decision;
  /** What its numbers look like; absent where none was computed or handed over. */
  readonly evidence?: Evidence;
  /** The run was a version already; nothing was written. */
  readonly existed: boolean;
  readonly tags: readonly string[];
  readonly event?: RegistryEvent;
}

/**
 * Makes a run a version: smoke-tests its predict command, pushes its files to the store, and records artifact, run,
 * profile, signature, lineage and the advisory decision in the registry, with a GTO tag. Bytes go first: a version
 * never points at something that is not there.
 *
 * Throws E_RUN_MISSING, E_RUN_DIRTY, E_RUN_CORRUPT, E_GIT_NO_REMOTE, E_REGISTRY_*, E_STORE_*, and what predict throws.
 */
export async function register(context: Context, request: RegisterRequestInput): Promise<RegisterResult> {
  const { project } = request;
  // What can be refused is refused before anything is computed or pushed: no remote, two stores, a damaged registry.
  const { store, remoteUrl } = await projectStore(context, project);
  const registry = projectRegistry(context);
  const snapshot = await registry.read();
  const before = writableState(snapshot);
  const { decision, evidence, key } = await decisionOn(context, request, snapshot);
  const model = decision.model;
  const run = await openRun(context.root, key);
  if (run === undefined) throw assayError('E_RUN_MISSING', { run: shortKey(key) });
  const { record } = run;
  if (record.git.dirty) throw assayError('E_RUN_DIRTY', { run: shortKey(key), model });
  if (request.decision === undefined) await smokeTest(context, project, run);

  const folder = modelFolder(run.folder);
  const artifact = await describeArtifact(folder, dvcPlace(model).output);
  const planner = planRegister({
    model,
    ...(request.version === undefined ? {} : { version: request.version }),
    ...(request.bump === undefined ? {} : { bump: request.bump }),
    artifact,
    run: record,
    runKey: record.key,
    profile: JSON.parse(await readFile(join(run.folder, 'profile.json'), 'utf8')),
    decision,
    signature: digestOf(record.signature),
    recipe: record.recipe,
    lineage: lineageOf(record, decision),
    ...(remoteUrl === undefined ? {} : { remoteUrl }),
  });
  planner(before, { now: context.clock.now(), by: (await context.actor()).name });
  const pushed = await pushArtifact(folder, artifact, store);
  context.log.info(`${pushed.written} object(s) pushed to ${store.describe().title}, ${pushed.present} there already`);

  const outcome = await registry.transact(planner);
  if (outcome.kind === 'refused') throw new TypeError('a registration is never refused');
  const { version, record: versionRecord, event } = outcome.result;
  const tags = outcome.kind === 'done' ? outcome.tags : [];
  return {
    model,
    version,
    record: versionRecord,
    decision,
    ...(evidence === undefined ? {} : { evidence }),
    existed: outcome.kind === 'nothing',
    tags,
    ...(event === undefined ? {} : { event }),
  };
}

/** The advisory decision on the run: made here, or handed over by an earlier job, and then of the very run. */
async function decisionOn(
  context: Context,
  { project, model, run, decision, evidence }: RegisterRequestInput,
  snapshot: Snapshot,
): Promise<{ readonly decision: Decision; readonly evidence?: Evidence; readonly key: Digest }> {
  if (decision === undefined) {
    const made = await evaluateGate(context, { project, model, run, snapshot });
    const { evidence: drawn } = made;
    return { decision: made.decision, key: made.run.key, ...(drawn === undefined ? {} : { evidence: drawn }) };
  }
  const { name } = modelOf(project, model ?? decision.model);
  const key = decision.candidate.run;
  const refuse = (reason: string) => assayError('E_DOCUMENT', { file: 'the decision', key: 'candidate', reason });
  if (decision.model !== name) throw refuse(`it is about "${decision.model}"`);
  if (key === undefined || (run !== undefined && !key.endsWith(run))) throw refuse('it is about another run');
  const own = evidenceOf(decision, { evidence: evidence === undefined ? [] : [evidence] });
  return { decision, key, ...(own === undefined ? {} : { evidence: own }) };
}

function lineageOf(record: RunRecord, { baseline }: Decision): VersionRecord['lineage'] {
  const { git, inputs } = record;
  const ends = learntUntil(record);
  return {
    ...(git.commit === undefined ? {} : { commit: git.commit }),
    data: [{ dataset: inputs.data.dataset, digest: inputs.data.digest }],
    ...(baseline.version === undefined ? {} : { baseline: baseline.version }),
    learntUntil: ends.length === 0 ? null : new Date(Math.max(...ends)).toISOString(),
  };
}

/** Predict has to work in a clean environment on rows it may meet, before the version exists (design §5). */
async function smokeTest(context: Context, project: Project, run: RunFolder): Promise<void> {
  const { model } = modelOf(project, run.record.inputs.model);
  const engine = await context.openEngine(projectFolders(project));
  try {
    // The holdout's rows are known to have an id; training rows need none.
    const rows = await smokeRows(context, project, engine, model);
    await context.log.group('smoke test of predict', () =>
      scoreModel(
        context,
        engine,
        { title: 'smoke test', folder: modelFolder(run.folder), record: run.record, code: 'commit' },
        rows,
      ),
    );
  } finally {
    await engine.close();
  }
}

async function smokeRows(context: Context, project: Project, engine: Engine, model: ModelConfig) {
  const dataset = await openDataset(context, project, engine, model.holdout.data ?? model.train.data);
  const selection = { limit: SMOKE_ROWS };
  const frame = await collect(engine.stream(dataset.source, selection));
  const ids = idsOf(frame, dataset.config.id ?? []);
  const named = [...ids.keys()].filter((row) => ids[row] !== null);
  return {
    dataset,
    shape: model,
    frame: selectFrame(frame, named),
    ids: named.map((row) => ids[row] as string),
    selection,
  };
}
