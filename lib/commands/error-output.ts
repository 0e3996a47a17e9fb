import { z } from 'zod';

/** What any verb prints under `--json` when it ends in an error. */
export const ErrorOutput = z.strictObject({
  schema: z.literal('assay/error/1'),
  code: z.string(),
  message: z.string(),
  fix: z.string(),
});
export type ErrorOutput = z.infer<typeof ErrorOutput>;
