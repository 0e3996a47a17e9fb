import type { BuiltInTask, Task } from './signature.ts';

/**
 * What a built-in trainer learns for a task: a forecast, and the relevance of a document, are numbers to come near to.
 * Undefined where a row needs several scores: such a model is trained by a command.
 */
export function builtInTask(task: Task): BuiltInTask | undefined {
  if (task === 'binary') return 'binary';
  return task === 'multiclass' || task === 'quantile' ? undefined : 'regression';
}
