import { z } from 'zod';
import { parseDuration } from '../duration.ts';
import { TableFormat } from '../engine/table.ts';
import { DEFAULT_METRICS } from '../gate/default-metrics.ts';
import { GateRules, MetricName } from '../gate/rules.ts';
import { Task } from '../model/signature.ts';
import { Parameter } from '../train/run-record.ts';

/** GTO's grammar for names of artifacts and stages: no dots, no spaces, begins and ends with a letter or digit. */
export const Name = z.string().regex(/^[a-zA-Z0-9](?:[a-zA-Z0-9_/-]*[a-zA-Z0-9])?$/, 'a name: letters, digits, - _ /');

const Duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, 'a duration such as 56d, 12h or 2w')
  .transform((text) => parseDuration(text) as number)
  .meta({ title: 'duration' });

const Column = z.string().min(1);
const oneOrMore = <T extends z.ZodType>(item: T) => z.union([item.transform((one) => [one]), z.array(item).min(1)]);

/** A command: one line, split like a shell splits words (no shell runs it), or its arguments. */
const Command = z.union([z.string().min(1), z.array(z.string()).min(1)]).meta({ title: 'command' });

export const DatasetConfig = z
  .strictObject({
    path: oneOrMore(z.string().min(1)).describe(
      'A path, glob, folder or `.dvc` pointer, or several; relative to assay.yaml and inside the repository.',
    ),
    format: TableFormat.optional().describe('How to read the files; told from their names when left out.'),
    sql: z.string().optional().describe('One SELECT over the files, in which the table is called `data`.'),
    time: Column.optional().describe(
      'Column of timestamps or dates: orders rows, cuts the holdout and the drift windows, and makes days the clusters.',
    ),
    id: oneOrMore(Column).optional().describe('Column or columns that tell the rows apart; needed to pair both sides.'),
    label_delay: Duration.prefault('0d').describe("How long after its time a row's label is known."),
    checks: z.string().optional().describe('A checks file (reference: checks.md).'),
  })
  .describe('A named table.');

const trainCommon = {
  data: Name.describe('The dataset to learn from.'),
  parameters: z.record(z.string(), Parameter).default({}).describe('Handed to the command or the trainer.'),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1)
    .describe('Handed to the command or the trainer; part of the identity of the run.'),
  deps: z
    .array(z.string())
    .optional()
    .describe(
      'Paths and globs the run depends on: a change of them trains anew. The whole tree for a command, nothing for a built-in trainer.',
    ),
  lock: z.array(z.string()).optional().describe('Lock files of the environment.'),
  refit: z
    .boolean()
    .optional()
    .describe(
      '`false`: where a change brings another recipe and other rows, the old recipe is not fitted on the new rows, which tells better code from fresher data and costs a training.',
    ),
  tuned_on: z
    .array(Name)
    .min(1)
    .optional()
    .describe(
      'Datasets that parameters, features or thresholds were chosen on, beside the one to learn from: the holdout begins after them and shares no id with them.',
    ),
};

export const TrainConfig = z
  .union([
    z.strictObject({
      run: Command.describe('The command that trains (guide: user-commands.md); no shell runs it.'),
      ...trainCommon,
    }),
    z.strictObject({
      trainer: z.enum(['trees', 'logistic', 'mlp']).describe('A built-in trainer.'),
      features: z
        .array(Column)
        .min(1)
        .optional()
        .describe('Columns to learn from; all but target, id and time when left out.'),
      ...trainCommon,
    }),
  ])
  .describe('How the model is made: `run:` or `trainer:`.');

export const HoldoutConfig = z
  .strictObject({
    data: Name.optional().describe('Another dataset than the one trained on.'),
    last: Duration.optional().describe(
      "The newest span of the dataset's time column. Needed when holdout and training share a dataset.",
    ),
    halves: z
      .boolean()
      .default(true)
      .describe('`false`: no sealed half; every promotion looks at the whole holdout. For a team with little data.'),
    examples: z
      .boolean()
      .optional()
      .describe(
        '`true`: reports show labels and predictions of a few changed rows of the development half, else their ids only.',
      ),
  })
  .describe('The labelled rows that both sides are scored on; never trained on.');

