import { studentQuantile } from '../distributions/student-t.ts';

/**
 * Upper limit that one more value of the same kind exceeds with probability `alpha`: mean + t₁₋α,ₖ₋₁ · s · √(1 + 1/k)
 * (Hahn & Meeker 1991, §4.8), taken on the arcsine-root scale, on which values between 0 and 1 are nearly normal and
 * the limit never asks for more than 1 (Anscombe 1948). 1 for fewer than two values.
 *
 * @param values shares or distances, 0 … 1
 */
export function predictionLimit(values: readonly number[], alpha: number): number {
  const count = values.length;
  if (count < 2) return 1;
  const angles = values.map((value) => Math.asin(Math.sqrt(Math.min(1, value))));
  const mean = angles.reduce((sum, angle) => sum + angle, 0) / count;
  const squares = angles.reduce((sum, angle) => sum + (angle - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (count - 1));
  const limit = mean + studentQuantile(1 - alpha, count - 1) * deviation * Math.sqrt(1 + 1 / count);
  return limit >= Math.PI / 2 ? 1 : Math.sin(limit) ** 2;
}
