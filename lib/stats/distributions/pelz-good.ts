const SQUARE = Math.PI ** 2;
const FOURTH = Math.PI ** 4;
const SIXTH = Math.PI ** 6;

/**
 * P(D ≤ d) for the two-sided one-sample Kolmogorov–Smirnov statistic of n values: the expansion of Pelz and Good (1976,
 * JRSS B 38:152) in powers of 1/√n around Kolmogorov's law, in the form that converges for small √n·d. For n > 140 good
 * to about 6 digits (Simard and L'Ecuyer 2011, whose formulas these are).
 */
export function pelzGoodCdf(n: number, d: number): number {
  const z = Math.sqrt(n) * d;
  const z2 = z * z;
  const z4 = z2 * z2;
  const z6 = z4 * z2;
  const terms = Math.ceil((16 * z) / Math.PI);
  let [k0, k1, k2, k3, extra2, extra3] = [0, 0, 0, 0, 0, 0];
  for (let k = terms; k > 0; k--) {
    const odd = (2 * k - 1) ** 2;
    const weight = Math.exp((-odd * SQUARE) / (8 * z2));
    const a = (odd * SQUARE) / 4;
    const b = (odd * odd * FOURTH) / 16;
    const c = (odd * odd * odd * SIXTH) / 64;
    k0 += weight;
    k1 += weight * (a - z2);
    k2 += weight * (6 * z6 + 2 * z4 + a * (2 * z4 - 5 * z2) + b * (1 - 2 * z2));
    k3 += weight * (-30 * z6 - 90 * z4 * z4 + a * (135 * z4 - 96 * z6) + b * (212 * z4 - 60 * z2) + c * (5 - 30 * z2));
    const even = k * k * SQUARE;
    const evenWeight = even * Math.exp(-even / (2 * z2));
    extra2 += evenWeight;
    extra3 += evenWeight * (3 * z2 - even);
  }
  const root = Math.sqrt(2 * Math.PI);
  const first = (root * k0) / z;
  const second = (root * k1) / (6 * z4);
  const third = (root * k2) / (72 * z6 * z) - (root * extra2) / (36 * z2 * z);
  const fourth = (root * k3) / (6480 * z6 * z4) + (root * extra3) / (216 * z6);
  return first + second / Math.sqrt(n) + third / n + fourth / n ** 1.5;
}
