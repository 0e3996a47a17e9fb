/** What a `dvc.yaml` shows people: files of numbers, and of what is drawn. */
export type ShownType = 'metrics' | 'plots';

/** Files by what they are shown as, as `dvc.yaml` writes them, from its own folder. */
export type ShownFiles = Readonly<Record<ShownType, readonly string[]>>;

/**
 * The files that a `dvc.yaml` names outside of its stages as metrics, and those that its plots are drawn from. What does not
 * look like either is left out: it is DVC's to say so. Source: dvc/repo/index.py, `_plot_sources`.
 */
export function shownFiles(metrics: unknown, plots: unknown): ShownFiles {
  return { metrics: listOf(metrics).filter((one) => typeof one === 'string'), plots: listOf(plots).flatMap(plotted) };
}

/** A plot is a file, or a name with its settings: `y` may be a map of files, else the name is one. */
function plotted(plot: unknown): string[] {
  if (typeof plot === 'string') return [plot];
  return entriesOf(plot).flatMap(([name, settings]) => {
    const { x, y } = Object.fromEntries(entriesOf(settings));
    const files = entriesOf(y).map(([file]) => file);
    return files.length === 0 ? [name] : [...files, ...entriesOf(x).map(([file]) => file)];
  });
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
