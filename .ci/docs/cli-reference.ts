import type { Command, Option } from 'commander';
import { buildProgram } from '../../lib/cli/whole-program.ts';
import { asCode, markdownTable } from './markdown-table.ts';

/** The command line that verbs are described and examples are parsed with; nothing of it runs a verb by itself. */
export function documentedProgram(): Command {
  const nowhere = { write: () => true } as unknown as NodeJS.WritableStream;
  const process = {
    cwd: '.',
    env: {},
    streams: { out: nowhere, err: nowhere },
    columns: undefined,
    interactive: false,
    wasmFolder: undefined,
    resolveInstalled: (specifier: string) => specifier,
  };
  return buildProgram(process, () => {});
}

/** Every verb with its arguments and options, as `--help` tells them; the options of all verbs once. */
export function cliReference(): string {
  const verbs = verbsOf(documentedProgram());
  const [first] = verbs;
  const common = (first?.options ?? []).filter(({ flags }) =>
    verbs.every(({ options }) => options.some((option) => option.flags === flags)),
  );
  const isCommon = ({ flags }: Option): boolean => common.some((option) => option.flags === flags);
  const sections = verbs.map((command) =>
    verbSection(
      command,
      command.options.filter((option) => !isCommon(option)),
    ),
  );
  return [...sections, `## Options of every verb\n\n${optionTable(common)}`].join('\n\n');
}

/** The verbs, those of groups (`assay data …`) too; a group by itself is none. */
export function verbsOf(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(verbsOf);
}

/** As it is typed behind `assay`. */
function nameOf(command: Command): string {
  const { parent } = command;
  return parent === null || parent.parent === null ? command.name() : `${nameOf(parent)} ${command.name()}`;
}

function verbSection(command: Command, options: readonly Option[]): string {
  const own = options.length === 0 ? '' : `\n\n${optionTable(options)}`;
  const usage = `assay ${nameOf(command)} ${command.usage()}`;
  return `## ${nameOf(command)}\n\n${sentence(command.description())}\n\n\`\`\`text\n${usage}\n\`\`\`${own}`;
}

function optionTable(options: readonly Option[]): string {
  const rows = options.map((option) => [
    asCode(option.flags),
    option.mandatory ? '**needed**' : defaultOf(option),
    option.argChoices === undefined ? option.description : `${option.description}: ${option.argChoices.join(', ')}`,
  ]);
  return markdownTable(['option', 'default', 'meaning'], rows);
}

function defaultOf({ defaultValue: value }: Option): string {
  const empty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  if (value === undefined || value === false || empty) return '';
  return asCode(String(value));
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
