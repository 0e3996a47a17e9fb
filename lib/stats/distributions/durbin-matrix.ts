/** Powers of two by which growing numbers are scaled. */
const SCALE_BITS = 128;
const SCALE = 2 ** SCALE_BITS;

/**
 * P(D ≤ d) for the two-sided one-sample Kolmogorov–Smirnov statistic of n values: Durbin's matrix (1968) as Marsaglia,
 * Tsang and Wang (2003, J. Stat. Software 8:18) compute it. Takes (2nd)³ log n steps, so nd should be small.
 *
 * @param n whole, from 1
 * @param d 0 < d < 1
 */
export function durbinCdf(n: number, d: number): number {
  const k = Math.ceil(n * d);
  const size = 2 * k - 1;
  let power = identity(size);
  let powerBits = 0;
  let matrix = durbinMatrix(size, k - n * d);
  let matrixBits = 0;
  const middle = (k - 1) * size + (k - 1);
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) {
      power = multiply(power, matrix, size);
      powerBits += matrixBits;
    }
    matrix = multiply(matrix, matrix, size);
    matrixBits *= 2;
    if ((matrix[middle] as number) > SCALE) {
      matrix = matrix.map((value) => value / SCALE);
      matrixBits += SCALE_BITS;
    }
  }
  let result = power[middle] as number;
  for (let i = 1; i <= n; i++) {
    result = (result * i) / n;
    if (result < 1 / SCALE) {
      result *= SCALE;
      powerBits -= SCALE_BITS;
    }
  }
  return result * 2 ** powerBits;
}

function durbinMatrix(size: number, h: number): Float64Array {
  const inverseFactorial = new Float64Array(size + 1);
  inverseFactorial[0] = 1;
  for (let i = 1; i <= size; i++) inverseFactorial[i] = (inverseFactorial[i - 1] as number) / i;
  const edge = Float64Array.from({ length: size }, (_, i) => (1 - h ** (i + 1)) * (inverseFactorial[i + 1] as number));
  const corner = 1 - 2 * h ** size + Math.max(0, 2 * h - 1) ** size;
  edge[size - 1] = corner * (inverseFactorial[size] as number);
  const matrix = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 1; column <= Math.min(row + 1, size - 1); column++) {
      matrix[row * size + column] = inverseFactorial[row - column + 1] as number;
    }
    matrix[row * size] = edge[row] as number;
  }
  for (let column = 0; column < size; column++) {
    matrix[(size - 1) * size + column] = edge[size - 1 - column] as number;
  }
  return matrix;
}

function identity(size: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) matrix[i * size + i] = 1;
  return matrix;
}

function multiply(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const factor = a[i * size + j] as number;
      if (factor === 0) continue;
      for (let k = 0; k < size; k++) {
        const at = i * size + k;
        product[at] = (product[at] as number) + factor * (b[j * size + k] as number);
      }
    }
  }
  return product;
}
