import gammaln from '@stdlib/math-base-special-gammaln';
import type { TrimmedTable } from './contingency-table.ts';

/** Placements of a column after which the exact answer is given up: about a second. */
const MOST_STEPS = 3_000_000;
/** Sums of logarithms this near to each other are the same one. */
const SAME_LOG = 1e-9;

/**
 * The p value of Fisher's test for a table of any size by the network of Mehta and Patel (1983, JASA 78:427): columns
 * are placed one by one, a node is what is left of the row sums, and a way to a node is dropped or counted whole as
 * soon as the likeliest and the least likely rest of it decide. The last two columns are looked up in a sorted list.
 *
 * @param logTie tables up to this much (ln) likelier than the observed one still count as no more likely
 * @returns undefined when it would take more than MOST_STEPS
 */
export function fisherNetworkLogP(
  table: TrimmedTable,
  logTie: number,
): { readonly logPValue: number; readonly logObserved: number } | undefined {
  const { rowSums, columnSums, total, cells } = table;
  if (rowSums.length < 2 || columnSums.length < 2) return { logPValue: 0, logObserved: 0 };
  // Few rows and many columns make few nodes.
  const flip = rowSums.length > columnSums.length;
  const rows = [...(flip ? columnSums : rowSums)].sort((x, y) => x - y);
  const columns = [...(flip ? rowSums : columnSums)].sort((x, y) => y - x);
  const logFactorial = Float64Array.from({ length: total + 1 }, (_, n) => gammaln(n + 1));
  const walk: Walk = { columns, logFactorial, nodes: new Map(), budget: { left: MOST_STEPS } };
  const scale = -cellWeight(walk, rows) - cellWeight(walk, columns) + cellWeight(walk, [total]);
  const observed = cellWeight(walk, cells.flat());
  const share = smallShare(walk, rows, observed + logTie, scale);
  return share === undefined ? undefined : { logPValue: Math.log(share), logObserved: scale + observed };
}

interface Walk {
  readonly columns: readonly number[];
  readonly logFactorial: Float64Array;
  readonly nodes: Map<string, Node>;
  readonly budget: { left: number };
}

/** What is left of the row sums before a column, in rising order. */
interface Node {
  readonly rest: readonly number[];
  /** Largest and smallest weight (−Σ ln cell!) that the columns still to be placed can have. */
  readonly most: number;
  readonly least: number;
  /** With two columns left: all their weights in rising order, and the running sums of exp(weight − most). */
  readonly weights?: Float64Array;
  readonly running?: Float64Array;
}

/** −Σ ln n!: a table's ln probability is the scale of its margins plus the weight of its cells. */
function cellWeight({ logFactorial }: Walk, counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum - (logFactorial[count] ?? 0), 0);
}

/** The node before a column; undefined when the budget is spent. */
function nodeOf(walk: Walk, rest: readonly number[], column: number): Node | undefined {
  const key = rest.join();
  const known = walk.nodes.get(key);
  if (known !== undefined) return known;
  const made = column === walk.columns.length - 2 ? lastNode(walk, rest, column) : innerNode(walk, rest, column);
  if (made !== undefined) walk.nodes.set(key, made);
  return made;
}

function innerNode(walk: Walk, rest: readonly number[], column: number): Node | undefined {
  let most = Number.NEGATIVE_INFINITY;
  let least = Number.POSITIVE_INFINITY;
  const done = eachPlacement(walk, rest, column, (placed) => {
    const next = nodeOf(walk, leftOf(rest, placed), column + 1);
    if (next === undefined) return false;
    const weight = cellWeight(walk, placed);
    most = Math.max(most, weight + next.most);
    least = Math.min(least, weight + next.least);
    return true;
  });
  return done ? { rest, most, least } : undefined;
}

function lastNode(walk: Walk, rest: readonly number[], column: number): Node | undefined {
  const found: number[] = [];
  const done = eachPlacement(walk, rest, column, (placed) => {
    let weight = 0;
    for (let row = 0; row < placed.length; row++) {
      const count = placed[row] ?? 0;
      weight -= (walk.logFactorial[count] ?? 0) + (walk.logFactorial[(rest[row] ?? 0) - count] ?? 0);
    }
    found.push(weight);
    return true;
  });
  if (!done) return undefined;
  const weights = Float64Array.from(found).sort();
  const most = weights[weights.length - 1] ?? 0;
  const running = new Float64Array(weights.length);
  let sum = 0;
  weights.forEach((weight, i) => {
    sum += Math.exp(weight - most);
    running[i] = sum;
  });
  return { rest, most, least: weights[0] ?? 0, weights, running };
}

