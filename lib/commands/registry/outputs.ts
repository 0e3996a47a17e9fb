import { z } from 'zod';
import { Validation } from '../../checks/validation.ts';
import { Decision } from '../../gate/decision.ts';
import { LookRecord, RegistryEvent, VersionRecord } from '../../registry/records.ts';
import { Verdict } from '../../verdict.ts';

/** What `validate-data --json` prints. */
export const ValidationsOutput = z.strictObject({
  schema: z.literal('assay/validations/1'),
  verdict: Verdict,
  validations: z.array(Validation),
});
export type ValidationsOutput = z.infer<typeof ValidationsOutput>;

/** What `register --json` prints. */
export const RegistrationOutput = z.strictObject({
  schema: z.literal('assay/registration/1'),
  record: VersionRecord,
  /** The run was a version already; nothing was written. */
  existed: z.boolean(),
  tags: z.array(z.string()),
  decision: Decision,
});
export type RegistrationOutput = z.infer<typeof RegistrationOutput>;

/** What `promote --json` and `rollback --json` print. */
export const PromotionOutput = z.strictObject({
  schema: z.literal('assay/promotion/1'),
  model: z.string(),
  stage: z.string(),
  /** What holds the stage now; null for nobody. */
  holder: z.string().nullable(),
  changed: z.boolean(),
  event: RegistryEvent.optional(),
  decision: Decision.optional(),
  /** The rule that said no, when it was not the gate. */
  refusal: z.looseObject({ code: z.string() }).optional(),
  /** Holders (or baselines) that were judged against first and replaced meanwhile; null for nobody. */
  regated: z.array(z.string().nullable()).optional(),
  /** The version that it was compared with when it was registered, where another one is the baseline by now. */
  registeredAgainst: z.string().optional(),
});
export type PromotionOutput = z.infer<typeof PromotionOutput>;

/** What `release --json` prints. */
export const ReleaseOutput = z.strictObject({
  schema: z.literal('assay/release/1'),
  model: z.string(),
  version: z.string(),
});
export type ReleaseOutput = z.infer<typeof ReleaseOutput>;

/** What `get --json` prints. */
export const GetOutput = z.strictObject({
  schema: z.literal('assay/get/1'),
  model: z.string(),
  version: z.string(),
  /** Absolute folder (or file) of the model. */
  path: z.string(),
  quarantined: z.boolean(),
  record: VersionRecord,
});
export type GetOutput = z.infer<typeof GetOutput>;

/** What `history --json` prints: a model's part of the registry. */
export const HistoryOutput = z.strictObject({
  schema: z.literal('assay/history/1'),
  model: z.string(),
  /** Newest registry commit; null before the first change. */
  head: z.string().nullable(),
  /** Every stage that was ever held. */
  stages: z.array(z.strictObject({ stage: z.string(), holder: z.string() })),
  /** Lowest first, those that only a GTO tag knows among them. */
  versions: z.array(z.strictObject({ version: z.string(), quarantined: z.boolean() })),
  /** Oldest first. */
  events: z.array(RegistryEvent),
  /** The ledger of looks at sealed halves, oldest first. */
  looks: z.array(
    LookRecord.omit({ ids: true }).extend({
      /** Looks that count against the same window, with this one; at most the gate's `looks`. */
      used: z.number().int(),
    }),
  ),
});
export type HistoryOutput = z.infer<typeof HistoryOutput>;
