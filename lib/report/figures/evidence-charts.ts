import type { Curve, Findings, FindingsOf, ReliabilityBin } from '../../gate/evidence/evidence.ts';
import { formatCount, formatNumber, formatShare, formatValue } from '../words/number-format.ts';
import { spokenBaseline } from '../words/side-names.ts';
import type { Chart, ChartAxis, ChartSeries, ChartSide, Figure, Matrix } from './chart.ts';

type Names = Readonly<Record<ChartSide, string>>;
type Sides<T> = Readonly<Record<ChartSide, T>>;

const SIDES: readonly ChartSide[] = ['candidate', 'baseline'];

/** Where two ROC and two precision-recall curves are read off, for whoever does not see them. */
const READ_ROC_AT = 0.1;
const READ_PRECISION_AT = 0.5;

/** The figures of what a decision's numbers look like. */
export function evidenceFigures(findings: Findings, names: Names): Figure[] {
  switch (findings.task) {
    case 'binary':
      return binaryFigures(findings, names);
    case 'multiclass':
      return multiclassFigures(findings, names);
    case 'regression':
    case 'forecast':
      return regressionFigures(findings, names);
    case 'quantile':
      return [coverageChart(findings, names)];
    case 'ranking':
      return [gainsChart(findings)];
  }
}

function binaryFigures(findings: FindingsOf<'binary'>, names: Names): Figure[] {
  const { roc, precisionRecall, reliability, calls } = findings;
  const matrix = (side: ChartSide): Matrix => {
    const { truePositives, falsePositives, falseNegatives, trueNegatives } = calls[side];
    return matrixOf(
      side,
      names,
      ['positive', 'negative'],
      [truePositives, falseNegatives, falsePositives, trueNegatives],
    );
  };
  return [
    ...(roc === undefined ? [] : [rocChart(roc, names)]),
    ...(precisionRecall === undefined ? [] : [precisionChart(precisionRecall, names)]),
    matrix('candidate'),
    matrix('baseline'),
    ...(reliability === undefined ? [] : [reliabilityChart(reliability, names, 'probability of the positive class')]),
  ];
}

function multiclassFigures(findings: FindingsOf<'multiclass'>, names: Names): Figure[] {
  const classes = findings.merged === 0 ? findings.classes : [...findings.classes, `${findings.merged} others`];
  return [
    ...SIDES.map((side) => matrixOf(side, names, classes, findings.matrix[side])),
    reliabilityChart(findings.reliability, names, 'probability of the class that is called'),
  ];
}

function regressionFigures(findings: FindingsOf<'regression'>, names: Names): Figure[] {
  const { residuals, predictedVersusTrue, normalErrors } = findings;
  return [
    ...(residuals.edges.length === 0 ? [] : [residualChart(findings, names)]),
    ...(predictedVersusTrue.candidate.x.length < 2 ? [] : [predictedChart(predictedVersusTrue, names)]),
    ...(normalErrors === undefined ? [] : [normalChart(normalErrors, names)]),
  ];
}

function lines(curves: Sides<Curve>, names: Names, shape: ChartSeries['shape'] = 'line'): ChartSeries[] {
  return SIDES.map((side) => ({ side, name: names[side], shape, ...curves[side] }));
}

/** `candidate 45.2 %, 1.2.0 41.0 %` */
function bothWords(names: Names, words: (side: ChartSide) => string): string {
  return SIDES.map((side) => `${names[side]} ${words(side)}`).join(', ');
}

function shareAxis(title: string): ChartAxis {
  return { title, from: 0, to: 1 };
}

function rocChart(curves: Sides<Curve>, names: Names): Chart {
  const found = bothWords(names, (side) => formatShare(valueAt(curves[side], READ_ROC_AT)));
  return {
    kind: 'chart',
    title: 'ROC curve',
    words: `Positives found when one negative in ten is called too: ${found}.`,
    reading: 'Higher is better; the dotted line is what guessing gives.',
    x: shareAxis('negatives called (false-positive rate)'),
    y: shareAxis('positives found'),
    series: lines(curves, names),
    guide: 'diagonal',
  };
}

function precisionChart(curves: Sides<Curve>, names: Names): Chart {
  const right = bothWords(names, (side) => formatShare(valueAt(curves[side], READ_PRECISION_AT)));
  return {
    kind: 'chart',
    title: 'Precision and recall',
    words: `Share of calls that are right when half of the positives are found: ${right}.`,
    reading: 'Higher is better.',
    x: shareAxis('positives found (recall)'),
    y: shareAxis('calls that are right (precision)'),
    series: lines(curves, names),
  };
}

/** The curve's y at an x, linear between its points, which go by ascending x. */
function valueAt({ x, y }: Curve, at: number): number {
  const next = x.findIndex((value) => value >= at);
  if (next < 0) return y.at(-1) ?? 0;
  // The last of several points at one x is the highest of a ROC curve.
  const here = x.lastIndexOf(at);
  if (here >= 0) return y[here] ?? 0;
  const [x1 = 0, x2 = 0] = [x[next - 1], x[next]];
  const [y1 = y[next] ?? 0, y2 = 0] = [y[next - 1], y[next]];
  return next === 0 || x2 === x1 ? y2 : y1 + ((at - x1) / (x2 - x1)) * (y2 - y1);
}

