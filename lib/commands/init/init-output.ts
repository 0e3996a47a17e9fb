import { z } from 'zod';
import { MetricName } from '../../gate/rules.ts';
import { Task } from '../../model/signature.ts';

/** A file that `init` is about. */
const InitFile = z.strictObject({
  /** Relative to the repository's top, or to the folder where there is no repository. */
  path: z.string(),
  /** `planned`: a dry run; `kept`: it was here, and stays as it is. */
  state: z.enum(['written', 'planned', 'kept']),
  text: z.string(),
});
export type InitFile = z.infer<typeof InitFile>;

/** One model as assay.yaml has it now. */
const InitModel = z.strictObject({
  model: z.string(),
  task: Task,
  target: z.string(),
  dataset: z.string(),
  id: z.array(z.string()),
  time: z.string().optional(),
  primary: MetricName,
  guardrails: z.array(MetricName),
});

/** What `init --json` prints. */
export const InitOutput = z.strictObject({
  schema: z.literal('assay/init/1'),
  files: z.array(InitFile),
  models: z.array(InitModel),
  /** What was taken for what, and the option that says otherwise. */
  choices: z.array(z.string()),
  /** What will not work, or not yet: margins that the data cannot reach, data that no job can read. */
  warnings: z.array(z.string()),
  next: z.string(),
});
export type InitOutput = z.infer<typeof InitOutput>;
