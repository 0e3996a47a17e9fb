import { isList, resolveDeep, type TemplateContext, TemplateProblem, type TemplateValue } from './template.ts';

/** Stages that one `dvc.yaml` may have `foreach` and `matrix` make. */
const MAX_GENERATED_STAGES = 10_000;

/** Characters that a value of a matrix may bring to the names of its stages. */
const MAX_FRAGMENT_LENGTH = 1024;

export interface GeneratedStage {
  /** What stands behind the `@` of the stage's name. */
  readonly key: string;
  /** `item`, and `key` where there is one. */
  readonly context: ReadonlyMap<string, TemplateValue>;
}

/**
 * What `foreach` or `matrix` makes of its data. Source: dvc/parsing/__init__.py, ForeachDefinition and MatrixDefinition.
 *
 * @throws TemplateProblem for data that is no list or map, or makes too many stages
 */
export function generatedStages(
  kind: 'foreach' | 'matrix',
  data: TemplateValue,
  context: TemplateContext,
): GeneratedStage[] {
  const resolved = resolveDeep(data, context);
  return kind === 'foreach' ? ofForeach(resolved) : ofMatrix(resolved);
}

function ofForeach(data: TemplateValue): GeneratedStage[] {
  if (typeof data === 'string') throw new TemplateProblem('foreach is neither a list nor a map');
  if (isList(data)) {
    refuseTooMany(data.length);
    // Lists of lists or maps are numbered; plain values are their own names, each once.
    const named = data.some((value) => typeof value !== 'string')
      ? data.map((item, index) => [String(index), item] as const)
      : data.map((item) => [String(item), item] as const);
    return [...new Map(named)].map(([key, item]) => ({ key, context: new Map([['item', item]]) }));
  }
  refuseTooMany(data.size);
  return [...data].map(([key, item]) => ({
    key,
    context: new Map<string, TemplateValue>([
      ['item', item],
      ['key', key],
    ]),
  }));
}

function ofMatrix(data: TemplateValue): GeneratedStage[] {
  if (typeof data === 'string' || isList(data)) throw new TemplateProblem('matrix is no map of lists');
  let combinations: { fragments: string[]; item: [string, TemplateValue][] }[] = [{ fragments: [], item: [] }];
  for (const [name, values] of data) {
    if (!isList(values)) throw new TemplateProblem(`matrix.${name} is no list`);
    refuseTooMany(combinations.length * values.length);
    combinations = combinations.flatMap(({ fragments, item }) =>
      values.map((value, index) => ({
        fragments: [...fragments, fragment(typeof value === 'string' ? value : `${name}${index}`)],
        item: [...item, [name, value]],
      })),
    );
  }
  const named = new Map(combinations.map(({ fragments, item }) => [fragments.join('-'), item]));
  return [...named].map(([key, item]) => ({
    key,
    context: new Map<string, TemplateValue>([
      ['key', key],
      ['item', new Map(item)],
    ]),
  }));
}

/** @throws TemplateProblem */
export function refuseTooMany(count: number): void {
  if (count > MAX_GENERATED_STAGES) throw new TemplateProblem(`it makes more than ${MAX_GENERATED_STAGES} stages`);
}

function fragment(text: string): string {
  if (text.length <= MAX_FRAGMENT_LENGTH) return text;
  throw new TemplateProblem(`a value of its matrix is longer than ${MAX_FRAGMENT_LENGTH} characters`);
}
