import type { Digest } from '../digest.ts';
import { parseModelName } from './gto-tags.ts';

/** The branch that is the registry. */
export const REGISTRY_BRANCH = 'assay/registry';

/** Folder of all records on the branch; what DVC and people read lies beside it. */
export const RECORDS_FOLDER = 'models';

/** Documents that are stored whole under the name of their digest. */
export type DocumentKind = 'runs' | 'profiles' | 'decisions' | 'predictions';

/** A record's place, read back from its path. */
export type RecordPlace =
  | { readonly kind: 'version'; readonly model: string; readonly version: string }
  | { readonly kind: 'event'; readonly model: string; readonly sequence: number; readonly event: string }
  | { readonly kind: 'look'; readonly model: string; readonly sequence: number }
  | { readonly kind: DocumentKind; readonly model: string; readonly digest: Digest };

/** Digits of a record's number, so that a listing by name is in order of time. */
const SEQUENCE_DIGITS = 6;

/**
 * A model's folder, one path segment whatever the name holds: `services/nlp:a/b` → `services%2Fnlp=a%2Fb`. Names hold
 * neither `%` nor `=`, so no two names share a folder. Throws E_REGISTRY_NAME.
 */
export function modelSegment(model: string): string {
  parseModelName(model);
  return model.replaceAll('/', '%2F').replace(':', '=');
}

/** The model of a folder; undefined when no model has it. */
function modelOfSegment(segment: string): string | undefined {
  const model = segment.replaceAll('%2F', '/').replace('=', ':');
  try {
    return modelSegment(model) === segment ? model : undefined;
  } catch {
    return undefined;
  }
}

export function versionPath(model: string, version: string): string {
  return `${RECORDS_FOLDER}/${modelSegment(model)}/versions/${version}.json`;
}

export function eventPath(model: string, sequence: number, kind: string): string {
  return `${RECORDS_FOLDER}/${modelSegment(model)}/events/${numbered(sequence)}-${kind}.json`;
}

export function lookPath(model: string, sequence: number): string {
  return `${RECORDS_FOLDER}/${modelSegment(model)}/looks/${numbered(sequence)}.json`;
}

export function documentPath(model: string, kind: DocumentKind, digest: Digest): string {
  return `${RECORDS_FOLDER}/${modelSegment(model)}/${kind}/${digest.slice('sha256:'.length)}.json`;
}

/**
 * Reads a path of the branch: the record it holds, `undefined` for what is no record (README, DVC's files), or
 * `'unknown'` for a JSON file among the records that has no business there.
 */
export function parseRecordPath(path: string): RecordPlace | 'unknown' | undefined {
  if (!path.startsWith(`${RECORDS_FOLDER}/`) || !path.endsWith('.json')) return undefined;
  const [, segment, room, file, ...rest] = path.split('/');
  if (segment === undefined || room === undefined || file === undefined || rest.length > 0) return 'unknown';
  const model = modelOfSegment(segment);
  if (model === undefined) return 'unknown';
  const stem = file.slice(0, -'.json'.length);
  switch (room) {
    case 'versions':
      return { kind: 'version', model, version: stem };
    case 'events': {
      const match = /^(\d{6,})-([a-z]+)$/.exec(stem);
      if (match?.[1] === undefined || match[2] === undefined) return 'unknown';
      return { kind: 'event', model, sequence: Number(match[1]), event: match[2] };
    }
    case 'looks':
      return /^\d{6,}$/.test(stem) ? { kind: 'look', model, sequence: Number(stem) } : 'unknown';
    case 'runs':
    case 'profiles':
    case 'decisions':
    case 'predictions':
      return /^[0-9a-f]{64}$/.test(stem) ? { kind: room, model, digest: `sha256:${stem}` } : 'unknown';
    default:
      return 'unknown';
  }
}

function numbered(sequence: number): string {
  return String(sequence).padStart(SEQUENCE_DIGITS, '0');
}
