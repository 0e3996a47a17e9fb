import type { RegistryEvent } from '../../registry/records.ts';
import type { Block, Blocks } from '../blocks/block.ts';
import { code, type Text } from '../blocks/span.ts';
import { formatDay } from './date-format.ts';

/** What a change of the registry did, as the first thing of a page. */
export function eventVerdict(event: RegistryEvent): Block {
  const lead = { register: 'Registered', promote: 'Promoted', rollback: 'Rolled back', release: 'Released' }[
    event.kind
  ];
  const overruled = event.kind === 'promote' && event.override !== undefined;
  return {
    kind: 'verdict',
    verdict: overruled ? 'warn' : 'pass',
    subject: event.model,
    lead,
    text: eventSentence(event),
  };
}

/** One sentence on a change of the registry. */
export function eventSentence(event: RegistryEvent): Text {
  switch (event.kind) {
    case 'register':
      return [code(event.version), ' is registered; no stage holds it yet.'];
    case 'promote': {
      const before: Text = event.replaced === null ? ['; nothing held it before'] : [' after ', code(event.replaced)];
      return [code(event.version), ' now holds ', code(event.stage), ...before, '.'];
    }
    case 'rollback':
      return [
        code(event.version),
        ' holds ',
        code(event.stage),
        ' again; ',
        code(event.replaced),
        ' is in quarantine and is not promoted again until it is released.',
      ];
    case 'release':
      return [code(event.version), ' is out of quarantine and may be promoted again.'];
  }
}

/** What came with the change: who, when, why, and what was overruled. */
export function eventBlocks(event: RegistryEvent): Blocks {
  const override =
    event.kind === 'promote' && event.override !== undefined
      ? [
          {
            kind: 'paragraph' as const,
            tone: 'warn' as const,
            text: [`The gate said “${event.override.verdict}” and was overruled: ${event.override.reason}`],
          },
        ]
      : [];
  const reason = event.kind === 'rollback' || event.kind === 'release' ? [['reason', [event.reason]] as const] : [];
  return [
    ...override,
    {
      kind: 'facts',
      entries: [
        ...reason,
        ['by', [code(event.by)]],
        ['on', [formatDay(event.at)]],
        ['entry', [`${event.sequence} of this model’s history`]],
      ],
    },
  ];
}

/** A change as one line of the audit log: what was done, when and by whom. */
export function eventLine(event: RegistryEvent): Text {
  return [`${formatDay(event.at)}: `, ...deed(event), ', by ', code(event.by), '.'];
}

function deed(event: RegistryEvent): Text {
  switch (event.kind) {
    case 'register':
      return [code(event.version), ' was registered'];
    case 'promote': {
      const after: Text = event.replaced === null ? [] : [' after ', code(event.replaced)];
      const overruled =
        event.override === undefined ? [] : [` (the gate said “${event.override.verdict}”: ${event.override.reason})`];
      return [code(event.version), ' was promoted to ', code(event.stage), ...after, ...overruled];
    }
    case 'rollback':
      return [
        code(event.stage),
        ' was rolled back from ',
        code(event.replaced),
        ' to ',
        code(event.version),
        ` (${event.reason})`,
      ];
    case 'release':
      return [code(event.version), ` was released from quarantine (${event.reason})`];
  }
}
