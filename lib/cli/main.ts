import { assayError, messageOf } from '../errors.ts';
import { runCli } from './program.ts';
import { showError } from './run-verb.ts';

/** The `assay` program: the one place, beside the actions, that touches the process. */
export async function main(wasmFolder?: string): Promise<void> {
  const { stdout, stderr } = process;
  const streams = { out: stdout, err: stderr };
  /** Whether standard output took all that was written. */
  let delivered = true;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has gone, as after `| head`, is no reason to leave a registration half done, nor a verdict of no.
    if (error.code === 'EPIPE' || !delivered) return;
    delivered = false;
    const unwritten = assayError('E_OUTPUT_WRITE', { reason: messageOf(error) }, error);
    process.exitCode = showError({ streams }, { json: false, verbose: false }, unwritten);
  });
  // Nobody can be told, and the work goes on: a log on a full disk must not stop it in its middle.
  stderr.on('error', () => {});
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const exitCode = await runCli(process.argv.slice(2), {
    cwd: process.cwd(),
    env,
    streams,
    columns: stdout.isTTY && stdout.columns > 0 ? stdout.columns : undefined,
    interactive: stdout.isTTY === true,
    wasmFolder,
    resolveInstalled: (specifier) => import.meta.resolve(specifier),
  });
  if (delivered) process.exitCode = exitCode;
}
