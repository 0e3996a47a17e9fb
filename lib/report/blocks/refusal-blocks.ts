import type { PromoteRefusal } from '../../registry/promote.ts';
import type { RollbackRefusal } from '../../registry/rollback.ts';
import type { Blocks } from './block.ts';
import { code, type Text } from './span.ts';

/** Why the registry did not move a stage though nothing was wrong with the request, and what to do about it. */
export function refusalBlocks(model: string, stage: string, refusal: PromoteRefusal | RollbackRefusal): Blocks {
  const { why, next } = words(stage, refusal);
  return [
    { kind: 'verdict', verdict: 'fail', subject: model, lead: 'Nothing changed', text: why },
    { kind: 'next', text: next },
  ];
}

function words(stage: string, refusal: PromoteRefusal | RollbackRefusal): { readonly why: Text; readonly next: Text } {
  switch (refusal.code) {
    case 'holder-changed':
      return {
        why: [
          code(stage),
          ' is held by ',
          code(refusal.actual ?? 'nobody'),
          ' now, no longer by ',
          code(refusal.expected ?? 'nobody'),
          '.',
        ],
        next: ['look at what changed, then try again.'],
      };
    case 'baseline-changed':
      return {
        why: [
          'the rules compare with ',
          code(refusal.actual ?? 'nobody'),
          ' by now, no longer with ',
          code(refusal.expected ?? 'nobody'),
          '.',
        ],
        next: ['promote again; it is decided against that one then.'],
      };
    case 'quarantined':
      return {
        why: [code(refusal.version), ' is in quarantine since ', refusal.since, ': ', refusal.reason, '.'],
        next: ['release it when its fault is mended, or override with a reason.'],
      };
    case 'not-passed':
      return { why: ['the gate did not say yes.'], next: ['read the decision; override only with a reason.'] };
    case 'look-not-recorded':
      return {
        why: ['the decision rests on a look that the ledger does not have.'],
        next: ['promote again; the look is recorded then.'],
      };
    case 'no-former-holder':
      return {
        why: ['nothing before ', code(refusal.holder), ' can be gone back to.'],
        next: ['register and promote another version.'],
      };
    case 'never-held':
      return {
        why: [code(refusal.version), ' never held ', code(stage), '.'],
        next: [`name one that did: ${refusal.former.join(', ') || 'there is none'}.`],
      };
  }
}
