import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataProblem } from '../../data/data-error.ts';
import { loadScenarios } from '../../scenario/index.ts';
import { readLedger } from '../../verdict/ledger.ts';
import { type Behaviour, behavioursFile, hasTest, parseBehaviours } from './read-behaviours.ts';
import { timesFound } from './tree-copy.ts';

export interface CheckedBehaviours {
  behaviours: Behaviour[];
  /**
   * What is wrong, by behaviour id: a missing proof, a break that applies nowhere, a ledger entry that does not exist.
   */
  problems: ReadonlyMap<string, DataProblem[]>;
}

/**
 * Reads the list and checks, without running anything, that everything it names exists.
 * @param known the ids of all scenarios, where they are known already; loading all of them takes seconds
 * @throws DataError if the list is malformed
 */
export async function checkBehaviours(root: string, known?: readonly string[]): Promise<CheckedBehaviours> {
  const { behaviours, problem } = parseBehaviours(await readFile(join(root, behavioursFile), 'utf8'), behavioursFile);
  const [ids, ledger] = await Promise.all([
    known ?? loadScenarios(join(root, 'fixtures/scenarios')).then((all) => all.map(({ id }) => id)),
    readLedger(join(root, 'fixtures/known-differences.yaml')),
  ]);
  const scenarioIds = new Set(ids);
  const ledgerIds = new Set(ledger.map(({ id }) => id));
  const texts = new Map<string, Promise<string | undefined>>();
  const textOf = (file: string) => {
    const text = texts.get(file) ?? readFile(join(root, file), 'utf8').catch(() => undefined);
    texts.set(file, text);
    return text;
  };
  const problems = new Map<string, DataProblem[]>();
  for (const behaviour of behaviours) {
    const own: DataProblem[] = [];
    const say = (field: (string | number)[], message: string) => own.push(problem(behaviour.id, field, message));
    for (const [index, proof] of behaviour.proof.entries()) {
      if ('scenario' in proof) {
        if (!scenarioIds.has(proof.scenario)) say(['proof', index], `there is no scenario ${proof.scenario}`);
        continue;
      }
      const text = await textOf(proof.file);
      if (text === undefined) say(['proof', index], `there is no file ${proof.file}`);
      else if (!hasTest(text, proof.test)) say(['proof', index], `${proof.file} has no test "${proof.test}"`);
    }
    const text = await textOf(behaviour.break.file);
    const times = text === undefined ? 0 : timesFound(text, behaviour.break);
    if (text === undefined) say(['break', 'file'], `there is no file ${behaviour.break.file}`);
    else if (times !== 1)
      say(['break', 'find'], `expected this text in ${behaviour.break.file} once, got it ${times} times`);
    if (behaviour.break.find === behaviour.break.replace) say(['break', 'replace'], 'the break changes nothing');
    if (behaviour.ledger !== undefined && !ledgerIds.has(behaviour.ledger))
      say(['ledger'], `known-differences.yaml has no entry ${behaviour.ledger}`);
    if (own.length > 0) problems.set(behaviour.id, own);
  }
  return { behaviours, problems };
}

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
export async function behaviourCounts(root: string, known?: readonly string[]): Promise<BehaviourCounts> {
  const { behaviours, problems } = await checkBehaviours(root, known);
  return {
    proven: behaviours.length - problems.size,
    total: behaviours.length,
    unproven: behaviours.flatMap(({ id }) => (problems.has(id) ? [id] : [])),
  };
}
