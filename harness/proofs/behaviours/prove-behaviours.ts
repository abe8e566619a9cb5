import { join } from 'node:path';
import { runAll } from '../../run/run-all.ts';
import { loadScenarios, onPin } from '../../scenario/index.ts';
import { runBaseline } from './baseline.ts';
import { type BehaviourVerdict, proveOne } from './prove-one.ts';
import type { Behaviour } from './read-behaviours.ts';
import { TreeCopy } from './tree-copy.ts';

export interface BehaviourResult {
  id: string;
  verdict: BehaviourVerdict;
  /** Which proof decided, and its result. */
  reason: string;
  durationMs: number;
}

export interface ProveOptions {
  /** The repository, absolute. */
  root: string;
  behaviours: readonly Behaviour[];
  /** How many at once. */
  jobs: number;
  signal?: AbortSignal | undefined;
  onResult?: (result: BehaviourResult) => void;
}

/**
 * Runs the proofs of each behaviour once unchanged and once under its break, in copies of the tree, which are removed.
 * Returns the results in the order of the behaviours.
 * @throws the signal's reason
 */
export async function proveBehaviours(options: ProveOptions): Promise<BehaviourResult[]> {
  const { root, behaviours, jobs, signal, onResult } = options;
  const proofs = behaviours.flatMap(({ proof }) => proof);
  const wanted = proofs.some((proof) => 'scenario' in proof)
    ? await loadScenarios(join(root, 'fixtures/scenarios'))
    : [];
  const scenarios = new Map(onPin(wanted).map((scenario) => [scenario.id, scenario]));
  const copies: TreeCopy[] = [];
  const results = new Map<string, BehaviourResult>();
  try {
    while (copies.length < Math.min(jobs, behaviours.length)) copies.push(await TreeCopy.of(root));
    const [first] = copies;
    if (first === undefined) return [];
    const baseline = await runBaseline(first, proofs, scenarios, signal);
    const free = [...copies];
    const one = async (behaviour: Behaviour) => {
      const copy = free.pop();
      if (copy === undefined) throw new Error(`proving ${behaviour.id}: more at once than there are copies`);
      const begun = performance.now();
      const { verdict, reason } = await proveOne(behaviour, { copy, scenarios, baseline, signal });
      free.push(copy);
      const result = { id: behaviour.id, verdict, reason, durationMs: Math.round(performance.now() - begun) };
      results.set(behaviour.id, result);
      onResult?.(result);
    };
    await runAll(behaviours, copies.length, one, signal);
    signal?.throwIfAborted();
  } finally {
    await Promise.all(copies.map((copy) => copy.remove()));
  }
  return behaviours.flatMap(({ id }) => results.get(id) ?? []);
}
