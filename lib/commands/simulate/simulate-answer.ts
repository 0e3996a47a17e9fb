import { EXIT_CODE } from '../../exit-code.ts';
import { Simulation } from '../../gate/simulate/simulation.ts';
import { simulationBlocks, simulationWarnings } from '../../report/blocks/simulation-blocks.ts';
import type { Answer } from '../answer.ts';

/** A plan is an answer, not a verdict: the exit code is 0 also where a margin cannot be reached. */
export function simulationAnswer(simulation: Simulation): Answer {
  return {
    document: Simulation.parse(simulation),
    blocks: simulationBlocks(simulation),
    verdict: simulationWarnings(simulation).length > 0 ? 'warn' : 'pass',
    exitCode: EXIT_CODE.yes,
  };
}
