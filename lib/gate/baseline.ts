import { z } from 'zod';

/**
 * What a candidate is compared with (design §5): what holds a stage, a version, the last version that was proven better,
 * a model that knows nothing, or a file of predictions.
 */
export type BaselineChoice =
  | { readonly kind: 'stage'; readonly stage: string }
  | { readonly kind: 'version'; readonly version: string }
  | { readonly kind: 'proven' }
  | { readonly kind: 'constant'; readonly of: 'mean' | 'majority' }
  | { readonly kind: 'file'; readonly path: string };

/** A bare version stands for itself, as it does on a command line. */
const VERSION = /^v?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/;

/** What a baseline is written as, for messages. */
export const BASELINE_FORMS = 'stage:NAME, version:1.2.0, proven, constant, majority, file:PATH';

/** Reads a baseline as it is written in assay.yaml or on a command line; undefined when it is none. */
export function parseBaseline(text: string): BaselineChoice | undefined {
  if (text === 'proven') return { kind: 'proven' };
  if (text === 'constant') return { kind: 'constant', of: 'mean' };
  if (text === 'majority') return { kind: 'constant', of: 'majority' };
  if (VERSION.test(text)) return { kind: 'version', version: text.replace(/^v/, '') };
  const colon = text.indexOf(':');
  const rest = text.slice(colon + 1);
  if (colon < 0 || rest === '') return undefined;
  switch (text.slice(0, colon)) {
    case 'stage':
      return { kind: 'stage', stage: rest };
    case 'version':
      return VERSION.test(rest) ? { kind: 'version', version: rest.replace(/^v/, '') } : undefined;
    case 'file':
      return { kind: 'file', path: rest };
    default:
      return undefined;
  }
}

/** A baseline in assay.yaml. A pattern, not a refinement, so that the published JSON Schema says it too. */
export const BaselineText = z
  .string()
  .regex(
    /^(?:proven|constant|majority|stage:.+|file:.+|(?:version:)?v?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?)$/,
    `one of ${BASELINE_FORMS}`,
  );
