import { type AssayError, assayError } from '../../errors.ts';
import type { YamlPlace } from './safe-yaml.ts';

/** The error of a `dvc.yaml`, a `dvc.lock` or a parameters file that cannot be used. */
export function corruptPipeline(place: YamlPlace, reason: string, cause?: unknown): AssayError {
  return assayError('E_DVC_PIPELINE', { ...place, reason }, cause);
}
