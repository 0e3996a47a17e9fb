import { type Command, CommanderError } from 'commander';
import { assayError } from '../errors.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import { emptyProgram } from './empty-program.ts';
import { type Process, showError } from './run-verb.ts';

/**
 * The verbs of data run often and end soon: to load what the others are made of would take longer than what they do. They are
 * a group, so that no mistake in their own names leads out of it.
 */
async function programFor(
  first: string | undefined,
  process: Process,
  end: (code: ExitCode) => void,
): Promise<Command> {
  if (first === '--version') return emptyProgram(process);
  if (first === 'data') {
    const { addDataGroup } = await import('./verbs/data-group.ts');
    const program = emptyProgram(process);
    addDataGroup(program, { process, end });
    return program;
  }
  const { buildProgram } = await import('./whole-program.ts');
  return buildProgram(process, end);
}

/**
 * Runs the command line `args` (without program names) and returns the exit code (design §2). Usage errors are 2, like
 * every other thing that the user has to change.
 */
export async function runCli(args: readonly string[], process: Process): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT_CODE.yes;
  const program = await programFor(args[0], process, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    const options = { json: args.includes('--json'), verbose: false };
    if (!(error instanceof CommanderError)) return showError(process, options, error);
    if (error.exitCode === 0) return EXIT_CODE.yes;
    const usage = assayError('E_USAGE', { reason: error.message });
    // Commander has told people what is wrong on the error stream already; a program still waits for its document.
    if (options.json) return showError(process, options, usage);
    if (error.code !== 'commander.help') process.streams.err.write(`  fix: ${usage.fix}\n`);
    return EXIT_CODE.usage;
  }
  return exitCode;
}
