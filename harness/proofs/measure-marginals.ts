import { goldenPath, readGolden } from '../golden/golden-file.ts';
import type { Folders } from '../run/folders.ts';
import type { StandingScenario } from '../scenario/types.ts';
import { behaviourProofs } from './behaviours/read-behaviours.ts';
import type { CellCoverage } from './coverage/coverage-file.ts';
import { killedAlone, type Marginal, marginals, type Showing } from './coverage/marginal.ts';
import { userPoints } from './coverage/user-points.ts';
import { factsExercised } from './surface/proofs.ts';

/**
 * What each scenario file adds to all others: points of the protocol, the user's side, facts of Python's surface, behaviours and mutants.
 * @param goldens what the goldens cover of the protocol
 * @param mutants results of `mutation --alone`; default: the last ones
 */
export async function measureMarginals(
  scenarios: readonly StandingScenario[],
  goldens: readonly CellCoverage[],
  folders: Folders,
  mutants: readonly string[] = [],
): Promise<Marginal[]> {
  const proofs = behaviourProofs(folders.repository);
  const killed = await killedAlone(folders.repository, mutants);
  const loaded = new Map(scenarios.map((scenario) => [scenario.id, scenario]));
  const showings: Showing[] = [];
  for (const { scenario: id, client, engine, points } of goldens) {
    const scenario = loaded.get(id) as StandingScenario;
    const golden = await readGolden(goldenPath(folders.goldens, id));
    const facts = scenario.family === 'app-server' ? factsExercised(scenario, golden) : [];
    const named = (kind: string, names: Iterable<string>) => [...names].map((name) => `${kind} ${name}`);
    showings.push({
      scenario: id,
      client,
      engine,
      points: [
        ...points,
        ...userPoints(scenario, golden),
        ...named('fact', facts),
        // A file may be named as a proof with all its cases.
        ...named('behaviour', [...(proofs.get(id) ?? []), ...(proofs.get(scenario.expandedFrom ?? id) ?? [])]),
        ...named('mutant', killed.get(id) ?? []),
      ],
    });
  }
  const fileOf = new Map(
    scenarios.flatMap(({ id, expandedFrom }) => (expandedFrom === undefined ? [] : [[id, expandedFrom] as const])),
  );
  return marginals(showings, fileOf);
}
