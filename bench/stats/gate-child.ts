/** The process that bench/stats/gate.ts measures: `assay` with the given arguments, then its use of the machine. */
import { main } from '../../lib/cli/main.ts';

const begin = performance.now();
await main();
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
process.stderr.write(
  `\n${JSON.stringify({ wall: (performance.now() - begin) / 1e3, cpu: (userCPUTime + systemCPUTime) / 1e6, peakMiB: maxRSS / 1024 })}\n`,
);
