import type { DataListOutput } from '../data-outputs.ts';

export type ListEntry = DataListOutput['entries'][number];

/** One line of a drawn tree. */
export interface TreeLine {
  readonly text: string;
  /** What it is of; none for a folder that is only in the way, and for the top. */
  readonly entry?: ListEntry | undefined;
}

interface Node {
  entry: ListEntry | undefined;
  readonly below: Map<string, Node>;
}

/**
 * Entries drawn as a tree below the path that was listed, as `dvc ls --tree` does.
 *
 * @param entries sorted by path; all at `top` or below it
 */
export function treeLines(entries: readonly ListEntry[], top: string): TreeLine[] {
  const folder = top.replace(/^(\.\/)+|\/+$/g, '');
  const prefix = folder === '' || folder === '.' ? '' : `${folder}/`;
  const root: Node = { entry: undefined, below: new Map() };
  for (const entry of entries) {
    let node = root;
    const below = `${entry.path}/` === prefix ? '' : entry.path.slice(prefix.length);
    for (const name of below.split('/').filter(Boolean)) {
      const next: Node = node.below.get(name) ?? { entry: undefined, below: new Map() };
      node.below.set(name, next);
      node = next;
    }
    node.entry = entry;
  }
  return [{ text: oneLine(top), entry: root.entry }, ...linesBelow(root, '')];
}

function linesBelow({ below }: Node, indent: string): TreeLine[] {
  const nodes = [...below];
  return nodes.flatMap(([name, node], index) => {
    const last = index === nodes.length - 1;
    const line = { text: `${indent}${last ? '└── ' : '├── '}${oneLine(name)}`, entry: node.entry };
    return [line, ...linesBelow(node, `${indent}${last ? '    ' : '│   '}`)];
  });
}

/** A name is one line, whatever it is made of; what else is strange in it the renderer makes visible. */
function oneLine(name: string): string {
  return name.replace(/[\r\n\u0085\u2028\u2029]/g, '\ufffd');
}
