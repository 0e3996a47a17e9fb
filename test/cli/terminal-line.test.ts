import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { runVerb } from '../../lib/cli/run-verb.ts';
import type { Context } from '../../lib/commands/context.ts';
import { assayError } from '../../lib/errors.ts';
import { EXIT_CODE } from '../../lib/exit-code.ts';

/** What is left to see on a terminal to which a verb writes both of its streams. */
async function seen(body: (context: Context) => Promise<void>): Promise<string[]> {
  const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  const options = { project: '.', json: false, verbose: false, details: false, remote: 'origin' };
  const process = {
    cwd: import.meta.dirname,
    env: {},
    streams: { out: terminal, err: terminal },
    columns: 80,
    interactive: false,
    wasmFolder: undefined,
    resolveInstalled: (specifier: string) => specifier,
  };
  await runVerb(process, options, async (context) => {
    await body(context);
    const text = 'the answer';
    return { document: {}, blocks: [], text, verdict: 'pass', exitCode: EXIT_CODE.yes };
  });
  const written = String(terminal.read() ?? '');
  // To the line's beginning, and what stands there is gone.
  return written.split('\n').map((line) => line.slice(line.lastIndexOf('\r\u001b[K') + 1).replace('\u001b[K', ''));
}

const half = { title: 'adding d', done: 1, total: 2 };

test('an error in the middle of a progress has a line of its own', async () => {
  const lines = await seen(async ({ progress }) => {
    progress.report(half);
    throw assayError('E_GIT_NO_REMOTE', { remote: 'origin' });
  });
  expect(lines[0]).toMatch(/^error: /);
});

test('so have warnings, lines of a command and the answer; the progress goes on below', async () => {
  const lines = await seen(async ({ log, progress, userLine }) => {
    progress.report(half);
    log.warning('first');
    progress.report({ ...half, title: 'pushing d', done: 2 });
    userLine('second');
    progress.report({ ...half, title: 'fetching d', done: 1, total: 1 });
    log.info('third');
    progress.report({ ...half, title: 'left', done: 1 });
  });
  expect(lines).toEqual(['warning: first', '  | second', 'third', 'the answer', '']);
});
