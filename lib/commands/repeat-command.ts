import type { Evaluation } from '../report/evaluation.ts';

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

/** A word that a POSIX shell takes as it is: what is shown is pasted, and names may come from a file of anybody's. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
