import { simulate } from '../../commands/simulate/simulate.ts';
import { simulationAnswer } from '../../commands/simulate/simulate-answer.ts';
import { commonOptions, type Invocation } from '../invocation.ts';
import { list, margin, number, numbers } from '../option-values.ts';
import { type CommonOptions, runVerb } from '../run-verb.ts';

interface SimulateOptions extends CommonOptions {
  readonly from?: string;
  readonly rows?: number;
  readonly clusters?: number;
  readonly icc?: number;
  readonly positives?: number;
  readonly auc?: number;
  readonly agreement?: number;
  readonly error?: number;
  readonly classes?: number;
  readonly levels?: number[];
  readonly documents?: number;
  readonly metric: string[];
  readonly margin: Record<string, number>;
  readonly require?: string;
}

export function addSimulateVerb({ process, verb, end }: Invocation): void {
  verb(
    'simulate [model]',
    'the chance of passing the gate, for a range of true differences, before anything is trained',
  )
    .option('--from <decision>', 'a decision.json: take the standard errors of that comparison')
    .option('--rows <number>', "rows of the holdout; those of assay.yaml's when left out", number)
    .option('--clusters <number>', 'days (or groups) that they come in', number)
    .option('--icc <share>', 'correlation of rows of one day, 0 to 0.99; 0.05, or as in the labels', number)
    .option('--positives <share>', 'share of positives (0.5), of relevant documents (0.2), or as in the labels', number)
    .option('--classes <number>', 'multiclass: how many classes, all as frequent; 5, or as in the labels', number)
    .option('--levels <list>', "quantile: levels separated by commas; 0.1,0.5,0.9, or the model's", numbers)
    .option('--documents <number>', 'ranking: documents of a query; 20, or as in the data', number)
    .option(
      '--auc <value>',
      'ROC AUC of the model in place, of one class against another, of the documents of a query; 0.8 when left out',
      number,
    )
    .option('--agreement <value>', "correlation of both models' scores on one row; 0.9 when left out", number)
    .option(
      '--error <value>',
      "RMSE of the model in place, in the target's unit; half of how far values are spread",
      number,
    )
    .option(
      '--metric <names>',
      'primary metric, then guardrails, separated by commas; no assay.yaml is read then',
      list,
      [],
    )
    .option('--margin <metric=value>', 'allowed loss of a metric; may be repeated', margin, {})
    .option('--require <rule>', 'better, or not-worse; both when left out')
    .action(async (model: string | undefined, options: SimulateOptions) => {
      const { from, rows, clusters, icc, positives, auc, agreement, error, metric, require } = options;
      const { classes, levels, documents } = options;
      const code = await runVerb(process, commonOptions(options), async (context, project) =>
        simulationAnswer(
          await simulate(context, {
            ...{ cwd: process.cwd, project, model, from, rows, clusters, intraclass: icc, positives, auc, agreement },
            ...{ error, classes, levels, documents, metrics: metric, margins: options.margin, require },
          }),
        ),
      );
      end(code);
    });
}
