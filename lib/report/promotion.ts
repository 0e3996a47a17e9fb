import type { Decision } from '../gate/decision.ts';
import type { RegistryEvent } from '../registry/records.ts';
import type { Block, Blocks } from './blocks/block.ts';
import {
  type DecisionExtras,
  detailBlocks,
  figureBlocks,
  metricBlocks,
  nextBlock,
  verdictBlock,
  warningBlocks,
} from './blocks/decision-blocks.ts';
import { code, type Text } from './blocks/span.ts';
import { toMarkdown } from './formats/markdown.ts';
import { eventBlocks, eventVerdict } from './words/registry-words.ts';
import { sentenceOf } from './words/verdict-sentence.ts';

/** A promotion, a rollback or a registration as it ended: what changed (if anything did), and the decision behind it. */
export interface RegistryOutcome {
  /** Absent when the gate said no and nothing changed. */
  readonly event?: RegistryEvent;
  readonly decision?: Decision;
  /** The advisory decision on a version that was registered: what comes next depends on it. */
  readonly advice?: Decision;
}

/** The outcome as blocks: what holds now, on what evidence, and how to go back. */
export function outcomeBlocks({ event, decision, advice }: RegistryOutcome, extras: DecisionExtras = {}): Blocks {
  if (event === undefined) {
    if (decision === undefined) return [{ kind: 'paragraph', text: ['Nothing changed.'] }];
    return [verdictBlock(decision), ...numbers(decision), nextBlock(decision), ...detailBlocks(decision, extras)];
  }
  return [
    eventVerdict(event),
    ...eventBlocks(event),
    ...(decision === undefined ? [] : [evidence(decision), ...numbers(decision)]),
    ...nextOf(event, advice),
    ...(decision === undefined ? [] : detailBlocks(decision, extras)),
  ];
}

/** The outcome as Markdown, for a job summary. */
export function outcomeSummary(outcome: RegistryOutcome): string {
  return toMarkdown(outcomeBlocks(outcome));
}

function evidence(decision: Decision): Block {
  const { lead, finding } = sentenceOf(decision);
  const answer: Text = decision.verdict === 'pass' ? [] : [`${lead}: `];
  return { kind: 'paragraph', text: ['What the gate found: ', ...answer, ...finding] };
}

function numbers(decision: Decision): Blocks {
  return [...warningBlocks(decision), ...metricBlocks(decision), ...figureBlocks(decision)];
}

/** A version is registered whatever the gate said; a promotion would ask again, so its answer is worth knowing first. */
function afterRegistration(version: string, advice: Decision | undefined): Text {
  if (advice === undefined) return ['promote ', code(version), ' to a stage when it is wanted there.'];
  const { stage, verdict } = advice;
  const goal: Text = stage === undefined ? ['a stage'] : [code(stage)];
  const first = sentenceOf(advice).next;
  switch (verdict) {
    case 'pass':
      return [
        'promote ',
        code(version),
        ' to ',
        ...goal,
        advice.holdout.half === 'development' ? '; the sealed half decides.' : '.',
      ];
    case 'fail':
      return [
        ...first.slice(0, -1),
        withoutStop(first.at(-1)),
        '; ',
        ...goal,
        ' would most likely not be reached with it.',
      ];
    case 'inconclusive':
      return [
        ...first.slice(0, -1),
        withoutStop(first.at(-1)),
        '; a promotion to ',
        ...goal,
        ' could not tell either.',
      ];
  }
}

/** The last part of a sentence, so that it can go on. */
function withoutStop(part: Text[number] | undefined): Text[number] {
  return typeof part === 'string' ? part.replace(/\.$/, '') : (part ?? '');
}

/** There is always a way back, and the text says which. */
function nextOf(event: RegistryEvent, advice: Decision | undefined): Blocks {
  switch (event.kind) {
    case 'register':
      return [{ kind: 'next', text: afterRegistration(`${event.model}@${event.version}`, advice) }];
    case 'promote':
      return event.replaced === null
        ? [{ kind: 'next', text: ['nothing to do; the next promotion will be compared with this one.'] }]
        : [
            {
              kind: 'next',
              text: ['nothing to do; a rollback of ', code(event.stage), ' brings ', code(event.replaced), ' back.'],
            },
          ];
    case 'rollback':
      return [
        {
          kind: 'next',
          text: ['find out what went wrong with ', code(event.replaced), ', then release it or register a better one.'],
        },
      ];
    case 'release':
      return [{ kind: 'next', text: ['promote it when it is wanted.'] }];
  }
}
