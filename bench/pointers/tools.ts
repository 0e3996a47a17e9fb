import { join } from 'node:path';

/** The verbs as one of the two programs spells them. */
export interface Tool {
  readonly name: 'DVC' | 'Assay';
  readonly version: readonly string[];
  /** The command of a data verb. */
  readonly verb: (verb: 'add' | 'status' | 'push' | 'pull', ...args: readonly string[]) => readonly string[];
  /** What it remembers outside of cache and work tree; with these gone a repository is a fresh clone. */
  readonly memory: (repository: string, site: string) => readonly string[];
}

export function dvcTool(dvc: string): Tool {
  return {
    name: 'DVC',
    version: [dvc, '--version'],
    verb: (verb, ...args) => [dvc, verb, '-q', ...args],
    memory: (repository, site) => [join(repository, '.dvc', 'tmp'), site],
  };
}

export function assayTool(bundle: string): Tool {
  const program = [process.execPath, join(bundle, 'assay.js')];
  return {
    name: 'Assay',
    version: [...program, '--version'],
    verb: (verb, ...args) => [...program, 'data', verb, ...args],
    memory: (repository) => [join(repository, '.dvc', 'tmp')],
  };
}
