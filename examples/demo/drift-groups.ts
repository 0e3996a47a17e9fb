import type { DriftReport, DriftResult } from '../../lib/drift/drift-report.ts';
import type { Blocks } from '../../lib/report/blocks/block.ts';
import { code, type Text } from '../../lib/report/blocks/span.ts';

/** Three lists of columns that a drift report tells apart and that are easily taken for one another. */
export function driftGroups({ results }: DriftReport): Blocks {
  const moved = results.filter(({ verdict }) => verdict === 'warn' || verdict === 'fail');
  const inValues = columns(moved.filter(({ quantity }) => quantity !== 'missing-share'));
  const inMissing = columns(moved.filter(({ quantity }) => quantity === 'missing-share'));
  const small = columns(results.filter(({ reason }) => reason === 'significant-but-small'));
  return [
    {
      kind: 'list',
      items: [
        ['what moved: ', ...named(inValues)],
        [
          'where only the share of missing values moved: ',
          ...named(inMissing.filter((column) => !inValues.includes(column))),
        ],
        ['what surely changed, too little to matter: ', ...named(small)],
      ],
    },
  ];
}

function columns(results: readonly DriftResult[]): string[] {
  return [...new Set(results.map(({ column }) => column))];
}

function named(names: readonly string[]): Text {
  if (names.length === 0) return ['nothing'];
  return names.flatMap((name, index) => [index === 0 ? '' : ', ', code(name)]);
}
