import type { Log, Progress } from '../ports.ts';
import { progressLine } from '../report/formats/progress-line.ts';
import { terminalText } from '../report/formats/terminal-escape.ts';
import { untrustedLogLine } from '../report/formats/untrusted-log.ts';

/** Where the CLI writes; the process's own streams, or a test's. */
export interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
}

/** The line of a terminal that progress is shown in: it is rewritten, and gives way to whatever else is written. */
export interface TerminalLine {
  show(text: string): void;
  clear(): void;
}

export function terminalLine({ err }: Streams): TerminalLine {
  let shown = false;
  return {
    show(text) {
      shown = true;
      err.write(`${CLEAR}${text}`);
    },
    clear() {
      if (shown) err.write(CLEAR);
      shown = false;
    },
  };
}

/** To the line's beginning, and nothing left of it. Source: ECMA-48, EL. */
const CLEAR = '\r\u001b[K';

/** Everything for people goes to the error stream: standard output belongs to the answer. */
export function terminalLog(
  { err }: Streams,
  line: TerminalLine,
  options: { readonly quiet: boolean; readonly verbose: boolean },
): Log {
  let depth = 0;
  const say = (message: string): void => {
    line.clear();
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
export function userLine({ err }: Streams, line: TerminalLine, quiet: boolean): (text: string) => void {
  return (text) => {
    if (quiet) return;
    line.clear();
    err.write(`  | ${untrustedLogLine(terminalText(text))}\n`);
  };
}

/** Least time between two updates of the progress line, milliseconds: enough to read, too little to flicker. */
const PROGRESS_INTERVAL = 100;

/** Progress on a terminal only: in a log it would be noise. */
export function terminalProgress({ err }: Streams, line: TerminalLine, quiet: boolean): Progress {
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
      line.show(progressLine({ title: terminalText(title), done, total, unit, seconds }, err.columns));
      if (!finished) return;
      line.clear();
      started = { title: '', at: 0 };
    },
  };
}
