import { start } from '../../dist/index.js';

await start('push-data');
