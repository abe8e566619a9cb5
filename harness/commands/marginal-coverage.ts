import { goldenPath, readGolden } from '../golden/golden-file.ts';
import { behaviourProofs } from '../proofs/behaviours/read-behaviours.ts';
import type { CellCoverage } from '../proofs/coverage/coverage-file.ts';
import { killedAlone, type Marginal, marginals, type Showing, usefulFiles } from '../proofs/coverage/marginal.ts';
import { userPoints } from '../proofs/coverage/user-points.ts';
import { factsExercised } from '../proofs/surface/proofs.ts';
import type { Folders } from '../run/folders.ts';
import type { LoadedScenario } from '../scenario/types.ts';
import type { Paint } from './output.mjs';

/**
 * What each scenario file adds to all others: points of the protocol, the user's side, facts of Python's surface, behaviours and mutants.
 * @param goldens what the goldens cover of the protocol
 * @param mutants results of `mutation --alone`; default: the last ones
 */
export async function measureMarginals(
  scenarios: readonly LoadedScenario[],
  goldens: readonly CellCoverage[],
  folders: Folders,
  mutants: readonly string[] = [],
): Promise<Marginal[]> {
  const proofs = behaviourProofs(folders.repository);
  const killed = await killedAlone(folders.repository, mutants);
  const loaded = new Map(scenarios.map((scenario) => [scenario.id, scenario]));
  const showings: Showing[] = [];
  for (const { scenario: id, client, engine, points } of goldens) {
    const scenario = loaded.get(id) as LoadedScenario;
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

export function describeMarginals(found: readonly Marginal[], paint: Paint): string[] {
  const cases = found.reduce((sum, one) => sum + one.cases, 0);
  const { official, bare } = usefulFiles(found);
  return [
    ...found.map(({ file, cases: own, covers, alone }) => {
      const some = alone.slice(0, 3).join(', ');
      const matrix = own > 1 ? ` ×${own}` : '';
      return `${String(alone.length).padStart(5)} of ${String(covers).padStart(4)}  ${file}${matrix}${some === '' ? '' : paint.dim(`  ${some}${alone.length > 3 ? ', …' : ''}`)}`;
    }),
    `${found.filter(({ alone }) => alone.length > 0).length} of ${found.length} scenario files (${cases} scenarios with their matrices) cover what no other does;`,
    `of those with a reference client on the real engine ${official + bare}: ${official} of an official client, ${bare} of bare JSON-RPC`,
  ];
}
