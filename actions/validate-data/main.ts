import { validationsAnswer } from '../../lib/commands/answer.ts';
import { validateData } from '../../lib/commands/validate-data.ts';
import { validationAnnotations } from '../../lib/report/pages/check-runs.ts';
import { list } from '../io.ts';
import { runAction } from '../run-action.ts';

/** Inputs: datasets. */
export function main(): Promise<void> {
  return runAction('validate-data', async ({ context, project }) => {
    const datasets = list('datasets');
    const request = { project: await project(), datasets: datasets.length === 0 ? undefined : datasets };
    const validations = await validateData(context, request);
    return {
      ...validationsAnswer(validations),
      annotations: validationAnnotations(validations),
      file: 'validations.json',
    };
  });
}
