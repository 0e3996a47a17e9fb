import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { BuiltInTask } from '../../model/signature.ts';
import type { Tf } from './backend.ts';

/**
 * The network before training. Names and seeds are given, so that neither what was built before in this process nor
 * chance shows in the saved file. The output layer begins at zero: training starts from the same loss for every seed.
 */
export function buildNetwork(
  tf: Tf,
  width: number,
  task: BuiltInTask,
  hidden: readonly number[],
  seed: number,
): LayersModel {
  const input = tf.input({ shape: [width], name: 'input' });
  let output = input;
  for (const [i, units] of hidden.entries()) {
    const kernelInitializer = tf.initializers.heUniform({ seed: seed + i });
    const layer = tf.layers.dense({
      name: `hidden_${i + 1}`,
      units,
      activation: 'relu',
      kernelInitializer,
    });
    output = symbolic(layer.apply(output), output);
  }
  const last = tf.layers.dense({
    name: 'score',
    units: 1,
    activation: task === 'binary' ? 'sigmoid' : 'linear',
    kernelInitializer: 'zeros',
  });
  return tf.model({ inputs: input, outputs: symbolic(last.apply(output), output), name: 'assay' });
}

/** A layer applied to one symbolic tensor gives one; the types allow for many. */
function symbolic<T extends object>(result: object, like: T): T {
  if (Array.isArray(result)) throw new TypeError('one tensor expected');
  return result as typeof like;
}
