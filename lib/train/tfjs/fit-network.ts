import { setImmediate } from 'node:timers/promises';
import type { Rank, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import { assayError } from '../../errors.ts';
import type { EncodedColumn } from '../../model/input-columns.ts';
import type { DenseLayer } from '../../model/network.ts';
import type { BuiltInTask } from '../../model/signature.ts';
import type { Progress } from '../../ports.ts';
import { createRandom } from '../../stats/resampling/random.ts';
import { shuffle } from '../shuffle.ts';
import type { Tf } from './backend.ts';
import type { NetworkParameters } from './network-parameters.ts';

/** The random stream of the order of rows; other uses of a run's seed have others. */
const STREAM = 2;

/** Steps between two looks at whether the weights are still numbers. */
const CHECK_EVERY = 50;

export interface FitRequest {
  readonly tf: Tf;
  readonly columns: readonly EncodedColumn[];
  readonly width: number;
  readonly target: Float64Array;
  readonly task: BuiltInTask;
  readonly parameters: NetworkParameters;
  readonly seed: number;
  readonly trainer: string;
  readonly progress: Progress;
}

interface DenseVariables {
  readonly kernel: Variable<Rank.R2>;
  readonly bias: Variable<Rank.R1>;
}

/**
 * Trains dense layers from their initial weights with Adam on shuffled batches, and returns them trained. The order of
 * rows comes from the seed alone; TensorFlow.js's own `fit` would draw it from Math.random.
 * Throws E_TRAINER_DIVERGED.
 */
export async function fitNetwork(initial: readonly DenseLayer[], request: FitRequest): Promise<DenseLayer[]> {
  const { tf, columns, width, target, task, parameters, progress, trainer } = request;
  const layers = initial.map(({ inputs, units, kernel, bias }) => ({
    kernel: tf.variable(tf.tensor2d(kernel, [inputs, units])),
    bias: tf.variable(tf.tensor1d(bias)),
  }));
  const optimizer = decayingAdam(tf, parameters.learning_rate);
  const nextBatch = batches(target.length, parameters.batch_size, request.seed);
  try {
    for (let step = 1; step <= parameters.steps; step++) {
      optimizer.decay(1 - (step - 1) / parameters.steps);
      const rows = nextBatch();
      tf.tidy(() => {
        const x = tf.tensor2d(denseBatch(columns, rows, width), [rows.length, width]);
        const y = tf.tensor2d(
          Float32Array.from(rows, (row) => target[row] as number),
          [rows.length, 1],
        );
        optimizer.applyGradients(gradients(tf, layers, x, y, task, parameters.l2));
      });
      if ((step % CHECK_EVERY === 0 || step === parameters.steps) && !areNumbers(layers)) {
        throw assayError('E_TRAINER_DIVERGED', { trainer, step });
      }
      progress.report({ title: trainer, done: step, total: parameters.steps });
      await setImmediate();
    }
    return initial.map(({ inputs, units }, i) => ({
      inputs,
      units,
      kernel: Float32Array.from(layers[i]?.kernel.dataSync() ?? []),
      bias: Float32Array.from(layers[i]?.bias.dataSync() ?? []),
    }));
  } finally {
    optimizer.dispose();
    tf.dispose(layers.flatMap(({ kernel, bias }) => [kernel, bias]));
  }
}

/**
 * Gradients of the mean log loss (binary) or half the mean squared error, and of the L2 penalty, with their variables' names.
 * Back-propagation written out: TensorFlow.js's own multiplies by transposed matrices, which the WebAssembly backend
 * does in a plain loop (most of the time of a step); transposed first, XNNPACK does it. Of a product's two factors it is
 * the narrow one that is transposed.
 */
function gradients(
  tf: Tf,
  layers: readonly DenseVariables[],
  x: Tensor2D,
  y: Tensor2D,
  task: BuiltInTask,
  l2: number,
): { name: string; tensor: Tensor }[] {
  const inputs: Tensor2D[] = [];
  let output = x;
  for (const [i, { kernel, bias }] of layers.entries()) {
    inputs.push(output);
    const raw: Tensor2D = tf.add(tf.matMul(output, kernel), bias);
    output = i < layers.length - 1 ? tf.relu(raw) : task === 'binary' ? tf.sigmoid(raw) : raw;
  }
  const named: { name: string; tensor: Tensor }[] = [];
  let delta: Tensor2D = tf.mul(tf.sub(output, y), 1 / x.shape[0]);
  for (let i = layers.length - 1; i >= 0; i--) {
    const layer = layers[i];
    const input = inputs[i];
    if (layer === undefined || input === undefined) break;
    const penalty: Tensor2D = tf.mul(layer.kernel, 2 * l2);
    const kernel = tf.add(tf.transpose(tf.matMul(tf.transpose(delta), input)), penalty);
    named.push({ name: layer.kernel.name, tensor: kernel }, { name: layer.bias.name, tensor: tf.sum(delta, 0) });
    if (i > 0) delta = tf.mul(tf.matMul(delta, tf.transpose(layer.kernel)), tf.step(input));
  }
  return named;
}

function areNumbers(layers: readonly DenseVariables[]): boolean {
  return layers.every(({ kernel, bias }) =>
    [kernel, bias].every((variable) => variable.dataSync().every((value) => Number.isFinite(value))),
  );
}

/** Adam whose learning rate can be lowered between steps, which the class itself does not offer. */
function decayingAdam(tf: Tf, learningRate: number) {
  class DecayingAdam extends tf.AdamOptimizer {
    decay(factor: number): void {
      this.learningRate = learningRate * factor;
    }
  }
  return new DecayingAdam(learningRate, 0.9, 0.999);
}

/** Row numbers batch by batch, shuffled anew after every pass; a batch never has a row twice. */
function batches(rows: number, size: number, seed: number): () => Int32Array {
  const random = createRandom([seed >>> 0, 0], STREAM);
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  const batch = Math.min(size, rows);
  let next = rows;
  return () => {
    if (next + batch > rows) {
      shuffle(order, random);
      next = 0;
    }
    next += batch;
    return order.slice(next - batch, next);
  };
}

function denseBatch(columns: readonly EncodedColumn[], rows: Int32Array, width: number): Float32Array {
  const dense = new Float32Array(rows.length * width);
  for (const { slot, value } of columns) {
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number;
      const at = slot[row] as number;
      if (at >= 0) dense[i * width + at] = value[row] as number;
    }
  }
  return dense;
}
