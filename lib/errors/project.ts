import { at, usage } from './entry.ts';

interface Place {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** Errors of lib/project: assay.yaml, check files, paths. */
export const projectErrors = {
  E_PROJECT_MISSING: usage(({ file }: { file: string }) => ({
    message: `there is no ${file} here`,
    fix: 'Run in the folder that holds assay.yaml, or name it with --project.',
  })),
  E_PROJECT_YAML: usage((p: Place & { reason: string }) => ({
    message: `not valid YAML${at(p)}: ${p.reason}`,
    fix: 'Mend the syntax at that place.',
  })),
  E_PROJECT_UNKNOWN_KEY: usage(
    (p: Place & { key: string; suggestion?: string | undefined; allowed: readonly string[] }) => ({
      message: `unknown key "${p.key}"${at(p)}`,
      fix: p.suggestion === undefined ? `Allowed here: ${p.allowed.join(', ')}.` : `Did you mean "${p.suggestion}"?`,
    }),
  ),
  E_PROJECT_MISSING_KEY: usage((p: Place & { key: string }) => ({
    message: `the key "${p.key}" is missing${at(p)}`,
    fix: `Add ${p.key}: there.`,
  })),
  E_PROJECT_VALUE: usage((p: Place & { key: string; reason: string }) => ({
    message: `bad value of "${p.key}"${at(p)}: ${p.reason}`,
    fix: `Change ${p.key}.`,
  })),
  E_PROJECT_REFERENCE: usage((p: Place & { key: string; name: string; kind: string; known: readonly string[] }) => ({
    message: `"${p.key}" names the ${p.kind} "${p.name}", which is not declared${at(p)}`,
    fix: p.known.length === 0 ? `Declare a ${p.kind}.` : `Known: ${p.known.join(', ')}.`,
  })),
  E_PROJECT_MODEL: usage((p: { model: string; known: readonly string[] }) => ({
    message: `assay.yaml has no model "${p.model}"`,
    fix: p.known.length === 0 ? 'Declare it under models:.' : `Known: ${p.known.join(', ')}.`,
  })),
  E_PROJECT_DATASET: usage((p: { dataset: string; known: readonly string[] }) => ({
    message: `assay.yaml has no dataset "${p.dataset}"`,
    fix: p.known.length === 0 ? 'Declare it under data:.' : `Known: ${p.known.join(', ')}.`,
  })),
  E_DATASET_NO_FILES: usage((p: { dataset: string; pattern: string; file: string }) => ({
    message: `the dataset "${p.dataset}" has no files: nothing matches "${p.pattern}" (${p.file})`,
    fix: 'Correct the path, or bring the data with its pointer.',
  })),
  E_PROJECT_FOLDER: usage((p: { folder: string }) => ({
    message: `there is no folder ${p.folder}`,
    fix: 'Correct it: --project or --projects of the command line, project: under with: in a workflow.',
  })),
  E_PATH_OUTSIDE: usage((p: { path: string; root: string }) => ({
    message: `the path "${p.path}" leads out of ${p.root}`,
    fix: 'Use a path inside the repository, without .. or links that lead out.',
  })),
};
