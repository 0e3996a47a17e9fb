import { Command, CommanderError } from 'commander';
import { TOOL_VERSION } from '../commands/tool-version.ts';
import { assayError } from '../errors.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import type { Invocation, Verb } from './invocation.ts';
import { type Process, showError } from './run-verb.ts';
import { addDataVerbs } from './verbs/data.ts';
import { addDataGroup } from './verbs/data-group.ts';
import { addDriftVerbs } from './verbs/drift.ts';
import { addGateVerbs } from './verbs/gate.ts';
import { addPullRequestVerb } from './verbs/pull-request.ts';
import { addRegistryVerbs } from './verbs/registry.ts';
import { addSimulateVerb } from './verbs/simulate.ts';
import { addStoreGroup } from './verbs/store-group.ts';

/** The whole command line: every verb with its options. `end` gets the exit code of the verb that ran. */
export function buildProgram(process: Process, end: (code: ExitCode) => void): Command {
  const program = new Command('assay')
    .description('A git repository as the whole ML platform: checks, training, statistical gates, registry, drift.')
    .version(TOOL_VERSION)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void process.streams.out.write(text),
      writeErr: (text) => void process.streams.err.write(text),
    });
  const verb: Verb = (declaration, summary) =>
    program
      .command(declaration)
      .description(summary)
      .option('-C, --project <folder>', 'folder of assay.yaml', '.')
      .option('--json', 'print one JSON document and nothing else', false)
      .option('--details', 'show everything, folded parts too', false)
      .option('--verbose', 'say more, with causes of errors', false)
      .option('--remote <name>', 'git remote that holds the registry', 'origin')
      .option('--html <file>', 'also write a self-contained HTML report');
  const invocation: Invocation = { process, verb, end };
  addDataVerbs(invocation);
  addDataGroup(program, invocation);
  addStoreGroup(program, invocation);
  addGateVerbs(invocation);
  addSimulateVerb(invocation);
  addPullRequestVerb(invocation);
  addRegistryVerbs(invocation);
  addDriftVerbs(invocation);
  return program;
}

/**
 * Runs the command line `args` (without program names) and returns the exit code (design §2). Usage errors are 2, like
 * every other thing that the user has to change.
 */
export async function runCli(args: readonly string[], process: Process): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT_CODE.yes;
  const program = buildProgram(process, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    const options = { json: args.includes('--json'), verbose: false };
    if (!(error instanceof CommanderError)) return showError(process, options, error);
    if (error.exitCode === 0) return EXIT_CODE.yes;
    // Commander has told people on the error stream already; a program still waits for its document.
    if (options.json) return showError(process, options, assayError('E_USAGE', { reason: error.message }));
    return EXIT_CODE.usage;
  }
  return exitCode;
}
