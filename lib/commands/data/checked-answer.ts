import type { Answer } from '../answer.ts';
import { DataDocument } from './data-outputs.ts';

/**
 * The answer of a data verb, its document held against the schema that it names. Apart from the answers themselves, because
 * loading the schemas takes longer than most of these verbs: they are for the document that a machine gets.
 */
export function checkedAnswer<A extends Answer>(answer: A): A {
  DataDocument.parse(answer.document);
  return answer;
}
