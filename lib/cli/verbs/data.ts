import { trainAnswer, validationsAnswer } from '../../commands/answer.ts';
import { train } from '../../commands/train/train.ts';
import { validateData } from '../../commands/validate-data.ts';
import { commonOptions, type Invocation } from '../invocation.ts';
import { type CommonOptions, runVerb } from '../run-verb.ts';

export function addDataVerbs({ process, verb, end }: Invocation): void {
  verb('validate-data [datasets...]', 'check datasets against their checks').action(
    async (datasets: string[], options: CommonOptions) => {
      const code = await runVerb(process, commonOptions(options), async (context, project) =>
        validationsAnswer(
          await validateData(context, {
            project: await project(),
            datasets: datasets.length === 0 ? undefined : datasets,
          }),
        ),
      );
      end(code);
    },
  );

  verb('train [model]', 'train a model, or find the run that did')
    .option('--force', 'train even if a run with the same inputs is here', false)
    .action(async (model: string | undefined, options: CommonOptions & { force: boolean }) => {
      const code = await runVerb(process, commonOptions(options), async (context, project) =>
        trainAnswer(await train(context, { project: await project(), model, force: options.force })),
      );
      end(code);
    });
}
