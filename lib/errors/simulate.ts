import { usage } from './entry.ts';

/** Errors of `simulate`: a holdout that cannot be supposed. */
export const simulateErrors = {
  E_SIMULATE_OPTION: usage((p: { option: string; value: number; expected: string }) => ({
    message: `--${p.option} ${p.value} is not ${p.expected}`,
    fix: `Give --${p.option} ${p.expected}.`,
  })),
  E_SIMULATE_SIZE: usage((p: { missing: string }) => ({
    message: `a supposed holdout needs --${p.missing}`,
    fix: 'Give both --rows and --clusters, or neither to take the size of the holdout that assay.yaml names.',
  })),
  E_SIMULATE_TASK: usage((p: { task: string; metrics: readonly string[] }) => ({
    message: `the metrics ${p.metrics.join(', ')} are not all of one task: ${p.task}`,
    fix: `Name metrics of one task, the primary one first.`,
  })),
  E_SIMULATE_SCALE: usage((p: { metric: string }) => ({
    message: `margins.${p.metric} is in the unit of the target, and how large errors are is not known`,
    fix: 'Give --error, the root mean squared error of the model in place.',
  })),
  E_SIMULATE_DECISION: usage((p: { file: string }) => ({
    message: `the decision in ${p.file} has no interval of a primary metric or guardrail`,
    fix: 'Give a decision in which both sides were compared on at least 20 days (or groups).',
  })),
};
