// Builds what actions run from into a folder, in a process of its own: `build-release.ts FOLDER`.
import { resolve } from 'node:path';
import { releaseTree } from './release-tree.ts';

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('build-release.ts FOLDER');
await releaseTree(resolve(import.meta.dirname, '..'), resolve(target));
