/** The outside world as the functional core sees it. A command gets these; nothing reads a global. */

export interface Clock {
  now(): Date;
  /** Milliseconds from any start, with fractions, never going back: for how long something took. `now` where absent. */
  elapsed?(): number;
}

/** Messages for a human; never part of a result. In CI `group` folds, on a terminal it indents. */
export interface Log {
  info(message: string): void;
  warning(message: string): void;
  debug(message: string): void;
  group<T>(title: string, body: () => Promise<T>): Promise<T>;
}

/** Progress of one long piece of work; `done` and `total` in the same unit. */
export interface Progress {
  report(step: {
    readonly title: string;
    readonly done: number;
    readonly total?: number;
    /** What is counted, where a rate is worth telling. */
    readonly unit?: 'bytes' | 'files';
  }): void;
}

/** Says nothing: for libraries under test and for `--json`. */
export const silentLog: Log = {
  info: () => {},
  warning: () => {},
  debug: () => {},
  group: (_title, body) => body(),
};

export const silentProgress: Progress = { report: () => {} };
