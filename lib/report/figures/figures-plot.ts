import { htmlText } from '../formats/html-escape.ts';
import type { Figure } from './chart.ts';
import { chartPlot } from './chart-plot.ts';
import { matrixPlot } from './matrix-plot.ts';

/** Figures side by side where there is room, one below the other where there is none. */
export function figuresPlot(figures: readonly Figure[]): string {
  const drawn = figures.map(
    (figure) =>
      `<figure><h4>${htmlText(figure.title)}</h4>${figure.kind === 'chart' ? chartPlot(figure) : matrixPlot(figure)}` +
      `<figcaption>${htmlText(`${figure.words} ${figure.reading}`)}</figcaption></figure>`,
  );
  return `<div class="figures">${drawn.join('\n')}</div>`;
}
