/** How the classes of a prediction differ from those it is compared with. */
export type ClassOrder =
  | { readonly kind: 'same' }
  /** The same classes in another order: their columns can be put in order. */
  | { readonly kind: 'reordered'; readonly columns: readonly number[] }
  | { readonly kind: 'different'; readonly missing: readonly string[]; readonly unknown: readonly string[] };

/**
 * Compares the names of two sides' classes, each without repetition. Probabilities are by place, so the same names in
 * another order are other numbers: `columns[j]` is where the found side has the expected class j.
 */
export function compareClassOrder(expected: readonly string[], found: readonly string[]): ClassOrder {
  const missing = expected.filter((name) => !found.includes(name));
  const unknown = found.filter((name) => !expected.includes(name));
  if (missing.length > 0 || unknown.length > 0) return { kind: 'different', missing, unknown };
  if (expected.every((name, j) => found[j] === name)) return { kind: 'same' };
  return { kind: 'reordered', columns: expected.map((name) => found.indexOf(name)) };
}
