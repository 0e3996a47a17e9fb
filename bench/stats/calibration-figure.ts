import { type CalibratedRate, LEVEL } from './calibration-rates.ts';
import { CALIBRATED, type Calibrated } from './calibration-truth.ts';

/** All in SVG units. */
const WIDTH = 760;
const LABEL = 310;
const RIGHT = 20;
const TOP = 84;
const LINE = 30;
/** Right end of the axis, and its steps, as shares. */
const MOST = 0.05;
const STEP = 0.01;

const NAMES: Readonly<Record<Calibrated, string>> = {
  accuracy: 'accuracy',
  roc_auc: 'AUC',
  f1: 'F1',
  log_loss: 'log loss',
  rmse: 'RMSE',
};

const STYLE = `
  text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #24292f }
  .small { font-size: 12px; fill: #57606a } .title { font-weight: 600; font-size: 15px }
  .grid { stroke: #d0d7de } .level { stroke: #57606a; stroke-dasharray: 4 3 }
  .accuracy { fill: #0969da } .roc_auc { fill: #bc4c00 } .f1 { fill: #1a7f37 } .log_loss { fill: #8250df } .rmse { fill: #57606a }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .small { fill: #9198a1 } .grid { stroke: #3d444d } .level { stroke: #9198a1 }
    .accuracy { fill: #4493f8 } .roc_auc { fill: #f0883e } .f1 { fill: #3fb950 } .log_loss { fill: #ab7df8 } .rmse { fill: #9198a1 }
  }`;

/** The rates of false passes as dots, one line a scenario, a dashed line at the level that is aimed at. */
export function calibrationFigure(rates: readonly CalibratedRate[], words: (scenario: string) => string): string {
  const scenarios = [...new Set(rates.map(({ scenario }) => scenario))];
  const x = (share: number): string => (LABEL + (Math.min(share, MOST) / MOST) * (WIDTH - LABEL - RIGHT)).toFixed(1);
  const bottom = TOP + scenarios.length * LINE;
  const ticks = Array.from({ length: Math.round(MOST / STEP) + 1 }, (_none, step) => step * STEP);
  const grid = ticks.flatMap((share) => [
    `<line class="grid" x1="${x(share)}" x2="${x(share)}" y1="${TOP - 8}" y2="${bottom}"/>`,
    `<text class="small" text-anchor="middle" x="${x(share)}" y="${bottom + 18}">${Math.round(100 * share)} %</text>`,
  ]);
  const legend = CALIBRATED.map(
    (metric, index) =>
      `<circle class="${metric}" cx="${LABEL + index * 84 + 5}" cy="56" r="5"/><text class="small" x="${LABEL + index * 84 + 15}" y="60">${NAMES[metric]}</text>`,
  );
  const lines = scenarios.flatMap((scenario, index) => {
    const y = TOP + index * LINE + LINE / 2;
    const dots = rates
      .filter((rate) => rate.scenario === scenario)
      .map(
        ({ metric, falsePass }) =>
          `<circle class="${metric}" cx="${x(falsePass)}" cy="${y}" r="4.5" fill-opacity="0.85"/>`,
      );
    return [`<text class="small" x="0" y="${y + 4}">${escapeXml(words(scenario))}</text>`, ...dots];
  });
  const described = rates.map(
    ({ scenario, metric, falsePass }) => `${words(scenario)}, ${NAMES[metric]}: ${(100 * falsePass).toFixed(2)} %`,
  );
  const title = 'How often a model passes that is exactly at the limit';
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 48}" width="${WIDTH}" height="${bottom + 48}" role="img" aria-labelledby="t d">`,
    `<title id="t">${title}</title>`,
    `<desc id="d">${escapeXml(described.join('; '))}</desc>`,
    `<style>${STYLE}\n</style>`,
    `<text class="title" x="0" y="16">${title}</text>`,
    '<text class="small" x="0" y="36">Made-up holdouts whose truth is known; every dot is one metric</text>',
    ...legend,
    ...grid,
    `<line class="level" x1="${x(LEVEL)}" x2="${x(LEVEL)}" y1="${TOP - 12}" y2="${bottom}"/>`,
    `<text class="small" x="${x(LEVEL)}" y="${bottom + 38}" text-anchor="middle">aimed at: 2.5 %</text>`,
    ...lines,
    '</svg>',
  ].join('\n')}\n`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
