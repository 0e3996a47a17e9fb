// Started by local-store.test.ts: stores a file that never ends, says when the first bytes are on the disk, and is then killed.
import { createLocalStore } from '../../../lib/stores/folder/local-store.ts';

const [root, fifo, key] = process.argv.slice(2);
if (root === undefined || fifo === undefined || key === undefined) throw new Error('usage: ROOT FIFO KEY');
await createLocalStore(root).write([{ key, expected: { md5: '0'.repeat(32), size: 1 }, source: { file: fifo } }]);
