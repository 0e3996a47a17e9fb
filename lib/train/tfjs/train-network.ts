import type { Frame } from '../../engine/frame.ts';
import { encodeColumns, type InputColumn, inputWidth } from '../../model/input-columns.ts';
import { type DenseLayer, layerSizes, scoreNetwork } from '../../model/network.ts';
import type { BuiltInTask } from '../../model/signature.ts';
import type { Progress } from '../../ports.ts';
import type { TfjsBackend } from './backend.ts';
import { buildNetwork } from './build-network.ts';
import { fitColumns, moments } from './fit-columns.ts';
import { fitNetwork } from './fit-network.ts';
import type { NetworkParameters } from './network-parameters.ts';

export interface NetworkRequest {
  readonly frame: Frame;
  readonly features: readonly string[];
  readonly target: Float64Array;
  readonly task: BuiltInTask;
  readonly parameters: NetworkParameters;
  readonly seed: number;
  readonly trainer: 'logistic' | 'mlp';
  readonly backend: TfjsBackend;
  readonly progress: Progress;
}

export interface TrainedNetwork {
  readonly columns: InputColumn[];
  readonly layers: readonly DenseLayer[];
  /** The network as TensorFlow.js's layers format describes it. */
  readonly topology: unknown;
  /** Scores of the training rows. */
  readonly scores: Float64Array;
}

/**
 * Trains a dense network (without hidden layers: a linear model) on TensorFlow.js. For a regression the target is
 * standardised while training, and the last layer rescaled afterwards, so that the network itself gives the target's
 * unit. Same rows, parameters, seed and backend: same bits.
 */
export async function trainNetwork(request: NetworkRequest): Promise<TrainedNetwork> {
  const { frame, task, parameters, seed } = request;
  const { tf } = request.backend;
  const columns = fitColumns(frame, request.features, parameters.max_categories);
  const encoded = encodeColumns(frame, columns);
  const width = inputWidth(columns);
  const unit = task === 'regression' ? moments(request.target) : { mean: 0, deviation: 1 };
  const scale = unit.deviation > 0 ? unit.deviation : 1;
  const target = request.target.map((y) => (y - unit.mean) / scale);
  const model = buildNetwork(tf, width, task, parameters.hidden, seed);
  try {
    const initial = readLayers(model, width, parameters.hidden);
    const fitted = await fitNetwork(initial, { ...request, tf, columns: encoded, width, target });
    const layers = rescaleLast(fitted, unit.mean, scale);
    const topology: unknown = model.toJSON(null, false);
    return { columns, layers, topology, scores: scoreNetwork(layers, encoded, frame.rows, task) };
  } finally {
    model.dispose();
  }
}

function readLayers(model: ReturnType<typeof buildNetwork>, width: number, hidden: readonly number[]): DenseLayer[] {
  const weights = model.getWeights().map((tensor) => Float32Array.from(tensor.dataSync()));
  return layerSizes(width, hidden).map(({ inputs, units }, i) => ({
    inputs,
    units,
    kernel: weights[2 * i] ?? new Float32Array(0),
    bias: weights[2 * i + 1] ?? new Float32Array(0),
  }));
}

function rescaleLast(layers: readonly DenseLayer[], mean: number, scale: number): DenseLayer[] {
  return layers.map((layer, i) =>
    i < layers.length - 1
      ? layer
      : { ...layer, kernel: layer.kernel.map((w) => w * scale), bias: layer.bias.map((b) => b * scale + mean) },
  );
}
