import { z } from 'zod';
import type { Answer } from './answer.ts';
import {
  DataAddOutput,
  DataCheckoutOutput,
  DataDiffOutput,
  DataGcOutput,
  DataImportOutput,
  DataListOutput,
  DataPullOutput,
  DataStatusOutput,
  DataTransferOutput,
  DataUpdateOutput,
  DataUrlOutput,
  DataUsageOutput,
  DataVerifyOutput,
  StoreMoveOutput,
} from './data-outputs.ts';

const DataDocument = z.discriminatedUnion('schema', [
  DataAddOutput,
  DataCheckoutOutput,
  DataDiffOutput,
  DataGcOutput,
  DataImportOutput,
  DataListOutput,
  DataPullOutput,
  DataStatusOutput,
  DataTransferOutput,
  DataUpdateOutput,
  DataUrlOutput,
  DataUsageOutput,
  DataVerifyOutput,
  StoreMoveOutput,
]);

/**
 * The answer of a data verb, its document held against the schema that it names. Apart from the answers themselves, because
 * loading the schemas takes longer than most of these verbs: they are for the document that a machine gets.
 */
export function checkedAnswer<A extends Answer>(answer: A): A {
  DataDocument.parse(answer.document);
  return answer;
}
