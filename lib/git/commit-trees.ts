import { FOLDER_MODE, formatOfId, parseTree, type Tree } from './object-format.ts';
import type { ObjectReader } from './object-reader.ts';
import type { TreeFile } from './read-objects.ts';

/** A commit with all of its folders. */
export interface CommitTrees {
  readonly commit: string;
  /** The top folder's tree. */
  readonly root: string;
  /** Every folder by its tree's id. */
  readonly trees: ReadonlyMap<string, Tree>;
}

/**
 * The folders of the commit that a name leads to, one question for each level of them; undefined when the commit or one of
 * them is not here.
 */
export async function readTrees(reader: ObjectReader, name: string): Promise<CommitTrees | undefined> {
  const [commit] = await reader.read([name]);
  const root = commit === undefined ? undefined : /^tree ([0-9a-f]+)\n/.exec(commit.bytes.toString('latin1'))?.[1];
  if (commit === undefined || root === undefined) return undefined;
  const format = formatOfId(root);
  const trees = new Map<string, Tree>();
  let wanted = [root];
  while (wanted.length > 0) {
    const found = await reader.read(wanted);
    const below = new Set<string>();
    for (const [place, id] of wanted.entries()) {
      const object = found[place];
      if (object?.type !== 'tree') return undefined;
      const tree = parseTree(object.bytes, format);
      trees.set(id, tree);
      for (const entry of tree.values()) if (entry.mode === FOLDER_MODE) below.add(entry.id);
    }
    wanted = [...below].filter((id) => !trees.has(id));
  }
  return { commit: commit.id, root, trees };
}

/** The files of a commit, sorted by path; submodules are left out. */
export function filesOfTrees({ root, trees }: Pick<CommitTrees, 'root' | 'trees'>): TreeFile[] {
  const files: TreeFile[] = [];
  const visit = (id: string, prefix: string): void => {
    for (const [name, entry] of trees.get(id) ?? []) {
      const path = `${prefix}${Buffer.from(name, 'latin1').toString('utf8')}`;
      if (entry.mode === FOLDER_MODE) visit(entry.id, `${path}/`);
      else if (entry.mode !== '160000') files.push({ path, id: entry.id, mode: entry.mode });
    }
  };
  visit(root, '');
  return files;
}