/** The share of all tables' probability in those whose weight is at most `limit`. */
function smallShare(walk: Walk, rows: readonly number[], limit: number, scale: number): number | undefined {
  const root = nodeOf(walk, rows, 0);
  if (root === undefined) return undefined;
  let share = 0;
  /** The ways to each node: a weight so far, and how many times it comes about. */
  let stage = new Map<Node, Map<number, Way>>([[root, new Map([[0, { weight: 0, times: 1 }]])]]);
  for (let column = 0; stage.size > 0; column++) {
    const next: typeof stage = new Map();
    for (const [node, ways] of stage) {
      const whole = completions(walk, node.rest, column);
      const open: Way[] = [];
      for (const way of ways.values()) {
        if (way.weight + node.most <= limit) share += way.times * Math.exp(scale + way.weight + whole);
        else if (way.weight + node.least <= limit) open.push(way);
      }
      if (node.weights !== undefined) {
        for (const { weight, times } of open) {
          share += times * Math.exp(scale + weight + node.most) * runningUpTo(node, limit - weight);
        }
      } else if (open.length > 0 && !pushOn(walk, node, column, open, next)) return undefined;
    }
    stage = next;
  }
  return share;
}

interface Way {
  readonly weight: number;
  times: number;
}

/** Carries open ways over one column; false when the budget is spent. */
function pushOn(walk: Walk, node: Node, column: number, open: readonly Way[], next: Map<Node, Map<number, Way>>) {
  return eachPlacement(walk, node.rest, column, (placed) => {
    walk.budget.left -= open.length;
    const to = nodeOf(walk, leftOf(node.rest, placed), column + 1);
    if (to === undefined || walk.budget.left < 0) return false;
    const ways = next.get(to) ?? new Map<number, Way>();
    next.set(to, ways);
    const step = cellWeight(walk, placed);
    for (const { weight, times } of open) {
      const sum = weight + step;
      const slot = Math.round(sum / SAME_LOG);
      const same = ways.get(slot);
      if (same === undefined) ways.set(slot, { weight: sum, times });
      else same.times += times;
    }
    return true;
  });
}

/** The running sum of the weights that are at most `limit`. */
function runningUpTo({ weights, running }: Node, limit: number): number {
  let low = 0;
  let high = weights?.length ?? 0;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((weights?.[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : (running?.[low - 1] ?? 0);
}

/** ln Σ exp(weight) over all ways to place what is left: (Σ rest)! / (Π rest! · Π columns!), a known sum. */
function completions(walk: Walk, rest: readonly number[], column: number): number {
  const sum = rest.reduce((all, count) => all + count, 0);
  return cellWeight(walk, rest) + cellWeight(walk, walk.columns.slice(column)) - cellWeight(walk, [sum]);
}

/** What a column leaves of the row sums; rows of equal rest are alike, so in rising order. */
function leftOf(rest: readonly number[], placed: readonly number[]): number[] {
  return rest.map((room, row) => room - (placed[row] ?? 0)).sort((x, y) => x - y);
}

/** Calls `visit` with every way to spread a column over the rows; stops, and says so, when it returns false. */
function eachPlacement(
  { columns, budget }: Walk,
  rest: readonly number[],
  column: number,
  visit: (placed: readonly number[]) => boolean,
): boolean {
  const placed = rest.map(() => 0);
  const behind = rest.map((_, row) => rest.slice(row + 1).reduce((sum, n) => sum + n, 0));
  const place = (row: number, open: number): boolean => {
    const room = rest[row] ?? 0;
    if (row === rest.length - 1) {
      placed[row] = open;
      return --budget.left >= 0 && visit(placed);
    }
    for (let n = Math.max(0, open - (behind[row] ?? 0)); n <= Math.min(room, open); n++) {
      placed[row] = n;
      if (!place(row + 1, open - n)) return false;
    }
    return true;
  };
  return place(0, columns[column] ?? 0);
}
