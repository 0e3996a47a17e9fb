import { at, usage } from './entry.ts';
import { mergeFix } from './merge-marks.ts';

interface Place {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/**
 * Errors of DVC's files: pipelines, configuration, ignore files, the index of outputs. Those of one pointer are with the
 * stores'.
 */
export const pointerErrors = {
  E_DVC_PIPELINE: usage((p: Place & { reason: string }) => ({
    message: `not a pipeline that can be read${at(p)}: ${p.reason}`,
    fix: mergeFix(p.reason) ?? 'Mend dvc.yaml by hand; restore dvc.lock from git, or make it anew with dvc commit.',
  })),
  E_DVC_TEMPLATE: usage((p: Place & { stage: string; reason: string }) => ({
    message: `cannot resolve the stage "${p.stage}"${at(p)}: ${p.reason}`,
    fix: 'Define what it names in params.yaml (YAML or JSON) or under vars:, as for dvc repro.',
  })),
  E_DVC_CONFIG: usage((p: Place & { reason: string }) => ({
    message: `not a DVC configuration that can be read${at(p)}: ${p.reason}`,
    fix: mergeFix(p.reason) ?? 'Mend that line; dvc config --list shows what DVC makes of it.',
  })),
  E_DVC_IGNORE: usage((p: Place & { reason: string }) => ({
    message: `not an ignore file that can be read${at(p)}: ${p.reason}`,
    fix: 'Mend that file: one pattern a line, as in .gitignore.',
  })),
  E_DVC_NO_FILE: usage((p: { file: string; kind: string }) => ({
    message: `"${p.file}" is ${p.kind}, where a file has to be`,
    fix: 'Rename it, and put the file of that name there if one is needed (git checkout brings what git has).',
  })),
  E_DVC_ENCODING: usage((p: Place & { reason: string }) => ({
    message: `not UTF-8${at(p)}: ${p.reason}`,
    fix: 'Save that file as UTF-8 (iconv converts it): read otherwise, its paths would be others.',
  })),
  E_DVC_LINK: usage((p: { file: string }) => ({
    message: `"${p.file}" is a symbolic link, which is not followed`,
    fix: 'Put the file itself there, or list the link in .dvcignore.',
  })),
  E_DVC_LIMIT: usage((p: { what: string; limit: number; unit: string }) => ({
    message: `${p.what} has more than ${p.limit} ${p.unit}`,
    fix: 'List folders that hold no pointers in .dvcignore, or track folders instead of single files.',
  })),
  E_OUTPUT_OVERLAP: usage((p: { path: string; declaredIn: string; other: string; otherDeclaredIn: string }) => ({
    message:
      p.path === p.other
        ? `"${p.path}" is tracked twice: in ${p.otherDeclaredIn} and in ${p.declaredIn}`
        : `"${p.path}" of ${p.declaredIn} lies inside "${p.other}" of ${p.otherDeclaredIn}`,
    fix: 'Remove one of the two with dvc remove.',
  })),
  E_POINTER_INSIDE_OUTPUT: usage((p: { file: string; output: string; declaredIn: string }) => ({
    message:
      p.file === p.output
        ? `${p.file} is tracked as data by ${p.declaredIn === p.file ? 'itself' : p.declaredIn}`
        : `${p.file} lies inside "${p.output}", which ${p.declaredIn} tracks as data`,
    fix: 'Move one of the two: a pointer belongs to git, not into the data.',
  })),
  E_OUTPUT_NAMES: usage((p: { path: string; declaredIn: string; reason: string }) => ({
    message: `the output ${JSON.stringify(p.path)} of ${p.declaredIn} cannot be used: ${p.reason}`,
    fix: 'Rename it, and its entry.',
  })),
  E_OUTPUT_TARGET: usage((p: { target: string; suggestion?: string | undefined }) => ({
    message: `nothing that is tracked matches "${p.target}"`,
    fix:
      p.suggestion === undefined
        ? 'Name a tracked path, a .dvc file or dvc.yaml:stage.'
        : `Did you mean "${p.suggestion}"?`,
  })),
};
