import { z } from 'zod';
import { type AssayError, assayError } from '../errors.ts';
import { EntrySchema, type OutputEntry, outputEntry } from './output-entry.ts';
import { checkedValue, parseSafeYaml, type YamlPlace } from './safe-yaml.ts';

/** What `dvc.lock` tells of the outputs of each stage, by the stage's name and the output's path as `dvc.yaml` writes it. */
export type LockedOutputs = ReadonlyMap<string, ReadonlyMap<string, OutputEntry>>;

const Stage = z.looseObject({ outs: z.array(EntrySchema).nullish() });
const Stages = z.record(z.string(), Stage);
const Lock = z.looseObject({ schema: z.unknown().optional(), stages: Stages.nullish() });

/**
 * Reads a `dvc.lock` of schema 2.0, or of DVC 1, which had the stages at its top.
 *
 * @param file its path, for messages
 * @throws E_DVC_PIPELINE with line and column; E_POINTER_UNSUPPORTED for addresses other than MD5
 */
export function parseDvcLock(text: string, file: string): LockedOutputs {
  // DVC's own dumper writes aliases where two stages share a list of parameters.
  const yaml = parseSafeYaml(text, { file, aliases: 'bounded', corrupt });
  const { schema, stages } = checkedValue(yaml, Lock, { file, corrupt });
  if (schema !== undefined && schema !== '2.0') {
    throw corrupt(yaml.place(['schema']), `the schema ${JSON.stringify(schema)} is not '2.0'`);
  }
  const found = schema === undefined ? checkedValue(yaml, Stages, { file, corrupt }) : (stages ?? {});
  const above = schema === undefined ? [] : ['stages'];
  return new Map(
    Object.entries(found).map(([name, stage]) => [
      name,
      new Map(
        (stage.outs ?? []).map((raw, index): [string, OutputEntry] => {
          const entry = outputEntry(raw);
          if (!('reason' in entry)) return [entry.path, entry];
          const place = yaml.place([...above, name, 'outs', index, entry.key]);
          if (entry.key !== 'hash') throw corrupt(place, entry.reason);
          throw assayError('E_POINTER_UNSUPPORTED', { ...place, reason: entry.reason });
        }),
      ),
    ]),
  );
}

function corrupt(place: YamlPlace, reason: string, cause?: unknown): AssayError {
  return assayError('E_DVC_PIPELINE', { ...place, reason }, cause);
}
