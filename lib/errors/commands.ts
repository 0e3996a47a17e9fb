import { environment, usage } from './entry.ts';
import { refusalFix } from './refusals.ts';

/** Errors of lib/commands, and of the processes that commands start. */
export const commandErrors = {
  E_USAGE: usage((p: { reason: string }) => ({
    message: p.reason.replace(/^error: /, ''),
    fix: 'See: assay --help, and assay VERB --help.',
  })),
  E_REPORT_WRITE: environment((p: { path: string; reason: string }) => ({
    message: `cannot write the report to ${p.path}: ${p.reason}`,
    fix: 'Name a file in a folder that can be written to with --html.',
  })),
  E_OUTPUT_WRITE: environment((p: { reason: string }) => ({
    message: `the answer cannot be written to standard output: ${p.reason}`,
    fix: 'Free space where it goes, or send it elsewhere, and run again: what was done stays done.',
  })),
  E_COMMAND_EMPTY: usage((p: { title: string }) => ({
    message: `${p.title} is empty`,
    fix: 'Write the program and its arguments.',
  })),
  E_COMMAND_MISSING: environment((p: { title: string; program: string; cwd: string; reason: string }) => ({
    message: `${p.title} cannot be started: ${p.program} (${p.reason})`,
    fix: `Install ${p.program}, or correct the command; it is looked up on PATH and run without a shell.`,
  })),
  E_COMMAND_FAILED: environment((p: { title: string; how: string; tail: string }) => ({
    message: `${p.title} ended with ${p.how}${p.tail === '' ? '' : `: ${p.tail}`}`,
    fix: 'Run the command by hand with the environment that the log names, and mend it.',
  })),
  E_COMMAND_NO_OUTPUT: usage((p: { title: string; path: string }) => ({
    message: `${p.title} ended well but wrote nothing to ${p.path}`,
    fix: 'Write the results to the path that ASSAY_OUTPUT names.',
  })),
  E_RUN_MISSING: usage((p: { run: string }) => ({
    message: `there is no run ${p.run} here`,
    fix: 'Train first (assay train), or bring .assay/runs/ from where it was trained.',
  })),
  E_RUN_CORRUPT: usage((p: { run: string; file: string; reason: string }) => ({
    message: `the run ${p.run} is damaged: ${p.file} ${p.reason}`,
    fix: 'Delete its folder under .assay/runs and train again.',
  })),
  E_RUN_DIRTY: usage((p: { run: string; model: string }) => ({
    message: `the run ${p.run} of "${p.model}" was made from a work tree with uncommitted changes`,
    fix: 'Commit the changes and train again: a version has to be repeatable from git.',
  })),
  E_COLUMN_MISSING: usage(
    (p: {
      column: string;
      role: string;
      dataset: string;
      known: readonly string[];
      suggestion?: string | undefined;
    }) => ({
      message: `the dataset "${p.dataset}" has no column "${p.column}" (${p.role})`,
      fix: p.suggestion === undefined ? `Its columns: ${p.known.join(', ')}.` : `Did you mean "${p.suggestion}"?`,
    }),
  ),
  E_COLUMN_NOT_TIME: usage((p: { column: string; dataset: string; type: string }) => ({
    message: `the time column "${p.column}" of "${p.dataset}" is ${p.type}, not a timestamp or date`,
    fix: "Store it as a timestamp, or cast it in the dataset's sql:.",
  })),
  E_DATASET_NO_TIMES: usage((p: { dataset: string; column: string }) => ({
    message: `the dataset "${p.dataset}" has no row with a time in "${p.column}"`,
    fix: 'Bring rows, and fill their time column.',
  })),
  E_TRAINING_EMPTY: usage((p: { dataset: string; before: string }) => ({
    message: `the dataset "${p.dataset}" has no rows before ${p.before}, where its holdout begins`,
    fix: 'Shorten holdout.last, or bring older data.',
  })),
  E_COMPARE_RULE: usage((p: { key: string; reason: string }) => ({
    message: `the comparison cannot be made with this ${p.key}: ${p.reason}`,
    fix: 'Margins are positive numbers by metric, thresholds and levels lie between 0 and 1, require is better or not-worse, and a task is named with --task.',
  })),
  E_COMPARE_FILE: usage((p: { file: string; reason: string }) => ({
    message: `the rules in ${p.file} cannot be read: ${p.reason}`,
    fix: 'Name a YAML file with the keys of gate: in assay.yaml with --rules.',
  })),
  E_COMPARE_LABEL: usage((p: { label: string; files: readonly string[] }) => ({
    message: `neither file has the label column "${p.label}": ${p.files.join(', ')}`,
    fix: 'Name the column of true values with --label.',
  })),
  E_VERSION_NONE: usage((p: { model: string; wanted: string }) => ({
    message: `there is no version ${p.wanted} of "${p.model}" in the registry`,
    fix: 'Register it first (assay register), or name one that is there: git tag --list lists them.',
  })),
  E_BASELINE: usage((p: { wanted: string; forms: string }) => ({
    message: `"${p.wanted}" is no baseline`,
    fix: `Write one of: ${p.forms}.`,
  })),
  E_BASELINE_FILE: usage((p: { path: string; commit?: string | undefined }) => ({
    message: `the baseline's predictions are not there${p.commit === undefined ? '' : ` at ${p.commit.slice(0, 12)}, whose rules count`}: ${p.path}`,
    fix: 'Name a file (or one with a .dvc pointer beside it) with the id columns and score, inside the repository.',
  })),
  E_PROMOTE_NO_REASON: usage((_p: Record<never, never>) => ({
    message: 'an override needs a reason',
    fix: 'Say why in --reason; it is recorded in the registry for good.',
  })),
  E_STAGE_UNKNOWN: usage((p: { stage: string; model: string; known: readonly string[] }) => ({
    message: `"${p.model}" has no stage "${p.stage}"`,
    fix: `Its stages: ${p.known.join(', ')}.`,
  })),
  E_STAGE_EMPTY: usage((p: { stage: string; model: string }) => ({
    message: `nothing holds the stage "${p.stage}" of "${p.model}" yet`,
    fix: `Promote a version first: assay promote ${p.model} --to ${p.stage}.`,
  })),
  E_STORE_CONFLICT: usage((p: { configured: string; dvc: string }) => ({
    message: `store: in assay.yaml says ${p.configured}, DVC's default remote says ${p.dvc}`,
    fix: 'Keep one of the two.',
  })),
  E_STAGE_CONTESTED: environment((p: { stage: string; model: string; tries: number }) => ({
    message: `the holder of "${p.stage}" of "${p.model}" changed ${p.tries} times while it was being promoted to`,
    fix: 'Let promotions to one stage run one after the other (concurrency: group), and try again.',
  })),
  E_DRIFT_NOT_CONFIGURED: usage((p: { model: string }) => ({
    message: `the model "${p.model}" has no drift: in assay.yaml`,
    fix: 'Add drift: { window: 7d }, the span of new rows that is held against the training rows.',
  })),
  E_DRIFT_WINDOW: usage((p: { model: string }) => ({
    message: `drift.window of the model "${p.model}" is not a number of whole days`,
    fix: 'Write days or weeks, e.g. window: 7d; days are what is compared.',
  })),
  E_DRIFT_NO_TIME: usage((p: { dataset: string }) => ({
    message: `the dataset "${p.dataset}" has no time column, so there is no newest window`,
    fix: 'Name it with time: in assay.yaml.',
  })),
  E_PUBLISH_NO_PULL_REQUEST: usage((p: { sha: string }) => ({
    message: `the commit ${p.sha.slice(0, 12)} belongs to no open pull request`,
    fix: 'Run on pull_request, or on workflow_run of a workflow that does.',
  })),
  E_NOT_EVALUATED: environment((p: { reason: string }) => ({
    message: p.reason.replace(/\.$/, ''),
    fix: 'Read the log of the job that evaluates, mend what it names, and run it again.',
  })),
  E_DOCUMENT: usage((p: { file: string; key: string; reason: string }) => ({
    message: `${p.file} is not what it should be${p.key === '' ? '' : ` at ${p.key}`}: ${p.reason}`,
    fix: 'Hand over the file that the computing job wrote, unchanged and of the same version.',
  })),
  E_INPUT_MISSING: usage((p: { name: string }) => ({
    message: `the input "${p.name}" is not set`,
    fix: `Set it under with: ${p.name}.`,
  })),
  E_INPUT_VALUE: usage((p: { name: string; value: string; allowed: readonly string[] }) => ({
    message: `the input "${p.name}" is "${p.value}"`,
    fix: `Allowed: ${p.allowed.join(', ')}.`,
  })),
  E_ACTION_OUTPUT: environment((p: { path: string; reason: string }) => ({
    message: `what the step leaves for later ones cannot be written to ${p.path}: ${p.reason}`,
    fix: refusalFix(p.reason) ?? 'Run inside a workflow, or set GITHUB_OUTPUT to a file and RUNNER_TEMP to a folder.',
  })),
  E_SYSTEM_REFUSED: environment((p: { reason: string }) => ({
    message: `the system refused: ${p.reason}`,
    fix: refusalFix(p.reason) ?? 'Mend what it says and run again.',
  })),
  E_ACTION_EVENT: usage((p: { event: string; action: string }) => ({
    message: `${p.action} runs the repository's own code, and the event ${p.event} gives such code a token that may write`,
    fix: 'Run it on pull_request, and post the result from a job of its own (docs/security.md).',
  })),
};
