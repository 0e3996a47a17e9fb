import { EXIT_CODE } from '../../exit-code.ts';
import type { Block } from '../../report/blocks/block.ts';
import { code, type Text, toned } from '../../report/blocks/span.ts';
import type { Answer } from '../answer.ts';
import { type InitFile, InitOutput } from './init-output.ts';

const STATES: Readonly<Record<InitFile['state'], string>> = {
  written: 'written',
  planned: 'would be written',
  kept: 'kept as it is',
};

/** What was written, taken and warned of, then one thing to do. Warnings are no failure: the exit code is 0. */
export function initAnswer(output: InitOutput): Answer {
  const { files, choices, warnings, next } = output;
  const items = files.map(({ path, state }): Text => [code(path), `: ${STATES[state]}`]);
  const blocks: Block[] = [
    { kind: 'list', items },
    ...files.flatMap(({ path, state, text }): Block[] =>
      state === 'planned' || (state === 'written' && path.endsWith('assay.yaml'))
        ? [{ kind: 'command', text: text.trimEnd() }]
        : [],
    ),
    ...(choices.length === 0 ? [] : [{ kind: 'list', items: choices.map((one): Text => [one]) } as const]),
    ...(warnings.length === 0
      ? []
      : [{ kind: 'list', items: warnings.map((one): Text => [toned('warn', 'warning: '), one, '.']) } as const]),
    { kind: 'next', text: [`${next}.`] },
  ];
  return {
    document: InitOutput.parse(output),
    blocks,
    verdict: warnings.length > 0 ? 'warn' : 'pass',
    exitCode: EXIT_CODE.yes,
  };
}
