import { z } from 'zod';
import { Digest } from '../../digest.ts';

/** Scores of one side on a holdout, in ascending order of id. */
const SideScores = z.strictObject({
  /** The version; null for a constant model or a file of predictions. */
  version: z.string().nullable(),
  scores: z.array(z.number()),
});

const Bytes = z.number().int().min(0);

/**
 * What a job that may run anybody's code hands to the job that may write: both sides' scores on the sealed half, and
 * nothing computed from them. The writing job checks that they are of the holdout, the versions and the length that it
 * finds itself; a forged file can only be wrong about the scores, as a forged model could.
 */
export const PredictionsFile = z.strictObject({
  schema: z.literal('assay/predictions/1'),
  model: z.string(),
  stage: z.string(),
  holdout: Digest,
  /** The rows that were scored, in ascending order of id: what differs can be named when the holdout is another one. */
  rows: z
    .strictObject({
      ids: z.array(z.string()),
      /** Of id, label and weight: the first digits of a digest. */
      contents: z.array(z.string()),
    })
    .refine(({ ids, contents }) => ids.length === contents.length, 'one content for each id')
    .optional(),
  candidate: SideScores,
  baseline: SideScores.extend({
    /** Why the baseline could not be scored; it has no scores then. */
    unavailable: z.string().optional(),
  }),
  /** The last version that was shown better, where it is neither side and could be scored. */
  proven: SideScores.optional(),
  /** Time and size, where there are budgets; milliseconds a call, in the order of the calls, and bytes. */
  measured: z
    .strictObject({
      size: z.strictObject({ candidate: Bytes, baseline: Bytes.exactOptional() }).exactOptional(),
      latency: z
        .strictObject({
          candidate: z.array(z.number().min(0)).readonly(),
          baseline: z.array(z.number().min(0)).readonly().exactOptional(),
          rows: z.number().int().min(0),
        })
        .exactOptional(),
    })
    .optional(),
});
export type PredictionsFile = z.infer<typeof PredictionsFile>;
