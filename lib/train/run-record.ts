import { z } from 'zod';
import { Digest, digestOf } from '../digest.ts';
import { Signature } from '../model/signature.ts';

/** A JSON scalar, as parameters have them. */
export const Parameter = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Parameter = z.infer<typeof Parameter>;

/** One file that went into or came out of a run; `path` is relative with forward slashes. */
export const FileDigest = z.strictObject({ path: z.string(), size: z.number().int(), sha256: Digest });
export type FileDigest = z.infer<typeof FileDigest>;

/**
 * Everything that decides what a run makes; its digest is the run's key (design §7). Never the commit: a squash merge
 * changes that and nothing else.
 */
export const RunInputs = z.strictObject({
  schema: z.literal('assay/run-inputs/1'),
  model: z.string(),
  /** The user's command as arguments, or a built-in trainer. */
  recipe: z.union([z.strictObject({ command: z.array(z.string()) }), z.strictObject({ trainer: z.string() })]),
  /** The user's command that scores rows, as arguments; absent for a built-in model. */
  predict: z.array(z.string()).optional(),
  parameters: z.record(z.string(), Parameter),
  seed: z.number().int(),
  target: z.string(),
  /** The training rows: dataset, digest of its files, window (ISO times, `from` inclusive, `to` exclusive). */
  data: z.strictObject({ dataset: z.string(), digest: Digest, from: z.string().optional(), to: z.string().optional() }),
  /** Datasets that parameters were chosen on (`train.tuned_on`), by name; absent where there are none. */
  tuned: z
    .array(
      z.strictObject({ dataset: z.string(), digest: Digest, from: z.string().optional(), to: z.string().optional() }),
    )
    .optional(),
  /** Git blob ids of what the run depends on, by path. */
  dependencies: z.record(z.string(), z.string()),
  /** Digest of the environment's lock files, by path. */
  environment: z.record(z.string(), z.string()),
  /** e.g. `assay-trees/1`, `tfjs-wasm/4.22.0`, `command`. */
  backend: z.string(),
  tool: z.string(),
});
export type RunInputs = z.infer<typeof RunInputs>;

/** What `train` writes to `.assay/runs/<key>/run.json`. */
export const RunRecord = z.strictObject({
  schema: z.literal('assay/run/1'),
  /** The digest of `inputs`. */
  key: Digest,
  inputs: RunInputs,
  /** Digest of the inputs without data: two runs of one recipe differ in data alone. */
  recipe: Digest,
  git: z.strictObject({ commit: z.string().optional(), branch: z.string().optional(), dirty: z.boolean() }),
  /** Files of `.assay/runs/<key>/model/`. */
  outputs: z.array(FileDigest),
  /** Rows the model was trained on. */
  rows: z.number().int(),
  metrics: z.record(z.string(), z.number()),
  /**
   * The smallest hashes of the ids of the rows it was trained and tuned on (16 hex digits each, sorted), never the ids:
   * tells a holdout that shares some. Absent where the dataset has no id.
   */
  ids: z.strictObject({ columns: z.array(z.string()), sketch: z.array(z.string()) }).optional(),
  signature: Signature,
  /** Digest of profile.json beside this record. */
  profile: Digest,
  environment: z.strictObject({ node: z.string(), platform: z.string(), arch: z.string(), assay: z.string() }),
  startedAt: z.string(),
  /** Seconds of wall time. */
  duration: z.number(),
  /** Of this record without `git`, which a squash merge changes, and this: a damaged byte anywhere is noticed. */
  digest: Digest.optional(),
});
export type RunRecord = z.infer<typeof RunRecord>;

/** What `digest` of a record has to be. */
export function recordDigest({ git: _git, digest: _digest, ...rest }: RunRecord): Digest {
  return digestOf(rest);
}