function reliabilityChart(bins: Sides<readonly ReliabilityBin[]>, names: Names, what: string): Chart {
  const gaps = bothWords(names, (side) => {
    const rows = bins[side].reduce((sum, bin) => sum + bin.rows, 0);
    const gap = bins[side].reduce((sum, bin) => sum + bin.rows * Math.abs(bin.observed - bin.predicted), 0) / rows;
    return formatNumber(gap * 100, 1);
  });
  return {
    kind: 'chart',
    title: 'Reliability',
    words: `How far probabilities are from what happens, on average: ${gaps} points.`,
    reading: 'On the dotted line they mean what they say. Whiskers: 95 %, with rows as independent.',
    x: shareAxis(`predicted ${what}`),
    y: shareAxis('what happened'),
    series: SIDES.map((side) => ({
      side,
      name: names[side],
      shape: 'points',
      x: bins[side].map(({ predicted }) => predicted),
      y: bins[side].map(({ observed }) => observed),
      lower: bins[side].map(({ lower }) => lower),
      upper: bins[side].map(({ upper }) => upper),
    })),
    guide: 'diagonal',
  };
}

function matrixOf(side: ChartSide, names: Names, classes: readonly string[], cells: readonly number[]): Matrix {
  const all = cells.reduce((sum, cell) => sum + cell, 0);
  const right = classes.reduce((sum, _name, at) => sum + (cells[at * classes.length + at] ?? 0), 0);
  return {
    kind: 'matrix',
    side,
    title: `Calls of ${side === 'candidate' ? 'the candidate' : spokenBaseline(names)}`,
    words: `${formatCount(right)} of ${formatCount(all)} are right (${formatShare(all > 0 ? right / all : 0)}).`,
    reading: 'Shaded by the share of each true class; what is right is framed.',
    classes,
    cells,
  };
}

function residualChart({ residuals, errors }: FindingsOf<'regression'>, names: Names): Chart {
  const { edges, candidate, baseline } = residuals;
  const half = errors.find(({ share }) => share === 0.5);
  return {
    kind: 'chart',
    title: 'Errors',
    words: `Half of the rows are off by at most: ${bothWords(names, (side) => formatValue(half?.[side] ?? 0))}.`,
    reading: 'Narrow and around zero is better. What is farther out counts in the outermost bars.',
    x: { title: "prediction − truth, in the target's unit", from: edges[0] ?? 0, to: edges.at(-1) ?? 1 },
    y: { title: 'rows', from: 0, to: Math.max(1, ...candidate, ...baseline) },
    series: [
      { side: 'candidate', name: names.candidate, shape: 'bars', x: edges, y: candidate },
      { side: 'baseline', name: names.baseline, shape: 'bars', x: edges, y: baseline },
    ],
    guide: 'zero',
  };
}

function predictedChart(curves: Sides<Curve>, names: Names): Chart {
  const values = SIDES.flatMap((side) => [...curves[side].x, ...curves[side].y]);
  const [from, to] = [Math.min(...values), Math.max(...values)];
  const last = (side: ChartSide): string =>
    `${formatValue(curves[side].x.at(-1) ?? 0)} (true ${formatValue(curves[side].y.at(-1) ?? 0)})`;
  return {
    kind: 'chart',
    title: 'Predicted and true',
    words: `The tenth of the rows with the highest predictions is predicted as: ${bothWords(names, last)}.`,
    reading: 'Means of tenths of the rows by prediction; on the dotted line both are alike.',
    x: { title: "predicted, in the target's unit", from, to },
    y: { title: 'true', from, to },
    series: lines(curves, names, 'points'),
    guide: 'diagonal',
  };
}

function normalChart(curves: Sides<Curve>, names: Names): Chart {
  const farthest = (values: readonly number[]): number => Math.max(0, ...values.map(Math.abs));
  const found = bothWords(names, (side) => formatNumber(farthest(curves[side].y), 1));
  const reach = Math.max(...SIDES.map((side) => Math.max(farthest(curves[side].x), farthest(curves[side].y))));
  const axis = { from: -reach, to: reach };
  return {
    kind: 'chart',
    title: 'Errors against normal ones',
    words: `The farthest errors, in standard deviations from the mean error: ${found}; normal ones would reach ${formatNumber(farthest(curves.candidate.x), 1)}.`,
    reading: 'On the dotted line errors are as a normal distribution has them. Steeper ends are rare large errors.',
    x: { title: 'normal errors, in standard deviations', ...axis },
    y: { title: 'errors, in standard deviations', ...axis },
    series: lines(curves, names),
    guide: 'diagonal',
  };
}

function coverageChart({ levels }: FindingsOf<'quantile'>, names: Names): Chart {
  const gaps = bothWords(names, (side) => {
    const worst = Math.max(0, ...levels.map(({ level, below }) => Math.abs(below[side] - level)));
    return formatNumber(worst * 100, 1);
  });
  return {
    kind: 'chart',
    title: 'Levels and what they cover',
    words: `Largest gap between a level and the share of rows at or below it: ${gaps} points.`,
    reading: 'On the dotted line levels mean what they say.',
    x: shareAxis('level'),
    y: shareAxis('rows at or below'),
    series: SIDES.map((side) => ({
      side,
      name: names[side],
      shape: 'points',
      x: levels.map(({ level }) => level),
      y: levels.map(({ below }) => below[side]),
    })),
    guide: 'diagonal',
  };
}

function gainsChart({ gains, queries }: FindingsOf<'ranking'>): Chart {
  return {
    kind: 'chart',
    title: 'Change by query',
    words: `NDCG is higher in ${formatCount(queries.better)} queries, the same in ${formatCount(queries.same)} and lower in ${formatCount(queries.worse)}.`,
    reading: 'Right of the dotted line: better.',
    x: { title: 'change of NDCG (right is better)', from: -1, to: 1 },
    y: { title: 'queries', from: 0, to: Math.max(1, ...gains.queries) },
    series: [{ side: 'candidate', name: 'queries', shape: 'bars', x: gains.edges, y: gains.queries }],
    guide: 'zero',
  };
}
