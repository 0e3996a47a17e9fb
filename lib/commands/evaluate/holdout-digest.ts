import { type Digest, digestOf, sha256 } from '../../digest.ts';
import type { TaskParts } from '../../gate/evidence/paired-examples.ts';

/**
 * The digest of labelled examples: ids, labels and what else a metric computes from (weights, queries, series). Known by
 * the examples, not by the files they came from: appended rows of another window change nothing.
 *
 * @param place what else tells the holdout apart, e.g. its dataset and half
 */
export function examplesDigest(
  place: Readonly<Record<string, string>>,
  {
    ids,
    labels,
    classes,
    weights,
    queries,
    series,
    scales,
  }: TaskParts & { readonly ids: readonly string[]; readonly labels: Float64Array },
): Digest {
  const parts = { weights, queries, series, scales };
  return digestOf({
    ...place,
    ids: sha256(ids.join('\n')),
    labels: sha256(bytesOf(labels)),
    // The labels are indices of these.
    ...(classes === undefined ? {} : { classes }),
    ...Object.fromEntries(
      Object.entries(parts).flatMap(([name, values]) =>
        values === undefined ? [] : [[name, sha256(bytesOf(values))]],
      ),
    ),
  });
}

/** The bytes of a typed array, as they are in memory: little-endian on every machine that Node runs on. */
export function bytesOf(values: Float64Array | Int32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
