import { Command } from 'commander';
import { TOOL_VERSION } from '../commands/tool-version.ts';
import type { Process } from './run-verb.ts';

/** The command line before any verb is added to it: its name, its version, where it writes. */
export function emptyProgram(process: Process): Command {
  return new Command('assay')
    .description('A git repository as the whole ML platform: checks, training, statistical gates, registry, drift.')
    .version(TOOL_VERSION)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void process.streams.out.write(text),
      writeErr: (text) => void process.streams.err.write(text),
    });
}
