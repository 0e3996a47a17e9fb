import type { Digest } from '../../digest.ts';
import { modelOf, type Project } from '../../project/project.ts';
import { runKey } from '../../train/run-key.ts';
import type { RunRecord } from '../../train/run-record.ts';

/** Seeds are 31-bit whole numbers; after the last comes the first. */
const SEEDS = 2 ** 31;

/** The seeds that a candidate is trained with: the declared one and those after it. */
export function seedsFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_none, index) => (first + index) % SEEDS);
}

/** The project with another seed for one model: training it makes the same run but for the seed. */
export function projectWithSeed(project: Project, name: string, seed: number): Project {
  const { model } = modelOf(project, name);
  const changed = { ...model, train: { ...model.train, seed } };
  return { ...project, config: { ...project.config, models: { ...project.config.models, [name]: changed } } };
}

/** The key of the run that differs from this one in its seed alone. */
export function seedRunKey({ inputs }: Pick<RunRecord, 'inputs'>, seed: number): Digest {
  return runKey({ ...inputs, seed });
}
