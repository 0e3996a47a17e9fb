/**
 * Delete-one-cluster jackknife: how far each cluster moves an estimate, (G−1)/G · (θ̂ − θ̂ without the cluster). For a mean
 * over clusters of equal size this is the cluster's sum of influence values; for an estimate in which clusters weigh
 * differently or act together (AUC: every pair of rows counts) it keeps what the linearisation loses, and its standard error is
 * not too small when few clusters carry the weight. `clusterStandardError` of these moves is the jackknife's, √((G−1)/G ·
 * Σ(θ̂₋g − θ̂)²), called CV₃ (MacKinnon, Nielsen & Webb 2023, "Leverage, influence, and the jackknife in clustered regression
 * models"). Assumes independent clusters.
 *
 * @param estimate the estimate on all clusters
 * @param without the estimate without each cluster that has rows
 * @returns one move a cluster, in the estimate's unit
 */
export function jackknifeMoves(estimate: number, without: Float64Array): Float64Array {
  const count = without.length;
  return without.map((value) => ((count - 1) / count) * (estimate - value));
}

/** Fewer moves have no unbiased fourth cumulant, whose denominator is (G − 2)(G − 3). */
const FEWEST_FOR_KURTOSIS = 4;

/**
 * Degrees of freedom of a clustered standard error, by Satterthwaite (1946): the χ² with the same mean and variance as the
 * sum of the squared moves, 2 / (γ/G + 2/(G−1)) with γ the moves' excess kurtosis. G − 1 when the clusters act alike and
 * normally, few when a few clusters carry the weight. γ is Fisher's unbiased G₂ (Joanes & Gill 1998): the plain kurtosis
 * of a sample is too small, most where one heavy cluster in many is to be expected and none was drawn, and would be
 * too sure just then. Between 1 and G − 1; 1 for fewer than four clusters.
 *
 * @param moves one a cluster (or sums of influence values)
 */
export function satterthwaiteDegrees(moves: Float64Array): number {
  const count = moves.length;
  const mean = moves.reduce((sum, move) => sum + move, 0) / count;
  let squares = 0;
  let fourths = 0;
  for (const move of moves) {
    const square = (move - mean) ** 2;
    squares += square;
    fourths += square * square;
  }
  if (squares === 0) return count - 1;
  if (count < FEWEST_FOR_KURTOSIS) return 1;
  // Scaled before it is squared, so that tiny moves do not underflow: Σ(s²/Σs²)².
  const plain = count * (fourths / squares / squares) - 3;
  const unbiased = ((count - 1) / ((count - 2) * (count - 3))) * ((count + 1) * plain + 6);
  return Math.min(count - 1, Math.max(1, 2 / (Math.max(0, unbiased) / count + 2 / (count - 1))));
}
