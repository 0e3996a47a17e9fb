import type { Log, Progress } from '../ports.ts';
import { terminalText } from '../report/terminal-escape.ts';
import { untrustedLogLine } from '../report/untrusted-log.ts';

/** Where the CLI writes; the process's own streams, or a test's. */
export interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
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
      const share = total === undefined ? String(done) : `${Math.floor((100 * done) / total)} %`;
      const pace = unit === undefined ? '' : paceText({ done, total, unit, seconds: (now - started.at) / 1000 });
      err.write(`\r\u001b[K${terminalText(title)} ${share}${pace}${finished ? '\r\u001b[K' : ''}`);
      if (finished) started = { title: '', at: 0 };
    },
  };
}

/** Seconds before a rate means anything. */
const RATE_AFTER = 0.5;

/** `, 120.3 MB/s, 12 s left`: the rate since the beginning, and what is left at that rate. */
export function paceText(step: {
  readonly done: number;
  readonly total?: number | undefined;
  readonly unit: 'bytes' | 'files';
  readonly seconds: number;
}): string {
  const { done, total, unit, seconds } = step;
  if (seconds < RATE_AFTER || done === 0) return '';
  const rate = done / seconds;
  const speed = unit === 'bytes' ? `${(rate / 1e6).toFixed(1)} MB/s` : `${Math.round(rate)} files/s`;
  if (total === undefined || done >= total) return `, ${speed}`;
  const left = Math.ceil((total - done) / rate);
  const time = left < 60 ? `${left} s` : `${Math.floor(left / 60)} min ${left % 60} s`;
  return `, ${speed}, ${time} left`;
}
