import type { LoadedScenario } from '../../scenario/types.ts';
import { checkBehaviours } from './check-behaviours.ts';

/**
 * How many listed behaviours have existing proofs and a break that applies; runs nothing. `unproven` has the ids of the
 * others.
 */
export interface BehaviourCounts {
  proven: number;
  total: number;
  unproven: string[];
}

/** For the coverage: counts the behaviours listed below `root`. @throws DataError if the list is malformed */
export async function behaviourCounts(root: string, known?: readonly LoadedScenario[]): Promise<BehaviourCounts> {
  const { behaviours, problems } = await checkBehaviours(root, known);
  return {
    proven: behaviours.length - problems.size,
    total: behaviours.length,
    unproven: behaviours.flatMap(({ id }) => (problems.has(id) ? [id] : [])),
  };
}
