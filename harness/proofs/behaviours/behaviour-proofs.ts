import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseBehaviours } from './read-behaviours.ts';

/** Scenario → ids of the behaviours it proves, alone or with others. @throws DataError if the list is malformed */
export function behaviourProofs(repository: string): ReadonlyMap<string, readonly string[]> {
  const file = path.join(repository, 'fixtures', 'behaviours.yaml');
  const proofs = new Map<string, string[]>();
  for (const { id, proof } of parseBehaviours(readFileSync(file, 'utf8'), file).behaviours) {
    for (const one of proof) {
      if ('scenario' in one) proofs.set(one.scenario, [...(proofs.get(one.scenario) ?? []), id]);
    }
  }
  return proofs;
}
