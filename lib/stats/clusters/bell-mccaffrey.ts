/**
 * Clustered standard errors of a mean that know how unequal clusters are (Bell & McCaffrey 2002, "Bias reduction in
 * standard errors for linear regression with multi-stage samples"; Pustejovsky & Tipton 2018). With hat value h = rows
 * of the cluster / all rows, CR2 divides a cluster's sum by √(1 − h): unbiased where rows are independent and vary alike.
 */

/**
 * √(Σ s² / (1 − h)): CR2 of a mean.
 *
 * @param sums influence values of a mean, (value − mean) / rows, added up by cluster
 * @param sizes rows of each cluster
 * @returns NaN for fewer than two clusters
 */
export function bellMcCaffreyError(sums: Float64Array, sizes: Float64Array): number {
  if (sums.length < 2) return Number.NaN;
  const rows = total(sizes);
  let squares = 0;
  sums.forEach((sum, g) => {
    squares += sum ** 2 / (1 - (sizes[g] as number) / rows);
  });
  return Math.sqrt(squares);
}

/**
 * Satterthwaite's degrees of freedom of that variance where rows are independent and vary alike, (tr Ω)² / tr(Ω²) with
 * Ω_gg = h / n and Ω_gk = −h_g h_k / (n √((1 − h_g)(1 − h_k))). G − 1 for clusters of one size, else fewer. O(G).
 *
 * @param sizes rows of each cluster, above 0
 * @returns 0 for fewer than two clusters
 */
export function bellMcCaffreyDegrees(sizes: Float64Array): number {
  if (sizes.length < 2) return 0;
  const rows = total(sizes);
  let squares = 0;
  let scaled = 0;
  let scaledSquares = 0;
  for (const size of sizes) {
    const hat = size / rows;
    const weight = hat ** 2 / (1 - hat);
    squares += hat ** 2;
    scaled += weight;
    scaledSquares += weight ** 2;
  }
  // Σ over pairs g ≠ k of the product of their weights is (Σ w)² − Σ w². tr Ω is 1 / n.
  return Math.min(sizes.length - 1, 1 / (squares + scaled ** 2 - scaledSquares));
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
