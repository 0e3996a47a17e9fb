import type { RunFacts } from '../evaluation.ts';
import { formatSpan } from '../words/date-format.ts';
import { metricWords } from '../words/metric-words.ts';
import { counted, formatSeconds, formatValue } from '../words/number-format.ts';
import type { Block, Blocks } from './block.ts';
import { shortDigest } from './how-decided.ts';
import { code, joined, type Text } from './span.ts';

/** What a run was made of, folded. */
export function runFold(run: RunFacts): Block {
  return {
    kind: 'fold',
    title: ['Run ', code(shortDigest(run.key)), run.reused ? ', reused: nothing it depends on has changed' : ''],
    blocks: [{ kind: 'facts', entries: runEntries(run) }],
  };
}

function runEntries(run: RunFacts): (readonly [string, Text])[] {
  const parameters = Object.entries(run.parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  const metrics = Object.entries(run.metrics).sort(([a], [b]) => (a < b ? -1 : 1));
  const window = run.from === undefined || run.to === undefined ? '' : `, ${formatSpan(run.from, run.to)}`;
  const entries: (readonly [string, Text] | undefined)[] = [
    ['recipe', recipeWords(run)],
    ['data', [code(run.dataset), ` ${counted(run.rows, 'row')}${window} `, code(shortDigest(run.data))]],
    parameters.length === 0
      ? undefined
      : [
          'parameters',
          joined(
            parameters.map(([name, value]) => [code(`${name}=${JSON.stringify(value)}`)]),
            ' ',
          ),
        ],
    ['seed', [String(run.seed)]],
    metrics.length === 0
      ? undefined
      : [
          'own metrics',
          joined(
            metrics.map(([name, value]) => [`${metricWords(name)} ${formatValue(value)}`]),
            ', ',
          ),
        ],
    ['backend', [code(run.backend)]],
    run.commit === undefined
      ? undefined
      : ['commit', [code(run.commit.slice(0, 12)), ...(run.dirty ? [' with changes that are not committed'] : [])]],
    ['took', [formatSeconds(run.duration)]],
    ['key', [code(run.key)]],
  ];
  return entries.filter((entry) => entry !== undefined);
}

function recipeWords({ recipe }: RunFacts): Text {
  if ('trainer' in recipe) return ['built-in trainer ', code(recipe.trainer)];
  return [code(recipe.command.join(' '))];
}

/** The folds of the runs of one model. */
export function runFolds(runs: readonly RunFacts[], model: string): Blocks {
  return runs.filter((run) => run.model === model).map(runFold);
}
