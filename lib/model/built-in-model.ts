import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Frame } from '../engine/frame.ts';
import { assayError, messageOf } from '../errors.ts';
import { systemCode } from '../system-code.ts';
import { checkFrame } from './check-frame.ts';
import { encodeColumns, inputWidth, Preprocess } from './input-columns.ts';
import { MODEL_FILE, ModelFile, PREPROCESS_FILE, WEIGHTS_FILE } from './model-file.ts';
import { layerSizes, scoreNetwork, unpackWeights, weightBytes } from './network.ts';
import { compileTrees, scoreTrees } from './score-trees.ts';
import type { Signature } from './signature.ts';

/** Largest file of a model that is read into memory: bytes; ours to choose. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** A model of one of the built-in trainers, ready to score. */
export interface BuiltInModel {
  readonly kind: ModelFile['kind'];
  readonly signature: Signature;
  /**
   * One score a row: the probability of class 1, or the predicted value. The same rows give the same bits on every
   * machine. Throws E_MODEL_COLUMN_MISSING and E_MODEL_COLUMN_TYPE when `frame` does not fit the signature.
   */
  score(frame: Frame): Float64Array;
}

/**
 * Reads the model in `folder`. Nothing in the files is executed; sizes and structure are checked first.
 * Throws E_MODEL_MISSING, and E_MODEL_CORRUPT naming the file.
 */
export async function loadBuiltInModel(folder: string): Promise<BuiltInModel> {
  const file = await readJson(join(folder, MODEL_FILE), ModelFile);
  const { signature } = file;
  const score = file.kind === 'trees' ? treeScorer(folder, file) : await networkScorer(folder, file);
  return {
    kind: file.kind,
    signature,
    score: (frame) => {
      checkFrame(frame, signature.inputs);
      return score(frame);
    },
  };
}

function treeScorer(folder: string, { signature, trees }: Extract<ModelFile, { kind: 'trees' }>) {
  sameColumns(join(folder, MODEL_FILE), signature, trees.columns);
  const compiled = compileTrees(trees.columns, trees.trees);
  return (frame: Frame) => scoreTrees(trees, compiled, signature.task, frame);
}

async function networkScorer(folder: string, file: Exclude<ModelFile, { kind: 'trees' }>) {
  const { columns } = await readJson(join(folder, PREPROCESS_FILE), Preprocess);
  sameColumns(join(folder, PREPROCESS_FILE), file.signature, columns);
  const sizes = layerSizes(inputWidth(columns), file.kind === 'mlp' ? file.hidden : []);
  const path = join(folder, WEIGHTS_FILE);
  const bytes = await readBytes(path);
  if (bytes.length !== weightBytes(sizes)) {
    throw corrupt(path, `${bytes.length} bytes instead of ${weightBytes(sizes)}`);
  }
  const layers = unpackWeights(bytes, sizes);
  if (layers.some(({ kernel, bias }) => ![...kernel, ...bias].every(Number.isFinite))) {
    throw corrupt(path, 'a weight is not a finite number');
  }
  return (frame: Frame) => scoreNetwork(layers, encodeColumns(frame, columns), frame.rows, file.signature.task);
}

function sameColumns(path: string, signature: Signature, columns: readonly { readonly name: string }[]): void {
  const inputs = signature.inputs.map(({ name }) => name);
  if (inputs.length !== columns.length || columns.some(({ name }, i) => name !== inputs[i])) {
    throw corrupt(path, 'its columns are not those of the signature');
  }
}

async function readJson<T extends z.ZodType>(path: string, schema: T): Promise<z.infer<T>> {
  const bytes = await readBytes(path);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw corrupt(path, `not JSON (${messageOf(error)})`, error);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw corrupt(path, `${issue?.path.join('.') || 'document'}: ${issue?.message ?? 'invalid'}`, parsed.error);
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) throw corrupt(path, `${size} bytes are more than the ${MAX_FILE_BYTES} allowed`);
    return await readFile(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') {
      throw path.endsWith(MODEL_FILE)
        ? assayError('E_MODEL_MISSING', { file: path }, error)
        : corrupt(path, 'it is missing', error);
    }
    throw error;
  }
}

function corrupt(file: string, reason: string, cause?: unknown) {
  return assayError('E_MODEL_CORRUPT', { file, reason }, cause);
}
