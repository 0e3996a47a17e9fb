import { decisionAnswer } from '../../commands/answer.ts';
import { type CompareRequest, compareFiles } from '../../commands/compare/compare.ts';
import { evaluateGate } from '../../commands/evaluate/evaluate-gate.ts';
import { SCORE_COLUMN } from '../../commands/evaluate/score-model.ts';
import { compareCommand, evaluateCommand } from '../../commands/repeat-command.ts';
import { commonOptions, type Invocation } from '../invocation.ts';
import { list, margin, number, numbers } from '../option-values.ts';
import { type CommonOptions, runVerb } from '../run-verb.ts';

interface GateOptions extends CommonOptions {
  readonly run?: string;
  readonly stage?: string;
  readonly baseline?: string;
  readonly rulesFrom?: string;
  readonly explain: boolean;
}

interface CompareOptions extends CommonOptions {
  readonly label: string;
  readonly id: string[];
  readonly cluster?: string;
  readonly score?: string[];
  readonly task?: string;
  readonly classes?: string[];
  readonly levels?: number[];
  readonly query?: string;
  readonly weight?: string;
  readonly slice: string[];
  readonly metric: string[];
  readonly margin: Record<string, number>;
  readonly require?: string;
  readonly threshold?: number;
  readonly rules?: string;
  readonly history?: string;
  readonly time?: string;
  readonly series?: string;
  readonly season?: number;
  readonly examples: boolean;
  readonly explain: boolean;
}

const EXPLAIN = 'the whole reasoning, rule by rule: asked, found, why, what would change it';

export function addGateVerbs({ process, verb, end }: Invocation): void {
  verb('evaluate-gate [model]', "judge a run against what holds the stage, on the holdout's development half")
    .option('--run <key>', 'the run to judge; the one of the present inputs when left out')
    .option('--stage <stage>', 'the stage whose holder is the baseline; the last one when left out')
    .option('--baseline <what>', 'stage:NAME, version:1.2.0, proven, constant, majority or file:PATH')
    .option('--rules-from <commit>', 'commit whose rules count, e.g. the target branch')
    .option('--explain', EXPLAIN, false)
    .action(async (model: string | undefined, options: GateOptions) => {
      const { run, stage, baseline, rulesFrom } = options;
      const common = { ...commonOptions(options), details: options.details || options.explain };
      const code = await runVerb(process, common, async (context, project) => {
        const request = { project: await project(), model, run, stage, baseline, rulesFrom };
        const { decision, evidence } = await evaluateGate(context, { ...request, refit: true });
        const repeat = evaluateCommand(decision, request);
        return decisionAnswer(decision, { evidence, repeat, explain: options.explain });
      });
      end(code);
    });

  verb('compare <baseline> <candidate>', 'compare two prediction files on the same examples; no assay.yaml needed')
    .requiredOption('--label <column>', 'column of true values, in either file')
    .requiredOption('--id <columns>', 'column(s) that tell the examples, separated by commas', list)
    .option('--cluster <column>', 'column whose rows are not independent: day, user, group')
    .option('--score <columns>', 'column of predictions; several in the order of classes or levels', list)
    .option(
      '--task <task>',
      'binary, multiclass, regression, quantile, ranking or forecast; told from the files when left out',
    )
    .option('--classes <names>', 'classes of a multiclass task; those of the columns p_<class> when left out', list)
    .option(
      '--levels <numbers>',
      'levels of predicted quantiles; those of the columns q_<level> when left out',
      numbers,
    )
    .option('--query <column>', 'column of the query, for a ranking')
    .option('--weight <column>', 'column of how often a row counts')
    .option('--slice <columns>', 'columns to look at value by value, separated by commas', list, [])
    .option('--metric <names>', 'primary metric, then guardrails, separated by commas', list, [])
    .option('--margin <metric=value>', 'allowed loss of a metric; may be repeated', margin, {})
    .option('--require <rule>', 'better, or not-worse')
    .option('--threshold <probability>', 'score from which a row is called positive', number)
    .option(
      '--rules <file>',
      'YAML file of further rules: the keys of gate: in assay.yaml (floors, critical slices, fairness …)',
    )
    .option('--history <file>', "past of a forecast's series, for MASE: columns of time, label and series")
    .option('--time <column>', 'column of times in it; the one of --cluster when left out')
    .option('--series <column>', 'column that tells the series apart; one series when left out')
    .option('--season <rows>', 'rows after which a series repeats', number)
    .option('--examples', 'show labels and predictions of the rows that changed most, not their ids alone', false)
    .option('--explain', EXPLAIN, false)
    .action(async (baseline: string, candidate: string, options: CompareOptions) => {
      const common = { ...commonOptions(options), details: options.details || options.explain };
      const code = await runVerb(process, common, async (context) => {
        const request: CompareRequest = {
          cwd: process.cwd,
          baseline,
          candidate,
          label: options.label,
          id: options.id,
          cluster: options.cluster,
          score: options.score?.[0] ?? SCORE_COLUMN,
          scores: options.score,
          task: options.task,
          classes: options.classes,
          levels: options.levels,
          query: options.query,
          weight: options.weight,
          slices: options.slice,
          metrics: options.metric,
          margins: options.margin,
          require: options.require,
          threshold: options.threshold,
          rules: options.rules,
          history: options.history,
          time: options.time,
          series: options.series,
          season: options.season,
          examples: options.examples,
        };
        const { decision, evidence } = await compareFiles(context, request);
        return decisionAnswer(decision, { evidence, repeat: compareCommand(request), explain: options.explain });
      });
      end(code);
    });
}
