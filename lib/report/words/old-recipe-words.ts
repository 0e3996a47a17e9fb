import type { Decision } from '../../gate/decision.ts';
import type { Block, Blocks } from '../blocks/block.ts';
import { code, type Text } from '../blocks/span.ts';
import { comparisonSubject, differenceWords } from './difference-words.ts';

/** What of a difference comes of the new recipe and what of the new rows: two sentences beside the numbers, advice only. */
export function oldRecipeBlocks({ oldRecipe, baseline }: Decision): Blocks {
  if (oldRecipe === undefined) return [];
  const { recipe, data } = oldRecipe;
  const recipePhrase = differenceWords(recipe).phrase;
  const dataPhrase = differenceWords(data).phrase;
  if (recipePhrase === undefined || dataPhrase === undefined) return [];
  const text: Text = [
    'By the new recipe alone ',
    ...comparisonSubject(recipe),
    ` ${recipePhrase}; by the new rows alone it ${dataPhrase}. `,
    'For this the recipe of ',
    code(baseline.label),
    ' was fitted on the new rows; it is no part of the verdict.',
  ];
  return [{ kind: 'paragraph', tone: 'muted', text } satisfies Block];
}
