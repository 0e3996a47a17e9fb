import { z } from 'zod';
import { Digest } from '../digest.ts';

/** An artifact of a version: DVC's address for the bytes, SHA-256 as the seal (design §6). */
export const ArtifactRecord = z.strictObject({
  path: z.string(),
  size: z.number().int(),
  /** `<32 hex>` of a file, `<32 hex>.dir` of a folder: where it lies in the store, as DVC lays it out. */
  md5: z.string(),
  /** Files of a folder, sorted by path; one entry for a single file. */
  files: z.array(z.strictObject({ path: z.string(), size: z.number().int(), md5: z.string(), sha256: Digest })),
});
export type ArtifactRecord = z.infer<typeof ArtifactRecord>;

/** `models/<model>/versions/<semver>.json`: a version, never changed after it is written. */
export const VersionRecord = z.strictObject({
  schema: z.literal('assay/version/1'),
  model: z.string(),
  version: z.string(),
  artifact: ArtifactRecord,
  /** Digests of records beside this one: `runs/`, `profiles/`, `decisions/`. */
  run: Digest,
  /** The key of that run, the identity of its inputs: the same run is not registered twice. */
  runKey: Digest.optional(),
  profile: Digest,
  decision: Digest.optional(),
  /** Digest of the signature inside the run record. */
  signature: Digest,
  recipe: Digest,
  lineage: z.strictObject({
    commit: z.string().optional(),
    data: z.array(z.strictObject({ dataset: z.string(), digest: Digest })),
    /** The version it was compared with when it was registered. */
    baseline: z.string().optional(),
    /** End (ISO, exclusive) of the rows that it was trained and tuned on; null where rows have no time. */
    learntUntil: z.string().nullable().optional(),
  }),
  registeredAt: z.string(),
  registeredBy: z.string(),
});
export type VersionRecord = z.infer<typeof VersionRecord>;

/** `models/<model>/events/<000001>-<kind>.json`: one change of the registry, numbered by model. */
export const RegistryEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    schema: z.literal('assay/event/1'),
    kind: z.literal('register'),
    sequence: z.number().int(),
    model: z.string(),
    version: z.string(),
    at: z.string(),
    by: z.string(),
  }),
  z.strictObject({
    schema: z.literal('assay/event/1'),
    kind: z.literal('promote'),
    sequence: z.number().int(),
    model: z.string(),
    stage: z.string(),
    version: z.string(),
    /** What held the stage before; null when nobody did. The swap is refused when this is no longer so. */
    replaced: z.string().nullable(),
    decision: Digest.optional(),
    /** Set when the gate's answer was overruled. */
    override: z.strictObject({ reason: z.string(), verdict: z.string() }).optional(),
    /** The version was shown better, not only not worse: the creep guard compares with the last such version. */
    provenBetter: z.boolean(),
    at: z.string(),
    by: z.string(),
  }),
  z.strictObject({
    schema: z.literal('assay/event/1'),
    kind: z.literal('rollback'),
    sequence: z.number().int(),
    model: z.string(),
    stage: z.string(),
    version: z.string(),
    /** The version that is left: quarantined, and not promoted automatically again. */
    replaced: z.string(),
    reason: z.string(),
    at: z.string(),
    by: z.string(),
  }),
  z.strictObject({
    schema: z.literal('assay/event/1'),
    kind: z.literal('release'),
    sequence: z.number().int(),
    model: z.string(),
    /** Lifted from quarantine. */
    version: z.string(),
    reason: z.string(),
    at: z.string(),
    by: z.string(),
  }),
]);
export type RegistryEvent = z.infer<typeof RegistryEvent>;

/**
 * `models/<model>/predictions/<digest of version and holdout>.json`: what a version predicted on a holdout it was judged
 * on. Stands for the version on the same examples where it cannot be scored again.
 */
export const StoredPredictions = z.strictObject({
  schema: z.literal('assay/stored-predictions/1'),
  model: z.string(),
  version: z.string(),
  holdout: Digest,
  rows: z.number().int(),
  /** sha256 over the scores (64-bit floats, little-endian) in ascending order of id. */
  predictions: Digest,
  artifact: ArtifactRecord,
});
export type StoredPredictions = z.infer<typeof StoredPredictions>;

/**
 * `models/<model>/looks/<000001>.json`: one look at a sealed holdout, written and pushed **before** its result is
 * shown. A look without a decision (a crash between the two) still counts: it fails closed.
 */
export const LookRecord = z.strictObject({
  schema: z.literal('assay/look/1'),
  sequence: z.number().int(),
  model: z.string(),
  /** Digests of holdout, rules and predictions: the same three are the same look and cost nothing again. */
  look: Digest,
  holdout: Digest,
  rules: Digest,
  predictions: z.array(Digest),
  /** The window's span; ISO times, `to` exclusive. */
  from: z.string().optional(),
  to: z.string().optional(),
  rows: z.number().int(),
  /** The smallest hashes of the holdout's ids (KMV sketch, 16 hex digits each, sorted): tells holdouts that share ids. */
  ids: z.array(z.string()),
  at: z.string(),
  by: z.string(),
});
export type LookRecord = z.infer<typeof LookRecord>;
