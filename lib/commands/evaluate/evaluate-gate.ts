import type { Engine } from '../../engine/engine.ts';
import { AssayError, assayError } from '../../errors.ts';
import type { Decision } from '../../gate/decision.ts';
import type { Evidence } from '../../gate/evidence/evidence.ts';
import type { ModelConfig } from '../../project/config.ts';
import { modelOf, type Project } from '../../project/project.ts';
import type { LookRequest } from '../../registry/look.ts';
import type { Snapshot } from '../../registry/snapshot.ts';
import { modelFolder, openRun, type RunFolder, runKeyOf } from '../../train/run-folder.ts';
import { shortKey } from '../../train/run-key.ts';
import type { RunRecord } from '../../train/run-record.ts';
import type { Context } from '../context.ts';
import { projectFolders } from '../open-dataset.ts';
import { readRegistry } from '../registry/open-registry.ts';
import { atThisCommit, identifyRun } from '../train/train.ts';
import { type AdvisoryContest, advisoryLook } from './advisory-look.ts';
import { type BaselinePlace, baselineSide } from './baseline-side.ts';
import { earlierContests } from './earlier-contests.ts';
import { provenSide } from './further-scores.ts';
import type { ContestedSide } from './score-both.ts';
import { seedSides } from './seed-sides.ts';
import { rulesAt } from './target-rules.ts';
import { tellingRows } from './telling-rows.ts';

export interface EvaluateRequest {
  readonly project: Project;
  readonly model?: string | undefined;
  /** The run to judge, by its key; the run of the present inputs when left out. */
  readonly run?: string | undefined;
  /** The stage whose holder is the baseline; the model's last stage when left out. */
  readonly stage?: string | undefined;
  /** Another baseline than the rules': `stage:NAME`, a version, `proven`, `constant`, `majority`, `file:PATH`. */
  readonly baseline?: string | undefined;
  /** The commit whose rules count, e.g. the target branch's on a pull request; the work tree's when left out. */
  readonly rulesFrom?: string | undefined;
  /**
   * Where the holdout has no halves every look counts. `record` (the default): it is pushed to the ledger before there is
   * an answer. `hand-over`: another job does that; the answer may not be shown before.
   */
  readonly looks?: 'record' | 'hand-over' | undefined;
  /** Fits the baseline's recipe on the candidate's rows too, where both recipe and rows are others (design §5). */
  readonly refit?: boolean | undefined;
  /** The registry, where it was read already; read here when left out. */
  readonly snapshot?: Snapshot | undefined;
}

export interface EvaluateResult {
  readonly decision: Decision;
  /** What the decision's numbers look like; absent where none was computed. */
  readonly evidence?: Evidence;
  /** The pull request's own rules' answer, where they differ from the target branch's. */
  readonly ownDecision?: Decision;
  /** Looks that the decisions rest on and that are not recorded yet (`hand-over`). */
  readonly looks: readonly LookRequest[];
  readonly run: RunRecord;
}

/**
 * Judges a run against what holds the stage, on the development half of the holdout: advisory, and repeatable as often
 * as one likes (design §5). The sealed half is opened by `promote` alone. Without halves every look is counted.
 */
export async function evaluateGate(context: Context, request: EvaluateRequest): Promise<EvaluateResult> {
  const { project } = request;
  const { name, model } = modelOf(project, request.model);
  const stage = stageOf(name, model, request.stage);
  const engine = await context.openEngine(projectFolders(project));
  try {
    const run = await candidateRun(context, engine, project, name, request.run);
    const snapshot = request.snapshot ?? (await readRegistry(context));
    const candidate: ContestedSide = {
      kind: 'run',
      label: `run ${shortKey(run.record.key)}`,
      model: { title: 'candidate', folder: modelFolder(run.folder), record: run.record, code: 'here' },
    };
    const earlier = await earlierContests(context, snapshot, name);
    const target = await rulesAt(context, project, name, request.rulesFrom, request.baseline);
    const judge = async (
      by: Pick<AdvisoryContest, 'project' | 'model' | 'rulesFrom'> & Pick<BaselinePlace, 'filesFrom'>,
    ) => {
      const rules = by.model.gate;
      const wanted = request.baseline ?? rules.baseline;
      const place = { model: name, stage, wanted, filesFrom: by.filesFrom };
      const baseline = await baselineSide(context, by.project, snapshot, place);
      const proven = await provenSide(
        context,
        by.project,
        snapshot,
        { model: name, stage },
        { rules, candidate, baseline },
      );
      const seeds = await seedSides(context, { project, name, rules, run });
      const others = proven === undefined ? seeds : [proven, ...seeds];
      const stays = holderOf(snapshot, name, stage);
      const looks = request.looks ?? 'record';
      const contest: AdvisoryContest = {
        ...by,
        context,
        engine,
        snapshot,
        name,
        stage,
        rules,
        candidate,
        baseline,
        stays,
        looks,
        refit: request.refit === true && model.train.refit !== false && by.rulesFrom !== 'pull request',
        proven,
        seeds,
        others,
        earlier,
      };
      return tellingRows({ ...contest, sides: [baseline] }, () => advisoryLook(contest));
    };
    const { decision, evidence, look } = await judge({ ...target, rulesFrom: target.from, filesFrom: target.commit });
    const own = target.own;
    const proposed =
      own === undefined
        ? undefined
        : await withoutBaselineFile(context, () => judge({ project, model: own, rulesFrom: 'pull request' }));
    return {
      decision,
      run: run.record,
      looks: [look, proposed?.look].filter((one) => one !== undefined),
      ...(evidence === undefined ? {} : { evidence }),
      ...(proposed === undefined ? {} : { ownDecision: proposed.decision }),
    };
  } finally {
    await engine.close();
  }
}

/** A change that takes the baseline's predictions away has no answer of its own; the target's stands. */
async function withoutBaselineFile<T>(context: Context, body: () => Promise<T>): Promise<T | undefined> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof AssayError) || error.code !== 'E_BASELINE_FILE') throw error;
    context.log.warning(`no answer by the change's own rules: ${error.message}`);
    return undefined;
  }
}

/** The stage that is asked for, else the last of the model's. Throws E_STAGE_UNKNOWN. */
export function stageOf(name: string, model: ModelConfig, wanted: string | undefined): string {
  const stage = wanted ?? model.stages.at(-1);
  if (stage === undefined || !model.stages.includes(stage)) {
    throw assayError('E_STAGE_UNKNOWN', { stage: stage ?? '', model: name, known: model.stages });
  }
  return stage;
}

export function holderOf(snapshot: Snapshot | undefined, model: string, stage: string): string | undefined {
  return snapshot?.state.models.get(model)?.stages.get(stage)?.holder ?? undefined;
}

async function candidateRun(
  context: Context,
  engine: Engine,
  project: Project,
  model: string,
  wanted: string | undefined,
): Promise<RunFolder> {
  const key =
    wanted === undefined
      ? (await identifyRun(context, engine, project, model)).key
      : await runKeyOf(context.root, wanted);
  const run = await openRun(context.root, key);
  if (run === undefined) throw assayError('E_RUN_MISSING', { run: shortKey(key) });
  // A run that is named may be of another commit; one that the work tree identifies is of this one too.
  return wanted === undefined ? atThisCommit(context, run) : run;
}
