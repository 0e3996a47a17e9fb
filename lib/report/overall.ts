import type { Verdict } from '../verdict.ts';
import { worstVerdict } from '../verdict.ts';
import type { Block, Blocks } from './blocks/block.ts';
import { code, listed, type Text } from './blocks/span.ts';
import { validationVerdict } from './blocks/validation-blocks.ts';
import type { Evaluation } from './evaluation.ts';

/** The verdict of a whole evaluation: the worst of its models and datasets; nothing at all is inconclusive. */
export function overallVerdict({ decisions, validations }: Pick<Evaluation, 'decisions' | 'validations'>): Verdict {
  return worstVerdict([...decisions, ...validations].map(({ verdict }) => verdict));
}

/**
 * What stands above the models: how many pass where there are several, and data that is not as declared, which a
 * model's numbers would otherwise hide. Empty for one model on sound data: its own verdict is the first sentence.
 */
export function overallBlocks(evaluation: Evaluation): Blocks {
  const { decisions, validations } = evaluation;
  const data = validations.filter(({ verdict }) => verdict !== 'pass' || decisions.length === 0).map(validationVerdict);
  if (decisions.length === 0 && validations.length === 0) {
    return [{ kind: 'verdict', verdict: 'inconclusive', lead: "Can't tell", text: ['nothing was evaluated.'] }];
  }
  return decisions.length > 1 ? [countBlock(evaluation), ...data] : data;
}

function countBlock({ decisions }: Evaluation): Block {
  const models = (verdict: Verdict): Text[] =>
    decisions.filter((decision) => decision.verdict === verdict).map(({ model }) => [code(model)]);
  const parts: Text[] = [
    said(models('fail'), 'is blocked', 'are blocked'),
    said(models('inconclusive'), "can't be told yet", "can't be told yet"),
    said(models('pass'), 'passes', 'pass'),
  ].filter((part) => part.length > 0);
  const verdict = worstVerdict(decisions.map((decision) => decision.verdict));
  const passed = models('pass').length;
  return {
    kind: 'verdict',
    verdict,
    lead: `${passed} of ${decisions.length} models pass`,
    text: [...parts.flatMap((part, index) => (index === 0 ? [...part] : ['; ', ...part])), '.'],
  };
}

function said(models: readonly Text[], one: string, many: string): Text {
  if (models.length === 0) return [];
  const named = models.length > 6 ? [...models.slice(0, 5), [`${models.length - 5} more`]] : models;
  return [...listed(named), ` ${models.length === 1 ? one : many}`];
}
