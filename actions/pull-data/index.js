import { start } from '../../dist/index.js';

await start('pull-data');
