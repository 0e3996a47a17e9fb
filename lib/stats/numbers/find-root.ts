/** More halvings than a bracket of doubles can take; only a function that returns NaN gets here. */
const MOST_STEPS = 2_200;

/**
 * The root of a continuous function between two points where its signs differ, to the last bit that the function
 * allows: Chandrupatla (1997), "A new hybrid quadratic/bisection algorithm", which never needs more than a few times
 * the steps of bisection and usually about ten. A sign of 0 at an end makes that end the root.
 *
 * @param within how near to the root is near enough, beside the precision of a double
 * @returns the end with the smaller |f| when the signs do not differ
 */
export function findRoot(f: (x: number) => number, from: number, to: number, within = Number.MIN_VALUE): number {
  let a = to;
  let b = from;
  let fa = f(a);
  let fb = f(b);
  if (fa === 0) return a;
  if (fb === 0) return b;
  if (Math.sign(fa) === Math.sign(fb)) return Math.abs(fa) < Math.abs(fb) ? a : b;
  let share = 0.5;
  for (let step = 0; step < MOST_STEPS; step++) {
    const x = a + share * (b - a);
    const fx = f(x);
    const sameSide = Math.sign(fx) === Math.sign(fa);
    const c = sameSide ? a : b;
    const fc = sameSide ? fa : fb;
    if (!sameSide) {
      b = a;
      fb = fa;
    }
    a = x;
    fa = fx;
    const best = Math.abs(fa) < Math.abs(fb) ? a : b;
    const width = Math.abs(b - a);
    const tolerance = 2 ** -52 * Math.abs(best) + within / 2;
    if (fa === 0 || width <= 2 * tolerance) return best;
    share = stepShare({ a, b, c, fa, fb, fc }, tolerance / width);
  }
  return a;
}

interface Points {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly fa: number;
  readonly fb: number;
  readonly fc: number;
}

/** Where between a and b to look next: by inverse quadratic interpolation where that is safe, else in the middle. */
function stepShare({ a, b, c, fa, fb, fc }: Points, least: number): number {
  const xi = (a - b) / (c - b);
  const phi = (fa - fb) / (fc - fb);
  if (!(phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi)) return 0.5;
  const share = ((fa / (fb - fa)) * fc) / (fb - fc) + ((((c - a) / (b - a)) * fa) / (fc - fa)) * (fb / (fc - fb));
  return Math.min(1 - least, Math.max(least, share));
}
