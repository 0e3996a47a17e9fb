import { posix } from 'node:path';
import { assayError } from '../../errors.ts';
import { compact } from '../compact.ts';
import type { ImportSource } from '../formats/dvc-file.ts';
import type { OutputEntry } from '../formats/output-entry.ts';
import { pathProblem } from '../relative-paths.ts';
import type { ExternalOutput, IndexProblem, TrackedOutput } from './tracked-output.ts';

/** The `.dvc` file, or the stage of a `dvc.yaml`, that declares outputs. */
export interface DeclaringStage {
  readonly file: string;
  readonly wdir: string;
  readonly frozen: boolean;
  readonly stage?: string;
  readonly import?: ImportSource;
}

/**
 * Where a declared output is in the repository, and what it is; or that it is outside, or cannot be.
 *
 * @param root the folder that holds `.dvc`, for messages
 */
export function placedOutput(
  out: OutputEntry,
  stage: DeclaringStage,
  root: string,
): TrackedOutput | ExternalOutput | IndexProblem {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(out.path)) return { url: out.path, declaredIn: stage.file };
  const path = repositoryPath(out.path, stage);
  if (path === undefined) {
    const error = assayError('E_POINTER_OUTSIDE', { pointer: stage.file, path: out.path, root });
    return { file: stage.file, error };
  }
  const problem = pathProblem([path], 'contained');
  if (problem !== undefined) {
    const error = assayError('E_OUTPUT_NAMES', { path: out.path, declaredIn: stage.file, reason: problem.reason });
    return { file: stage.file, error };
  }
  const { md5, hash, size, nfiles, isexec, remote, cache, push, persist, files, cloud } = out;
  const kind: TrackedOutput['kind'] =
    files !== undefined || md5?.endsWith('.dir')
      ? 'directory'
      : md5 === undefined && cloud === undefined
        ? 'unknown'
        : 'file';
  return compact({
    ...{ path, declaredIn: stage.file, kind, hash, md5, size, nfiles, isexec },
    ...{ remote, cache, push, persist, files, cloud },
    ...{ stage: stage.stage, frozen: stage.frozen, import: stage.import },
  } as const);
}

/** Where an output is; undefined where that is not in the repository, or in what belongs to git or DVC themselves. */
function repositoryPath(path: string, { file, wdir }: DeclaringStage): string | undefined {
  if (posix.isAbsolute(path) || posix.isAbsolute(wdir)) return undefined;
  const whole = posix.join(posix.dirname(file), wdir, path).replace(/\/+$/, '');
  const [first = ''] = whole.split('/');
  const own = ['', '.', '..', '.dvc'].includes(first.toLowerCase());
  return own ? undefined : whole;
}
