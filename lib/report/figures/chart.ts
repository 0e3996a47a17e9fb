/** Which side a series belongs to: the two look alike on every figure, in colour and in line. */
export type ChartSide = 'candidate' | 'baseline';

/** An axis in data units. */
export interface ChartAxis {
  readonly title: string;
  readonly from: number;
  readonly to: number;
}

/** One side's numbers. All lists but a bar's edges are of one length. */
export interface ChartSeries {
  readonly side: ChartSide;
  /** What the legend calls it. */
  readonly name: string;
  /** `bars`: `x` are edges, one more than the counts `y`. `points`: with `lower` and `upper` as whiskers. */
  readonly shape: 'line' | 'points' | 'bars';
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly lower?: readonly number[];
  readonly upper?: readonly number[];
}

/** A drawing of numbers of both sides on two axes. */
export interface Chart {
  readonly kind: 'chart';
  readonly title: string;
  /** What is to be seen, in words: all that pages without pictures have. */
  readonly words: string;
  /** How to read the drawing; stands below it only. */
  readonly reading: string;
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  readonly series: readonly ChartSeries[];
  /** A line that something stands out against: where y is x, or where x is 0. */
  readonly guide?: 'diagonal' | 'zero';
}

/** One side's confusion matrix. */
export interface Matrix {
  readonly kind: 'matrix';
  readonly side: ChartSide;
  readonly title: string;
  readonly words: string;
  readonly reading: string;
  readonly classes: readonly string[];
  /** By true class (row) and called class (column), row after row. */
  readonly cells: readonly number[];
}

export type Figure = Chart | Matrix;

/** Ticks of an axis at 1, 2 or 5 times a power of ten, about `count` of them, all within it. */
export function axisTicks({ from, to }: ChartAxis, count = 6): number[] {
  const span = to - from;
  if (!(span > 0) || !Number.isFinite(span)) return [from];
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((nice) => nice * power >= rough * 0.999) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, tick) => (first + tick) * step);
}
