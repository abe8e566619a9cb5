import type { LoadedScenario } from '../../scenario/types.ts';
import { checkBehaviours } from './check-behaviours.ts';

/** How many behaviours of the list have proofs and a break that are there; nothing is run. `unproven` has the ids of the others. */
export interface BehaviourCounts {
  proven: number;
  total: number;
  unproven: string[];
}

/** For the coverage: counts the list of behaviours below `root`. @throws DataError when it is not well-formed */
export async function behaviourCounts(root: string, known?: readonly LoadedScenario[]): Promise<BehaviourCounts> {
  const { behaviours, problems } = await checkBehaviours(root, known);
  return {
    proven: behaviours.length - problems.size,
    total: behaviours.length,
    unproven: behaviours.flatMap(({ id }) => (problems.has(id) ? [id] : [])),
  };
}
