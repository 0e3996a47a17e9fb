import parseArguments from 'string-argv';
import { describe, expect, it } from 'vitest';
import { documentedProgram, verbsOf } from '../../.ci/docs/cli-reference.ts';
import { blocksOf, codeBlocks } from './code-blocks.ts';

/** Words by which the documentation calls the program. */
const PROGRAM = /^(?:npx )?assay(?:-ml)? (.+)$/;

/** The argument lists of the assay commands of a shell block: comments, prompts and continued lines taken away. */
function assayCommands(text: string): string[][] {
  return text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .flatMap((line) => line.split('&&'))
    .map((line) => line.replace(/\s#\s.*$/, '').trim())
    .flatMap((line) => PROGRAM.exec(line)?.[1] ?? [])
    .map((line) => parseArguments(line));
}

/** Parses a command line as `assay` does, without running anything. Throws what commander throws. */
function parse(args: readonly string[]): void {
  const program = documentedProgram();
  for (const command of verbsOf(program)) command.action(() => {});
  program.parse([...args], { from: 'user' });
}

const blocks = await codeBlocks('sh', 'bash', 'console');
const commands = blocks.flatMap(({ file, line, text }) =>
  assayCommands(text).map((args) => ({ where: `${file}:${line}`, command: args.join(' '), args })),
);

describe('shell examples', () => {
  it('are there', () => {
    expect(commands.length).toBeGreaterThan(20);
  });

  it.each(commands)('$where: assay $command', ({ args }) => {
    parse(args);
  });

  it.each([
    ['an unknown verb', 'assay promotion late'],
    ['an unknown option', 'assay train --forced'],
    ['a missing option', 'assay compare a.csv b.csv --label late'],
    ['too many arguments', 'assay train late later'],
  ])('%s would be noticed', (_what, line) => {
    const [args] = assayCommands(blocksOf('x.md', `\`\`\`sh\n${line} # why\n\`\`\`\n`)[0]?.text ?? '');
    expect(() => parse(args ?? [])).toThrow();
  });
});
