import type { LookRecord, RegistryEvent } from '../../registry/records.ts';
import { formatDay, formatSpan } from '../words/date-format.ts';
import { eventLine } from '../words/registry-words.ts';
import type { Block, Blocks } from './block.ts';
import { code, type Text } from './span.ts';

/** A model's part of the registry, as `history` gives it. */
export interface HistoryFacts {
  readonly model: string;
  readonly stages: readonly { readonly stage: string; readonly holder: string }[];
  readonly versions: readonly { readonly version: string; readonly quarantined: boolean }[];
  readonly events: readonly RegistryEvent[];
  readonly looks: readonly (Omit<LookRecord, 'ids'> & { readonly used: number })[];
}

/** What holds which stage, what happened in which order, and which sealed halves were looked at. */
export function historyBlocks({ model, stages, versions, events, looks }: HistoryFacts): Blocks {
  if (versions.length === 0 && looks.length === 0)
    return [{ kind: 'paragraph', text: [code(model), ' has no version yet.'] }];
  return [
    {
      kind: 'facts',
      entries: [
        ...stages.map(({ stage, holder }) => [stage, [code(holder)]] as const),
        ['versions', [versions.map(versionWords).join(', ') || 'none']],
      ],
    },
    { kind: 'heading', text: ['What happened'] },
    { kind: 'list', items: events.map(eventLine) },
    ...(looks.length === 0 ? [] : [{ kind: 'heading', text: ['Looks at sealed halves'] } as const, looksTable(looks)]),
  ];
}

function versionWords({ version, quarantined }: HistoryFacts['versions'][number]): string {
  return quarantined ? `${version} (in quarantine)` : version;
}

function looksTable(looks: HistoryFacts['looks']): Block {
  return {
    kind: 'table',
    columns: [
      { title: 'look', align: 'right' },
      { title: 'window' },
      { title: 'rows', align: 'right' },
      { title: 'at this window', align: 'right' },
      { title: 'on' },
      { title: 'by' },
    ],
    rows: looks.map(({ sequence, from, to, rows, used, at, by }): Text[] => [
      [String(sequence)],
      [from === undefined || to === undefined ? '–' : formatSpan(from, to)],
      [rows.toLocaleString('en-US')],
      [String(used)],
      [formatDay(at)],
      [code(by)],
    ]),
  };
}
