import { type Document, isCollection, isMap, parseDocument, Scalar, stringify, visit } from 'yaml';
import type { MetricName } from '../gate/rules.ts';

/** A dataset as it is written to assay.yaml. */
export interface PlannedDataset {
  readonly path: string;
  readonly sql?: string | undefined;
  readonly time?: string | undefined;
  readonly id: readonly string[];
  /** Days. */
  readonly labelDelay?: number | undefined;
}

const REFERENCE = 'https://github.com/assay-ml/assay/blob/main/docs/reference/assay-yaml.md';

/** A list of plain words at the end of what a line says; the printer pads lists like mappings. */
const PLAIN_LIST = /(?<=^ +(?:id|guardrails|classes|train): .*)\[ ([\w, .-]+) \](?=$| \}$)/gm;

/** What assay.yaml says of one model and its data; `renderProject` makes the file. */
export interface ProjectPlan {
  /** The first is trained on. */
  readonly data: Readonly<Record<string, PlannedDataset>>;
  readonly model: string;
  readonly train: { readonly trainer: string } | { readonly run: string; readonly lock?: string | undefined };
  readonly predict?: string | undefined;
  readonly target: string;
  readonly task: string;
  readonly classes?: readonly string[] | undefined;
  /** The newest days, or a dataset of its own. */
  readonly holdout:
    | { readonly last: number; readonly halves: boolean }
    | { readonly data: string; readonly halves: boolean };
  readonly primary: MetricName;
  readonly guardrails: readonly MetricName[];
  /** Days. */
  readonly driftWindow?: number | undefined;
}

/**
 * assay.yaml as a person would write it: design §9's words in its order, defaults left out, short mappings on one line,
 * every name quoted where YAML needs it.
 */
export function renderProject(plan: ProjectPlan): string {
  const [trainedOn = ''] = Object.keys(plan.data);
  const { train, holdout } = plan;
  const document = parseDocument(
    stringify({
      data: Object.fromEntries(Object.entries(plan.data).map(([name, dataset]) => [name, datasetOf(dataset)])),
      models: {
        [plan.model]: {
          train:
            'trainer' in train
              ? { trainer: train.trainer, data: trainedOn }
              : { run: train.run, data: trainedOn, ...(train.lock === undefined ? {} : { lock: [train.lock] }) },
          ...(plan.predict === undefined ? {} : { predict: plan.predict }),
          target: plan.target,
          ...(plan.task === 'binary' ? {} : { task: plan.task }),
          ...(plan.classes === undefined ? {} : { classes: plan.classes }),
          holdout: {
            ...('last' in holdout ? { last: `${holdout.last}d` } : { data: holdout.data }),
            ...(holdout.halves ? {} : { halves: false }),
          },
          gate: { primary: plan.primary, guardrails: plan.guardrails },
          ...(plan.driftWindow === undefined ? {} : { drift: { window: `${plan.driftWindow}d` } }),
        },
      },
    }),
  );
  flow(document, ['models', plan.model], ['train', 'holdout', 'drift', 'classes']);
  flow(document, ['models', plan.model, 'gate'], ['guardrails']);
  flow(document, ['data', trainedOn], ['id']);
  flow(document, ['data'], Object.keys(plan.data).slice(1));
  explain(document, ['models', plan.model], 'holdout', holdoutWords(plan));
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && /[\r\n]/.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const text = document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER });
  return `# Every key: ${REFERENCE}\n${text.replace(PLAIN_LIST, '[$1]')}`;
}

function datasetOf({ path, sql, time, id, labelDelay = 0 }: PlannedDataset) {
  return {
    path,
    ...(sql === undefined ? {} : { sql }),
    ...(time === undefined ? {} : { time }),
    id: id.length === 1 ? id[0] : id,
    ...(labelDelay === 0 ? {} : { label_delay: `${labelDelay}d` }),
  };
}

function holdoutWords({ holdout }: ProjectPlan): string {
  if ('data' in holdout)
    return holdout.halves ? 'one half for pull requests, one for promotions' : 'every look is counted';
  const delayed = holdout.halves
    ? 'one half for pull requests, one for promotions'
    : 'too few days for two halves: every look is counted';
  return `the newest days, never trained on; ${delayed}`;
}

/** Writes the named values of a mapping on one line. */
function flow(document: Document, path: readonly string[], keys: readonly string[]): void {
  const parent = document.getIn(path);
  if (!isMap(parent)) return;
  for (const key of keys) {
    const node = parent.get(key, true);
    if (isCollection(node)) node.flow = true;
  }
}

function explain(document: Document, path: readonly string[], key: string, words: string): void {
  const parent = document.getIn(path);
  const node = isMap(parent) ? parent.get(key, true) : undefined;
  if (isCollection(node)) node.comment = ` ${words}`;
}
