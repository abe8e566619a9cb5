import { pairScenarios } from '../pairs/pair-scenarios.ts';
import { type GeneratedOutput, generatedFolder } from './generated-output.ts';

/** The scenarios of each pair of operations. */
export async function generatePairs(): Promise<GeneratedOutput> {
  return generatedFolder('fixtures/scenarios/pairs', pairScenarios());
}
