import type { CellResult } from '../run/types.ts';
import type { LoadedScenario } from '../scenario/types.ts';
import { failingVerdicts } from '../verdict/judge.ts';
import type { Baseline, BaselineOutcome } from './baseline.ts';
import { describeFailure } from './describe-failure.ts';
import { proofText } from './read-behaviours.ts';
import { runScenarios } from './run-scenarios.ts';
import { runTests } from './run-tests.ts';
import type { TreeCopy } from './tree-copy.ts';
import type { Behaviour } from './types.ts';

/**
 * - `proven`: its proofs pass, and one of them fails under the break
 * - `not-failing`: none fails under the break, so that they show something else
 * - `broken-proof`: a proof fails without any break
 * - `broken-break`: the break cannot be made, or what it makes cannot be loaded
 */
export type BehaviourVerdict = 'proven' | 'not-failing' | 'broken-proof' | 'broken-break';

interface Surroundings {
  copy: TreeCopy;
  scenarios: ReadonlyMap<string, LoadedScenario>;
  baseline: Baseline;
  signal: AbortSignal | undefined;
}

interface Found {
  verdict: BehaviourVerdict;
  reason: string;
}

const limitMs = 60_000;

/** Makes the break in the copy, runs the proofs there until one fails, and takes the break out again. @throws the signal's reason */
export async function proveOne(behaviour: Behaviour, around: Surroundings): Promise<Found> {
  for (const proof of behaviour.proof) {
    const outcome = around.baseline.get(proofText(proof));
    const failure = outcome === undefined ? 'it was not run' : 'failure' in outcome ? outcome.failure : undefined;
    if (failure !== undefined) return { verdict: 'broken-proof', reason: `${proofText(proof)}: ${failure}` };
  }
  try {
    return await around.copy.broken(behaviour.break, () => underBreak(behaviour, around));
  } catch (error) {
    around.signal?.throwIfAborted();
    return { verdict: 'broken-break', reason: (error as Error).message };
  }
}

async function underBreak({ id, proof }: Behaviour, around: Surroundings): Promise<Found> {
  const { copy, scenarios, baseline, signal } = around;
  // Scenarios first: they take a tenth of the time.
  const cells = proof.flatMap((one) => ('scenario' in one ? (scenarios.get(one.scenario) ?? []) : []));
  if (cells.length > 0) {
    const failure = (result: CellResult) => whyFailed(result, baseline.get(result.scenario));
    const results = await runScenarios(copy.folder, cells, id, signal, (result) => failure(result) !== undefined);
    for (const result of results) {
      const why = failure(result);
      if (why !== undefined) return { verdict: 'proven', reason: `${result.scenario}: ${why}` };
    }
  }
  const tests = proof.flatMap((one) => ('scenario' in one ? [] : [one]));
  if (tests.length > 0) {
    const run = await runTests(copy.folder, tests, { limitMs, signal });
    if (run.unloaded.length > 0)
      return { verdict: 'broken-break', reason: `${run.unloaded.join(', ')} cannot be loaded with it` };
    for (const test of tests) {
      const why = run.outcome(test) ?? run.beside;
      if (why !== undefined) return { verdict: 'proven', reason: `${proofText(test)}: ${why}` };
    }
  }
  return { verdict: 'not-failing', reason: proof.map(proofText).join('; ') };
}

/** Why a cell counts as failed. A known difference that no longer occurs fails a run of all scenarios, and so it counts here. */
function whyFailed(result: CellResult, before: BaselineOutcome | undefined): string | undefined {
  if (failingVerdicts.has(result.verdict)) return describeFailure(result);
  const expected = before !== undefined && 'known' in before ? before.known : [];
  const gone = expected.find((id) => !result.known.some((one) => one.id === id));
  return gone === undefined ? undefined : `the known difference ${gone} no longer occurs`;
}
