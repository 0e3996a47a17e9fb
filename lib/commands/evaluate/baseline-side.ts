import { AssayError, assayError } from '../../errors.ts';
import { BASELINE_FORMS, type BaselineChoice, parseBaseline } from '../../gate/baseline.ts';
import { modelOf, type Project } from '../../project/project.ts';
import { baselineVersion } from '../../registry/baseline-version.ts';
import type { Snapshot } from '../../registry/snapshot.ts';
import { stateFolder } from '../../train/run-folder.ts';
import { RunRecord } from '../../train/run-record.ts';
import type { Context } from '../context.ts';
import { readDocument } from '../registry/open-registry.ts';
import { registeredModel, versionRecord } from '../registry/registered-model.ts';
import { baselineFile } from './baseline-file.ts';
import type { ContestedSide } from './score-both.ts';

/** Who is compared with whom, for which stage. */
export interface BaselinePlace {
  readonly model: string;
  readonly stage: string;
  /** A baseline as it is written; what holds the stage when left out. */
  readonly wanted?: string | undefined;
  /** Commit whose file a `file:` baseline is; the work tree's when left out. */
  readonly filesFrom?: string | undefined;
}

/** The choice that a text makes. Throws E_BASELINE. */
export function baselineChoice(wanted: string | undefined): BaselineChoice | undefined {
  if (wanted === undefined) return undefined;
  const choice = parseBaseline(wanted);
  if (choice === undefined) throw assayError('E_BASELINE', { wanted, forms: BASELINE_FORMS });
  return choice;
}

/**
 * What the candidate is compared with (design §5): the stage's holder, or what is named instead; the constant model where
 * that is nobody yet. Throws E_BASELINE, E_STAGE_UNKNOWN, E_VERSION_NONE, E_BASELINE_FILE, E_PATH_OUTSIDE.
 */
export async function baselineSide(
  context: Context,
  project: Project,
  snapshot: Snapshot | undefined,
  { model, stage, wanted, filesFrom }: BaselinePlace,
): Promise<ContestedSide> {
  const choice = baselineChoice(wanted);
  if (choice?.kind === 'constant') return { kind: 'constant', of: choice.of };
  if (choice?.kind === 'file') {
    const file = await baselineFile(context, project, choice.path, filesFrom);
    const from = filesFrom === undefined ? '' : ` at ${filesFrom.slice(0, 12)}`;
    return { kind: 'predictions', label: `${choice.path}${from}`, file };
  }
  if (choice?.kind === 'stage') requireStage(project, model, choice.stage);
  const version = baselineVersion(snapshot?.state.models.get(model), choice, stage);
  if (version === null) return { kind: 'constant', of: 'mean' };
  if (snapshot === undefined) throw assayError('E_VERSION_NONE', { model, wanted: version });
  return versionSide(context, project, snapshot, model, version);
}

function requireStage(project: Project, name: string, stage: string): void {
  const { stages } = modelOf(project, name).model;
  if (!stages.includes(stage)) throw assayError('E_STAGE_UNKNOWN', { stage, model: name, known: stages });
}

/** A version, also one whose files are gone from the store: its stored predictions may stand for it. */
async function versionSide(
  context: Context,
  project: Project,
  snapshot: Snapshot,
  model: string,
  version: string,
): Promise<ContestedSide> {
  const record = versionRecord(snapshot.state.models.get(model), model, version);
  const title = `baseline ${version}`;
  try {
    const { scoring } = await registeredModel(context, project, snapshot, record, title);
    return { kind: 'version', label: version, version, model: scoring };
  } catch (error) {
    if (!(error instanceof AssayError) || error.code !== 'E_STORE_OBJECT_MISSING') throw error;
    const run = await readDocument(context, snapshot, { model, kind: 'runs', digest: record.run }, RunRecord);
    const folder = await stateFolder(context.root);
    const scoring = { title, folder, record: run, code: 'commit' } as const;
    return { kind: 'version', label: version, version, model: scoring, missing: error };
  }
}