export const DriftConfig = z
  .strictObject({
    window: Duration.describe('Span of the newest rows that is held against the training rows; whole days.'),
    columns: z.array(Column).min(1).optional().describe("Columns to watch; the model's inputs when left out."),
    data: Name.optional().describe('Dataset that new rows come in; the training dataset when left out.'),
    cooldown: Duration.prefault('14d').describe('Least time between two proposals to retrain.'),
  })
  .describe('What is watched after a promotion.');

/** The gate's rules as they are written: what the task's preset says may be left out. */
export const GateConfig = z
  .strictObject({
    ...GateRules.shape,
    primary: MetricName.optional().describe("The metric that decides; the task's (and its guardrails) when left out."),
    guardrails: z.array(MetricName).optional().describe('Metrics that must all be not worse.'),
  })
  .describe('The rules that a candidate is judged by.');

/** A class as data have it; a number or a truth value is meant as its text. */
const ClassName = z.union([z.string().min(1), z.number(), z.boolean()]).transform(String);

export const ModelConfig = z
  .strictObject({
    train: TrainConfig,
    predict: Command.optional().describe('The command that scores rows; needed with `train.run`.'),
    target: Column.describe(
      'Column to predict: 0/1 or true/false for `binary`, a class for `multiclass`, a relevance of 0 or more for `ranking`, else a number.',
    ),
    task: Task.default('binary').describe('What the target is.'),
    classes: z
      .array(ClassName)
      .min(2)
      .refine((names) => new Set(names).size === names.length, 'each class once')
      .optional()
      .describe('`multiclass`: the classes, in the order of the probabilities.'),
    levels: z
      .array(z.number().gt(0).lt(1))
      .min(1)
      .refine((levels) => levels.every((level, j) => level > (levels[j - 1] ?? 0)), 'ascending, each level once')
      .optional()
      .describe('`quantile`: the levels that are predicted, ascending, e.g. [0.1, 0.5, 0.9].'),
    query: Column.optional().describe('`ranking`: column of the query that a row belongs to.'),
    series: Column.optional().describe('`forecast`: column that tells the series apart; one series when left out.'),
    season: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe("`forecast`: rows after which a series repeats, for MASE's naive forecast; 1 when left out."),
    holdout: HoldoutConfig,
    gate: GateConfig.prefault({}),
    stages: z
      .array(Name)
      .min(1)
      .default(['production'])
      .describe('Slots that one version each holds; the last one is meant where none is named.'),
    drift: DriftConfig.optional(),
  })
  .transform(({ gate: { primary, guardrails, ...rules }, ...model }) => {
    const preset = DEFAULT_METRICS[model.task];
    const chosen =
      primary === undefined
        ? { primary: preset.primary, guardrails: guardrails ?? [...preset.guardrails] }
        : { primary, guardrails: guardrails ?? [] };
    return { ...model, gate: { ...rules, ...chosen } satisfies GateRules };
  })
  .describe('A name with a line of versions.');

/** assay.yaml (design §9), after defaults. */
export const ProjectConfig = z.strictObject({
  data: z.record(Name, DatasetConfig).describe('The tables, by name.'),
  models: z.record(Name, ModelConfig).describe('The models, by name.'),
  store: z
    .string()
    .optional()
    .describe(
      "Where registered models' bytes are: a folder, `file://…` or `ref` (guide: stores.md). DVC's default remote when left out, else `.assay/store` on a laptop and `ref` in an action.",
    ),
});
export type ProjectConfig = z.infer<typeof ProjectConfig>;
export type DatasetConfig = z.infer<typeof DatasetConfig>;
export type ModelConfig = z.infer<typeof ModelConfig>;
export type DriftConfig = z.infer<typeof DriftConfig>;
