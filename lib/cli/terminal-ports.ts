import type { Log, Progress } from '../ports.ts';
import { terminalText } from '../report/terminal-escape.ts';
import { untrustedLogLine } from '../report/untrusted-log.ts';
import { progressLine } from './progress-line.ts';

/** Where the CLI writes; the process's own streams, or a test's. */
export interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
}

/** Everything for people goes to the error stream: standard output belongs to the answer. */
export function terminalLog({ err }: Streams, options: { readonly quiet: boolean; readonly verbose: boolean }): Log {
  let depth = 0;
  const say = (message: string): void => {
    err.write(`${'  '.repeat(depth)}${terminalText(message)}\n`);
  };
  return {
    info: (message) => {
      if (!options.quiet) say(message);
    },
    warning: (message) => say(`warning: ${message}`),
    debug: (message) => {
      if (options.verbose) say(message);
    },
    async group(title, body) {
      if (!options.quiet) say(title);
      depth++;
      try {
        return await body();
      } finally {
        depth--;
      }
    },
  };
}

/** A line of a user's command, shown apart from ours and unable to drive the terminal. */
export function userLine({ err }: Streams, quiet: boolean): (line: string) => void {
  return (line) => {
    if (!quiet) err.write(`  | ${untrustedLogLine(terminalText(line))}\n`);
  };
}

/** Least time between two updates of the progress line, milliseconds: enough to read, too little to flicker. */
const PROGRESS_INTERVAL = 100;

/** One line that is rewritten, on a terminal only: in a log it would be noise. */
export function terminalProgress({ err }: Streams, quiet: boolean): Progress {
  if (quiet || err.isTTY !== true) return { report: () => {} };
  let last = 0;
  let started = { title: '', at: 0 };
  return {
    report({ title, done, total, unit }) {
      const now = performance.now();
      if (title !== started.title) started = { title, at: now };
      const finished = total !== undefined && done >= total;
      if (!finished && now - last < PROGRESS_INTERVAL) return;
      last = now;
      const seconds = (now - started.at) / 1000;
      const line = progressLine({ title: terminalText(title), done, total, unit, seconds }, err.columns);
      err.write(`\r\u001b[K${line}${finished ? '\r\u001b[K' : ''}`);
      if (finished) started = { title: '', at: 0 };
    },
  };
}
