import type { Frame } from '../engine/frame.ts';
import { assayError } from '../errors.ts';
import { METRICS } from '../metrics/metrics.ts';
import { inferSignature } from '../model/infer-signature.ts';
import type { BuiltInTask } from '../model/signature.ts';
import type { Log, Progress } from '../ports.ts';
import type { Parameter } from './run-record.ts';
import { saveNetwork, saveTrees } from './save-model.ts';
import { takeRows } from './take-rows.ts';
import { labelledRows } from './target-values.ts';
import { type TfjsOptions, tfjsBackend } from './tfjs/backend.ts';
import { trainNetwork } from './tfjs/train-network.ts';
import { type Trainer, type TrainerParameters, trainerParameters } from './trainer-parameters.ts';
import { boost } from './trees/boost.ts';

/** Changes whenever the same inputs would give other trees. */
const TREES_BACKEND = 'assay-trees/1';

export interface TrainRequest extends TfjsOptions {
  readonly trainer: Trainer;
  readonly frame: Frame;
  /** Columns to learn from, in the model's order. */
  readonly features: readonly string[];
  readonly target: string;
  readonly task: BuiltInTask;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly seed: number;
  /** Where the model's files go. */
  readonly folder: string;
  readonly log: Log;
  readonly progress: Progress;
}

export interface TrainResult {
  /** As in the run's identity. */
  readonly backend: string;
  /** On the training rows themselves: for a glance at the fit, never for a decision. */
  readonly metrics: Record<string, number>;
  /** Rows that were learnt from, and rows left out because their target is not known. */
  readonly rows: number;
  readonly unlabelled: number;
}

/** What a trainer will run on, without training: the run's identity needs it. */
export async function backendOf(trainer: Trainer, options: TfjsOptions = {}): Promise<string> {
  return trainer === 'trees' ? TREES_BACKEND : (await tfjsBackend(options)).name;
}

/**
 * Trains a built-in trainer on `frame` and writes the model to `folder`.
 * Throws E_TRAINER_* and E_MODEL_* before anything is written; see lib/errors/model.ts.
 */
export async function trainBuiltIn(request: TrainRequest): Promise<TrainResult> {
  const { features, target, task, log } = request;
  const chosen = trainerParameters(request.trainer, request.parameters);
  checkFeatures(features, target);
  const signature = inferSignature({ frame: request.frame, features, target, task });
  const labelled = labelledRows(request.frame, target, task);
  const unlabelled = request.frame.rows - labelled.rows.length;
  if (unlabelled > 0) log.info(`${unlabelled} of ${request.frame.rows} rows have no value in "${target}": left out`);
  const frame = takeRows(request.frame, labelled.rows);
  const { backend, scores } = await run(chosen, request, { ...labelled, frame }, signature);
  return { backend, metrics: trainingMetrics(task, labelled.target, scores), rows: frame.rows, unlabelled };
}

async function run(
  chosen: TrainerParameters,
  { folder, features, task, seed, progress, log, wasmFolder, native }: TrainRequest,
  { frame, target }: { readonly frame: Frame; readonly target: Float64Array },
  signature: ReturnType<typeof inferSignature>,
): Promise<{ backend: string; scores: Float64Array }> {
  const common = { frame, features, target, task, seed, progress };
  if (chosen.trainer === 'trees') {
    const { ensemble, scores, watched } = await boost({ ...common, parameters: chosen.parameters });
    if (watched > 0) log.info(`kept ${ensemble.trees.length} trees, judged on ${watched} rows set aside`);
    if (ensemble.trees.every((tree) => tree.feature.length === 1)) {
      log.warning('no split improves the fit: the model is a constant');
    }
    await saveTrees(folder, signature, ensemble);
    return { backend: TREES_BACKEND, scores };
  }
  const backend = await tfjsBackend({ wasmFolder, ...(native === undefined ? {} : { native }) });
  const trained = await trainNetwork({ ...common, ...chosen, backend });
  await saveNetwork(folder, signature, { trainer: chosen.trainer, hidden: chosen.parameters.hidden }, trained);
  return { backend: backend.name, scores: trained.scores };
}

function checkFeatures(features: readonly string[], target: string): void {
  if (features.length === 0) throw assayError('E_TRAINER_NO_FEATURES', { target });
  for (const [i, column] of features.entries()) {
    if (column === target) throw assayError('E_TRAINER_FEATURE', { column, reason: 'it is the target' });
    if (features.indexOf(column) < i) throw assayError('E_TRAINER_FEATURE', { column, reason: 'it is listed twice' });
  }
}

/** The task's metrics under names that cannot be mistaken for the gate's: `train_roc_auc`. */
function trainingMetrics(task: BuiltInTask, labels: Float64Array, scores: Float64Array): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const [name, metric] of Object.entries(METRICS)) {
    const estimate = metric.task === task ? metric.estimate({ labels, scores, threshold: 0.5 }) : undefined;
    if (estimate !== undefined) metrics[`train_${name}`] = estimate.value;
  }
  return metrics;
}
