import { environment, usage } from './entry.ts';

/** Names that a message lists, at most: tables have hundreds of columns. */
const MOST_NAMES = 20;

function few(names: readonly string[]): string {
  return names.length <= MOST_NAMES ? names.join(', ') : `${names.slice(0, MOST_NAMES).join(', ')}, …`;
}

/** Errors of `init`: what it does not find, or cannot choose between. */
export const initErrors = {
  E_INIT_EXISTS: usage((p: { file: string }) => ({
    message: `${p.file} is here already, and what the options say is not written to it`,
    fix: 'Change it by hand, or write it anew with --force (--dry-run shows what that would write).',
  })),
  E_INIT_NO_DATA: usage((p: { folder: string; cut: boolean }) => ({
    message: `there is no table (CSV, TSV, JSONL, Parquet, or a .dvc pointer to one) in ${p.folder}${p.cut ? ', as far as it was searched' : ''}`,
    fix: 'Name the data with --data: a path, a glob or a folder inside the repository.',
  })),
  E_INIT_DATA: usage((p: { path: string }) => ({
    message: `--data ${p.path} matches no file and no pointer`,
    fix: 'Name a path, a glob or a folder of tables inside the repository.',
  })),
  E_INIT_TARGET: usage((p: { table: string; candidates: readonly string[] }) => ({
    message: `nothing says which column of ${p.table} is to be predicted`,
    fix: `Name it with --target${p.candidates.length === 0 ? '' : `, one of: ${few(p.candidates)}`}.`,
  })),
  E_INIT_COLUMN: usage((p: { flag: string; column: string; table: string; known: readonly string[] }) => ({
    message: `${p.flag} ${p.column}: ${p.table} has no such column`,
    fix: `Its columns: ${few(p.known)}.`,
  })),
  E_INIT_TIME: usage((p: { table: string }) => ({
    message: `no column of ${p.table} has times, so its newest part cannot be held out`,
    fix: 'Store times as timestamps or dates (ISO 8601), or name other labelled rows with --holdout.',
  })),
  E_INIT_NOT_TIME: usage((p: { table: string; column: string; type: string }) => ({
    message: `--time ${p.column}: that column of ${p.table} is ${p.type}, not a timestamp or date`,
    fix: 'Name a column of timestamps or dates, or store it as one (ISO 8601).',
  })),
  E_INIT_ID: usage((p: { table: string; tried: readonly string[] }) => ({
    message:
      p.tried.length === 0
        ? `no column of ${p.table}, nor a few together, tell its rows apart`
        : `${p.tried.join(', ')} of ${p.table} do not tell its labelled rows apart: some are there twice, or have none`,
    fix: 'Name the columns that do with --id a,b: two models are compared row by row.',
  })),
  E_INIT_TASK: usage((p: { target: string; task: string; reason: string }) => ({
    message: `the target "${p.target}" does not make a ${p.task} task: ${p.reason}`,
    fix: 'Name another column with --target or another task with --task; classes need your own commands, --train and --predict.',
  })),
  E_INIT_METRIC: usage((p: { metric: string; task: string; known: readonly string[] }) => ({
    message: `${p.metric} is no metric of a ${p.task} task`,
    fix: `Name one of: ${few(p.known)}.`,
  })),
  E_INIT_PREDICT: usage((p: { train: string }) => ({
    message: `a model trained by "${p.train}" needs a command that scores rows with it`,
    fix: 'Name it with --predict (docs/guides/user-commands.md says what it gets and has to write).',
  })),
  E_INIT_NAME: usage((p: { what: string; name: string }) => ({
    message: `"${p.name}" cannot be the name of a ${p.what}`,
    fix: 'Names have letters, digits, - and _, and begin and end with a letter or digit; give --model, or rename it.',
  })),
  E_INIT_WRITE: environment((p: { path: string; reason: string }) => ({
    message: `cannot write ${p.path}: ${p.reason}`,
    fix: 'Make its folder writable, or see with --dry-run what would be written.',
  })),
};
