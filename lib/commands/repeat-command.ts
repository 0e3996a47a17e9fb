import type { Decision } from '../gate/decision.ts';
import type { Evaluation } from '../report/evaluation.ts';
import { shortKey } from '../train/run-key.ts';
import type { CompareRequest } from './compare/compare.ts';
import { SCORE_COLUMN } from './evaluate/score-model.ts';

/**
 * The command line that repeats an evaluation on a laptop, for its comment. The commit is fetched by its id: a pull
 * request is evaluated on a merge that no branch holds.
 */
export function repeatCommand({ commit, decisions, base }: Evaluation): string {
  const checkout = `git fetch origin ${commit} && git checkout ${commit}`;
  const [first, ...others] = decisions.map(({ model }) => shellWord(model));
  if (first === undefined || others.length > 0) {
    const models = [first, ...others].map((model) => (model === undefined ? '' : ` ${model}`)).join('');
    return `${checkout} && npx assay-ml pull-request${models}${base === undefined ? '' : ` --base ${base}`} --details`;
  }
  const rules = base === undefined ? '' : ` --rules-from ${base}`;
  return `${checkout} && npx assay-ml train ${first} && npx assay-ml evaluate-gate ${first}${rules} --explain`;
}

/** The command that repeats a decision on a run: what the request left out is named as it was found. */
export function evaluateCommand(
  { model, stage, candidate }: Pick<Decision, 'model' | 'stage' | 'candidate'>,
  { baseline, rulesFrom }: { readonly baseline?: string | undefined; readonly rulesFrom?: string | undefined },
): string {
  const options = [
    ...option('--run', candidate.run === undefined ? undefined : shortKey(candidate.run)),
    ...option('--stage', stage),
    ...option('--baseline', baseline),
    ...option('--rules-from', rulesFrom),
  ];
  return ['npx assay-ml evaluate-gate', shellWord(model), ...options, '--explain'].join(' ');
}

/** The command that repeats a comparison of two files, with every option that was set. */
export function compareCommand(request: CompareRequest): string {
  const { baseline, candidate, margins, threshold } = request;
  const options = [
    ...option('--label', request.label),
    ...option('--id', request.id),
    ...option('--cluster', request.cluster),
    ...option('--score', request.scores ?? (request.score === SCORE_COLUMN ? undefined : request.score)),
    ...option('--task', request.task),
    ...option('--classes', request.classes),
    ...option('--levels', request.levels?.map(String)),
    ...option('--query', request.query),
    ...option('--weight', request.weight),
    ...option('--slice', request.slices),
    ...option('--metric', request.metrics),
    ...Object.entries(margins).flatMap(([metric, margin]) => option('--margin', `${metric}=${margin}`)),
    ...option('--require', request.require),
    ...option('--threshold', threshold === undefined ? undefined : String(threshold)),
    ...option('--rules', request.rules),
    ...option('--history', request.history),
    ...option('--time', request.time),
    ...option('--series', request.series),
    ...option('--season', request.season === undefined ? undefined : String(request.season)),
  ];
  return ['npx assay-ml compare', shellWord(baseline), shellWord(candidate), ...options, '--explain'].join(' ');
}

function option(name: string, value: string | readonly string[] | undefined): string[] {
  if (value === undefined || value.length === 0) return [];
  return [`${name} ${shellWord(typeof value === 'string' ? value : value.join(','))}`];
}

/** A word that a POSIX shell takes as it is: what is shown is pasted, and names may come from a file of anybody's. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
