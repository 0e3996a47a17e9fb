import { z } from 'zod';
import { Validation } from '../checks/validation.ts';
import { Digest } from '../digest.ts';
import { Decision } from '../gate/decision.ts';
import { Evidence } from '../gate/evidence/evidence.ts';
import type { RunRecord } from '../train/run-record.ts';

/** Most models, datasets and runs of one evaluation: a comment for more cannot be read. */
const MOST_DOCUMENTS = 50;

/** Bytes of an evaluation's file. A full one of 50 models with their slices is far below. */
export const EVALUATION_BYTES = 8_000_000;

/** Characters of any one string in it. */
const MOST_CHARACTERS = 4_000;

/** Members of any one list or object in it: slices, checks, parameters. */
const MOST_MEMBERS = 2_000;

/** Nesting; a decision needs 5. */
const MOST_DEPTH = 12;

const Commit = z.string().regex(/^[0-9a-f]{7,64}$/);

/** What a report says of a run. */
export const RunFacts = z.strictObject({
  key: Digest,
  model: z.string(),
  /** The command line, or the trainer's name. */
  recipe: z.union([z.strictObject({ command: z.array(z.string()) }), z.strictObject({ trainer: z.string() })]),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  seed: z.number().int(),
  dataset: z.string(),
  data: Digest,
  from: z.string().optional(),
  to: z.string().optional(),
  rows: z.number().int().nonnegative(),
  metrics: z.record(z.string(), z.number()),
  backend: z.string(),
  commit: z.string().optional(),
  dirty: z.boolean(),
  /** Seconds. */
  duration: z.number().nonnegative(),
  /** Taken from an earlier run of the same key. */
  reused: z.boolean(),
});
export type RunFacts = z.infer<typeof RunFacts>;

/** Most looks: each model's by the target's rules and by the pull request's own. */
const MOST_LOOKS = 2 * MOST_DOCUMENTS;

/** A look at a holdout without halves that is not in the ledger yet; the registry's `LookRecord` before it is one. */
export const PendingLook = z.strictObject({
  model: z.string(),
  holdout: Digest,
  rules: Digest,
  /** Of both sides, and of all others that were scored beside them. */
  predictions: z.array(Digest).min(2).max(200),
  from: z.string().optional(),
  to: z.string().optional(),
  rows: z.number().int().nonnegative(),
  /** At most as many as a sketch of ids has. */
  ids: z.array(z.string().regex(/^[0-9a-f]{16}$/)).max(256),
  budget: z.number().int().positive(),
});
export type PendingLook = z.infer<typeof PendingLook>;

/** What a job that computes hands to a job that publishes (design §8), and what every report is made of. */
export const Evaluation = z.strictObject({
  schema: z.literal('assay/evaluation/1'),
  /** The commit that was evaluated. */
  commit: Commit,
  /** The target branch's commit. */
  base: Commit.optional(),
  validations: z.array(Validation).max(MOST_DOCUMENTS),
  runs: z.array(RunFacts).max(MOST_DOCUMENTS),
  /** By the target branch's rules: these count. */
  decisions: z.array(Decision).max(MOST_DOCUMENTS),
  /** By the rules of the pull request itself, for models whose rules it changes: shown beside, never counted. */
  branchDecisions: z.array(Decision).max(MOST_DOCUMENTS).optional(),
  /** Looks that have to be recorded before the decisions resting on them are shown; absent where looks are free. */
  looks: z.array(PendingLook).max(MOST_LOOKS).optional(),
  /** What the numbers of `decisions` look like, each known by its three digests; some may lack it. */
  evidence: z.array(Evidence).max(MOST_DOCUMENTS).optional(),
  /** Sentences for the reader: what was reused, what could not be done. */
  notes: z.array(z.string()).max(100),
});
export type Evaluation = z.infer<typeof Evaluation>;

/** The facts of a run record that a report shows. */
export function runFactsOf(record: RunRecord, reused: boolean): RunFacts {
  const { inputs, git } = record;
  return {
    key: record.key,
    model: inputs.model,
    recipe: inputs.recipe,
    parameters: inputs.parameters,
    seed: inputs.seed,
    dataset: inputs.data.dataset,
    data: inputs.data.digest,
    ...(inputs.data.from === undefined ? {} : { from: inputs.data.from }),
    ...(inputs.data.to === undefined ? {} : { to: inputs.data.to }),
    rows: record.rows,
    metrics: record.metrics,
    backend: inputs.backend,
    ...(git.commit === undefined ? {} : { commit: git.commit }),
    dirty: git.dirty,
    duration: record.duration,
    reused,
  };
}

export type EvaluationParse =
  | { readonly ok: true; readonly evaluation: Evaluation }
  | { readonly ok: false; readonly key: string; readonly why: string };

/**
 * Reads an evaluation's file, which may come from a job that ran anybody's code: sizes are capped before anything is
 * looked at, and keys that would reach an object's prototype are refused.
 */
export function parseEvaluation(text: string): EvaluationParse {
  if (text.length > EVALUATION_BYTES) return refusal([], `longer than ${EVALUATION_BYTES} characters`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refusal([], 'not JSON');
  }
  const excess = excessIn(json, []);
  if (excess !== undefined) return excess;
  const parsed = Evaluation.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refusal(issue?.path.map(String) ?? [], issue?.message ?? 'does not fit the schema');
  }
  const wrong = danglingReference(parsed.data);
  return wrong ?? { ok: true, evaluation: parsed.data };
}

function refusal(path: readonly string[], why: string): EvaluationParse & { ok: false } {
  return { ok: false, key: path.join('.').slice(0, 200), why };
}

/** The first place where a list, a string or the nesting is larger than any honest evaluation. */
function excessIn(value: unknown, path: readonly string[]): (EvaluationParse & { ok: false }) | undefined {
  if (path.length > MOST_DEPTH) return refusal(path, `nested deeper than ${MOST_DEPTH}`);
  if (typeof value === 'string') {
    return value.length > MOST_CHARACTERS ? refusal(path, `longer than ${MOST_CHARACTERS} characters`) : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value);
  if (entries.length > MOST_MEMBERS) return refusal(path, `more than ${MOST_MEMBERS} members`);
  for (const [key, member] of entries) {
    if (key.length > MOST_CHARACTERS) return refusal(path, `a key longer than ${MOST_CHARACTERS} characters`);
    if (key === '__proto__' || key === 'constructor' || key === 'prototype')
      return refusal([...path, key], 'a key that is not allowed');
    const excess = excessIn(member, [...path, key]);
    if (excess !== undefined) return excess;
  }
  return undefined;
}

/** A decision's reason has to be one of its comparisons, and an interval has to be one. */
function danglingReference(evaluation: Evaluation): (EvaluationParse & { ok: false }) | undefined {
  for (const [list, decisions] of [
    ['decisions', evaluation.decisions],
    ['branchDecisions', evaluation.branchDecisions ?? []],
  ] as const) {
    for (const [index, { because, comparisons }] of decisions.entries()) {
      const path = [list, String(index)];
      if ('comparison' in because && comparisons[because.comparison] === undefined) {
        return refusal([...path, 'because'], 'names a comparison that is not there');
      }
      const crossed = comparisons.findIndex(
        ({ interval }) => interval !== undefined && !(interval.lower <= interval.upper),
      );
      if (crossed >= 0)
        return refusal([...path, 'comparisons', String(crossed)], 'has an interval whose ends are crossed');
    }
  }
  return undefined;
}
