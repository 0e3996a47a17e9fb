import type { Command } from 'commander';
import type { ExitCode } from '../exit-code.ts';
import { emptyProgram } from './empty-program.ts';
import type { Invocation, Verb } from './invocation.ts';
import type { Process } from './run-verb.ts';
import { addDataVerbs } from './verbs/data.ts';
import { addDataGroup } from './verbs/data-group.ts';
import { addDoctorVerb } from './verbs/doctor.ts';
import { addDriftVerbs } from './verbs/drift.ts';
import { addGateVerbs } from './verbs/gate.ts';
import { addInitVerb } from './verbs/init.ts';
import { addPullRequestVerb } from './verbs/pull-request.ts';
import { addRegistryVerbs } from './verbs/registry.ts';
import { addSimulateVerb } from './verbs/simulate.ts';
import { addStoreGroup } from './verbs/store-group.ts';

/** The whole command line: every verb with its options. `end` gets the exit code of the verb that ran. */
export function buildProgram(process: Process, end: (code: ExitCode) => void): Command {
  const program = emptyProgram(process);
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
  addInitVerb(invocation);
  addDoctorVerb(invocation);
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
