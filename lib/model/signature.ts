import { z } from 'zod';
import { ColumnType } from '../engine/table.ts';

/** What is predicted. */
export const Task = z.enum(['binary', 'multiclass', 'regression', 'quantile', 'ranking', 'forecast']);
export type Task = z.infer<typeof Task>;

/** What the built-in trainers learn: a probability, or a number. */
export type BuiltInTask = Extract<Task, 'binary' | 'regression'>;

/** What a model takes and gives, inferred from its training data. */
export const Signature = z.strictObject({
  schema: z.literal('assay/signature/1'),
  task: Task,
  /** In the order the model takes them. */
  inputs: z.array(z.strictObject({ name: z.string(), type: ColumnType, nullable: z.boolean() })),
  target: z.strictObject({ name: z.string(), type: ColumnType }),
  /**
   * Binary: `score` is the probability of the target being 1 (true). Regression, forecast: the predicted value. Ranking:
   * higher is first. Where a row has several (multiclass, quantile), the first of `outputs`.
   */
  output: z.strictObject({ name: z.string(), type: z.literal('float') }),
  /** Multiclass: the probability of each class (`p_<class>`). Quantile: each level (`q_<level>`). */
  outputs: z.array(z.strictObject({ name: z.string(), type: z.literal('float') })).optional(),
});
export type Signature = z.infer<typeof Signature>;
