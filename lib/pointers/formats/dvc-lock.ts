import { z } from 'zod';
import { assayError } from '../../errors.ts';
import { corruptPipeline } from './corrupt-pipeline.ts';
import { EntrySchema, type OutputEntry, outputEntry } from './output-entry.ts';
import { checkedValue, parseSafeYaml, type SafeYaml } from './safe-yaml.ts';

/** What `dvc.lock` tells of the outputs of each stage, by the stage's name and the output's path as `dvc.yaml` writes it. */
export type LockedOutputs = ReadonlyMap<string, ReadonlyMap<string, OutputEntry>>;

const Stage = z.looseObject({ outs: z.array(EntrySchema).nullish() });
const Stages = z.record(z.string(), Stage);
const Lock = z.looseObject({ schema: z.unknown().optional(), stages: Stages.nullish() });

/** The parsed YAML of a `dvc.lock`. DVC's own dumper writes aliases where two stages share a list of parameters. */
export function dvcLockYaml(text: string, file: string): SafeYaml {
  return parseSafeYaml(text, { file, aliases: 'bounded', corrupt: corruptPipeline });
}

/** Where the stages are in the document: DVC 1 had them at its top. */
export function stagesPath({ document }: SafeYaml): readonly string[] {
  return document.has('schema') ? ['stages'] : [];
}

/**
 * Reads a `dvc.lock` of schema 2.0, or of DVC 1, which had the stages at its top.
 *
 * @param file its path, for messages
 * @throws E_DVC_PIPELINE with line and column; E_POINTER_UNSUPPORTED for addresses other than MD5
 */
export function parseDvcLock(text: string, file: string): LockedOutputs {
  const yaml = dvcLockYaml(text, file);
  const { schema, stages } = checkedValue(yaml, Lock, { file, corrupt: corruptPipeline });
  if (schema !== undefined && schema !== '2.0') {
    throw corruptPipeline(yaml.place(['schema']), `the schema ${JSON.stringify(schema)} is not '2.0'`);
  }
  const found = schema === undefined ? checkedValue(yaml, Stages, { file, corrupt: corruptPipeline }) : (stages ?? {});
  const above = stagesPath(yaml);
  return new Map(
    Object.entries(found).map(([name, stage]) => [
      name,
      new Map(
        (stage.outs ?? []).map((raw, index): [string, OutputEntry] => {
          const entry = outputEntry(raw);
          if (!('reason' in entry)) return [entry.path, entry];
          const place = yaml.place([...above, name, 'outs', index, entry.key]);
          if (entry.key !== 'hash') throw corruptPipeline(place, entry.reason);
          throw assayError('E_POINTER_UNSUPPORTED', { ...place, reason: entry.reason });
        }),
      ),
    ]),
  );
}
