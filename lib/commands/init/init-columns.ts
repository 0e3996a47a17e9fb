import { collect } from '../../engine/collect.ts';
import type { Engine } from '../../engine/engine.ts';
import type { ColumnData } from '../../engine/frame.ts';
import type { ColumnInfo, ColumnType, TableSource } from '../../engine/table.ts';

/** Rows that guesses are made from; what is taken is then asked of all rows. */
const SAMPLE_ROWS = 50_000;
/** Distinct values of a column that are kept. */
const MAX_VALUES = 100;

/** What the first rows say of a column. */
export interface ColumnFacts {
  readonly name: string;
  readonly type: ColumnType;
  /** Rows of the sample without a value. */
  readonly nulls: number;
  readonly distinct: number;
  /** The distinct values as text, sorted; absent where there are too many. */
  readonly values?: readonly string[];
}

/** The columns of a table and its first rows. */
export interface TableSample {
  readonly columns: readonly ColumnFacts[];
  readonly rows: number;
  /** Whether each combination of these columns is there once among the first rows that have all of them. */
  unique(names: readonly string[]): boolean;
}

/** Reads the first rows of a table. Throws E_TABLE_*. */
export async function sampleTable(engine: Engine, source: TableSource): Promise<TableSample> {
  const infos = await engine.describe(source);
  // As exact text: a double takes two long identifiers for one.
  const text = infos.map(({ name }) => name);
  const frame = await collect(engine.stream(source, { limit: SAMPLE_ROWS, text }));
  const texts = new Map<string, readonly (string | null)[]>();
  const textsOf = (name: string): readonly (string | null)[] => {
    const known = texts.get(name) ?? textsIn(frame.columns.get(name), frame.rows);
    texts.set(name, known);
    return known;
  };
  return {
    rows: frame.rows,
    columns: infos.map((info) => factsOf(info, textsOf(info.name))),
    unique(names) {
      const columns = names.map(textsOf);
      const seen = new Set<string>();
      for (let row = 0; row < frame.rows; row++) {
        const key = JSON.stringify(columns.map((column) => column[row] ?? null));
        if (seen.has(key)) return false;
        seen.add(key);
      }
      return frame.rows > 0;
    },
  };
}

function factsOf({ name, type }: ColumnInfo, texts: readonly (string | null)[]): ColumnFacts {
  const values = new Set<string>();
  let nulls = 0;
  for (const text of texts) {
    if (text === null) nulls++;
    else values.add(text);
  }
  const few = values.size <= MAX_VALUES ? { values: [...values].sort() } : {};
  return { name, type, nulls, distinct: values.size, ...few };
}

function textsIn(column: ColumnData | undefined, rows: number): readonly (string | null)[] {
  return column?.kind === 'string' ? column.values : new Array<string | null>(rows).fill(null);
}
