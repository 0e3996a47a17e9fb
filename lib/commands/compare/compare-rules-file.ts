import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { assayError, messageOf } from '../../errors.ts';
import type { GateRules } from '../../gate/rules.ts';
import { GateConfig } from '../../project/config.ts';
import { parseConfig } from '../../project/parse-config.ts';
import { parseYamlDocument } from '../../project/yaml-document.ts';
import type { CompareRequest } from './compare.ts';

/** A request for a comparison, and the rules of the file that it names. */
export interface RuledRequest extends CompareRequest {
  /** The file's rules as far as it gives any; empty without a file. */
  readonly further: Partial<GateRules>;
}

/** Rules of assay.yaml that two files of predictions cannot be asked by, and why. */
const NOT_OF_FILES: ReadonlyMap<string, string> = new Map([
  ['baseline', 'the baseline is the first of the two files'],
  ['budgets', 'two files of predictions have no model whose calls could be timed or whose files have a size'],
  ['choose_threshold', 'thresholds are chosen on a development half, and there is none; write threshold:'],
  ['creep', 'it looks back at versions of a registry'],
  ['looks', 'no look is counted here'],
  ['seeds', 'it needs the trainings of a model of assay.yaml'],
]);

/**
 * The request with the rules of its file: the keys of `gate:` in assay.yaml, at the file's top. Options win over the file;
 * margins and slices add up. Throws E_COMPARE_FILE, E_PROJECT_*.
 */
export async function withRulesFile(request: CompareRequest): Promise<RuledRequest> {
  const { cwd, rules: file } = request;
  if (file === undefined) return { ...request, further: {} };
  const further = parseRules(await textOf(cwd, file), file);
  return {
    ...request,
    cluster: request.cluster ?? further.cluster,
    weight: request.weight ?? further.weight,
    further,
  };
}

async function textOf(cwd: string, file: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), 'utf8');
  } catch (error) {
    throw assayError('E_COMPARE_FILE', { file, reason: messageOf(error) }, error);
  }
}

/** Only what the file says: the schema's defaults are those of the options. */
function parseRules(text: string, file: string): Partial<GateRules> {
  const rules = parseConfig(text, file, GateConfig);
  const { value, keyPlace } = parseYamlDocument(text, file);
  const written = new Set(Object.keys(value ?? {}));
  for (const [key, reason] of NOT_OF_FILES) {
    if (written.has(key)) throw assayError('E_PROJECT_VALUE', { ...keyPlace([key]), key, reason });
  }
  return Object.fromEntries(Object.entries(rules).filter(([key]) => written.has(key)));
}

/** The columns of the files whose values are looked at one by one, each once. */
export function groupColumnsOf({ slices, further }: RuledRequest): string[] {
  const rules = [...(further.slices ?? []), ...(further.fairness ?? [])];
  return [...new Set([...rules.map(({ column }) => column), ...slices])];
}
