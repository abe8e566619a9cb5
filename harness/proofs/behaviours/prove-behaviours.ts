import { join } from 'node:path';
import { type CellResult, failingVerdicts } from '../../cell/types.ts';
import { runAll } from '../../run/run-all.ts';
import { loadScenarios, onPin } from '../../scenario/index.ts';
import type { StandingScenario } from '../../scenario/types.ts';
import { type Baseline, type BaselineOutcome, describeFailure, runBaseline } from './baseline.ts';
import { type Behaviour, proofText } from './read-behaviours.ts';
import { runScenarios } from './run-scenarios.ts';
import { runTests, type TestName, type TestRun } from './run-tests.ts';
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

/**
 * - `proven`: its proofs pass, and one of them fails under the break
 * - `not-failing`: none fails under the break, so they show something else
 * - `broken-proof`: a proof fails without any break
 * - `broken-break`: the break cannot be made, or the result cannot be loaded or run: what never started shows nothing
 */
type BehaviourVerdict = 'proven' | 'not-failing' | 'broken-proof' | 'broken-break';

interface Environment {
  copy: TreeCopy;
  scenarios: ReadonlyMap<string, StandingScenario>;
  baseline: Baseline;
  signal: AbortSignal | undefined;
}

interface Found {
  verdict: BehaviourVerdict;
  reason: string;
}

const limitMs = 60_000;

/**
 * Makes the break in the copy, runs the proofs there until one fails, and undoes the break. @throws the signal's reason
 */
async function proveOne(behaviour: Behaviour, around: Environment): Promise<Found> {
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

async function underBreak({ id, proof }: Behaviour, around: Environment): Promise<Found> {
  const { copy, scenarios, baseline, signal } = around;
  // Scenarios first, because they take a tenth of the time.
  const cells = proof.flatMap((one) => ('scenario' in one ? (scenarios.get(one.scenario) ?? []) : []));
  if (cells.length > 0) {
    const find = (result: CellResult) => readCell(result, baseline.get(result.scenario));
    const results = await runScenarios(copy.folder, cells, id, signal, (result) => find(result) !== undefined);
    const last = results.at(-1);
    const found = last && find(last);
    if (found !== undefined) return found;
  }
  const tests = proof.flatMap((one) => ('scenario' in one ? [] : [one]));
  if (tests.length > 0) {
    const run = await runTests(copy.folder, tests, { limitMs, signal });
    const found = readTests(run, tests);
    if (found !== undefined) return found;
  }
  return { verdict: 'not-failing', reason: proof.map(proofText).join('; ') };
}

/** What a cell decides. As in a run of all scenarios, a known difference that no longer occurs counts as a failure. */
function readCell(result: CellResult, before: BaselineOutcome | undefined): Found | undefined {
  const found = (verdict: BehaviourVerdict, why: string) => ({ verdict, reason: `${result.scenario}: ${why}` });
  // A driver that never got to the scenario (an SDK that throws while it is loaded) has shown nothing about the
  // behaviour.
  if (result.verdict === 'could-not-run' && result.began !== true)
    return found('broken-break', describeFailure(result));
  if (failingVerdicts.has(result.verdict)) return found('proven', describeFailure(result));
  const expected = before !== undefined && 'known' in before ? before.known : [];
  const gone = expected.find((id) => !result.known.some((one) => one.id === id));
  return gone === undefined ? undefined : found('proven', `the known difference ${gone} no longer occurs`);
}

/** What the tests decide: a failed test proves; a test with no result does not. */
function readTests(run: TestRun, tests: readonly TestName[]): Found | undefined {
  if (run.unloaded.length > 0)
    return { verdict: 'broken-break', reason: `${run.unloaded.join(', ')} cannot be loaded with it` };
  if (run.broken !== undefined) return { verdict: 'broken-break', reason: run.broken };
  const outcomes = tests.map((test) => ({ text: proofText(test), ...run.outcome(test) }));
  const failed = outcomes.find(({ status }) => status === 'failed');
  if (failed !== undefined) return { verdict: 'proven', reason: `${failed.text}: ${failed.why}` };
  if (run.beside !== undefined) return { verdict: 'proven', reason: `${outcomes[0]?.text}: ${run.beside}` };
  const missing = outcomes.find(({ status }) => status === 'not-run');
  return missing && { verdict: 'broken-break', reason: `${missing.text}: ${missing.why} with it` };
}
