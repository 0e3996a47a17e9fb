import { Option } from 'commander';
import type { InitTask } from '../../commands/init/init-task.ts';
import { INIT_TASKS } from '../../commands/init/init-task.ts';
import { commonOptions, type Invocation } from '../invocation.ts';
import { list } from '../option-values.ts';
import { type CommonOptions, runVerb } from '../run-verb.ts';

interface InitOptions extends CommonOptions {
  readonly data?: string;
  readonly holdout?: string;
  readonly target?: string;
  readonly id?: string[];
  readonly time?: string;
  readonly model?: string;
  readonly task?: InitTask;
  readonly train?: string;
  readonly predict?: string;
  readonly primary?: string;
  readonly force: boolean;
  readonly dryRun: boolean;
}

export function addInitVerb({ process, verb, end }: Invocation): void {
  verb('init', 'write assay.yaml and the workflow from what the repository holds')
    .option('--data <path>', 'file, glob, folder or .dvc pointer of the data, relative to the project')
    .option('--target <column>', 'column to predict')
    .option('--id <columns>', 'columns that tell the rows apart, separated by commas', list)
    .option('--time <column>', 'column of timestamps or dates')
    .option('--holdout <path>', 'other labelled rows, in place of the newest ones')
    .option('--model <name>', "name of the model; the target's when left out")
    .addOption(
      new Option('--task <task>', 'what the target is; told from its values when left out').choices(INIT_TASKS),
    )
    .option('--train <command>', 'command that trains, or trees, logistic, mlp')
    .option('--predict <command>', 'command that scores rows')
    .option('--primary <metric>', "metric that decides; the task's when left out")
    .option('--force', 'write files anew that are here', false)
    .option('--dry-run', 'show what would be written, and write nothing', false)
    .action(async (options: InitOptions) => {
      const { data, holdout, target, id, time, model, task, train, predict, primary, force, dryRun } = options;
      const code = await runVerb(process, commonOptions(options), async (context) => {
        const [{ init }, { initAnswer }] = await Promise.all([
          import('../../commands/init/init.ts'),
          import('../../commands/init/init-answer.ts'),
        ]);
        const asked = { data, holdout, target, id, time, model, task, train, predict, primary };
        return initAnswer(await init(context, { ...asked, force, dryRun }));
      });
      end(code);
    });
}
