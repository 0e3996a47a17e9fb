import type { ColumnData, Frame } from '../engine/frame.ts';
import type { ColumnInfo, ColumnType } from '../engine/table.ts';
import { assayError } from '../errors.ts';
import type { Signature, Task } from './signature.ts';

/** What a signature is inferred from: the training rows, or only the columns' names and types. */
export type SignatureSource = { readonly frame: Frame } | { readonly columns: readonly ColumnInfo[] };

/**
 * The signature of a model that is trained on `features` to give `target`.
 * An input is nullable when the training rows have a null in it; from column infos alone every input is.
 * Throws E_MODEL_COLUMN_MISSING.
 */
export function inferSignature(
  source: SignatureSource & {
    readonly features: readonly string[];
    readonly target: string;
    readonly task: Task;
    /** The columns of a row's scores; `score` alone when left out. */
    readonly outputs?: readonly string[];
  },
): Signature {
  const { outputs = ['score'] } = source;
  const known = knownColumns(source);
  const find = (name: string) => {
    const found = known.get(name);
    if (found === undefined) throw assayError('E_MODEL_COLUMN_MISSING', { column: name, known: [...known.keys()] });
    return found;
  };
  return {
    schema: 'assay/signature/1',
    task: source.task,
    inputs: source.features.map((name) => ({ name, ...find(name) })),
    target: { name: source.target, type: find(source.target).type },
    output: { name: outputs[0] ?? 'score', type: 'float' },
    ...(outputs.length > 1 ? { outputs: outputs.map((name) => ({ name, type: 'float' as const })) } : {}),
  };
}

function knownColumns(source: SignatureSource): Map<string, { type: ColumnType; nullable: boolean }> {
  if ('columns' in source) return new Map(source.columns.map(({ name, type }) => [name, { type, nullable: true }]));
  return new Map(
    [...source.frame.columns].map(([name, column]) => [name, { type: column.type, nullable: hasNull(column) }]),
  );
}

function hasNull(column: ColumnData): boolean {
  return column.kind === 'string' ? column.values.includes(null) : column.valid.includes(0);
}
