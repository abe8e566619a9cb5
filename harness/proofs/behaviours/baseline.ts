import { type CellResult, failingVerdicts } from '../../cell/types.ts';
import type { StandingScenario } from '../../scenario/types.ts';
import { type Proof, proofText } from './read-behaviours.ts';
import { runScenarios } from './run-scenarios.ts';
import { runTests, type TestName } from './run-tests.ts';
import type { TreeCopy } from './tree-copy.ts';

/** The result of a proof without a break: why it fails, or the known differences it met. */
export type BaselineOutcome = { failure: string } | { known: string[] };

/** By the proof's text. */
export type Baseline = ReadonlyMap<string, BaselineOutcome>;

const limitMs = 600_000;

/** Runs every proof once without a break: a proof that fails here proves nothing. */
export async function runBaseline(
  copy: TreeCopy,
  proofs: readonly Proof[],
  scenarios: ReadonlyMap<string, StandingScenario>,
  signal: AbortSignal | undefined,
): Promise<Baseline> {
  const outcomes = new Map<string, BaselineOutcome>();
  const tests = new Map<string, TestName>();
  const cells = new Map<string, StandingScenario>();
  for (const proof of proofs) {
    const text = proofText(proof);
    if (!('scenario' in proof)) tests.set(text, proof);
    else {
      const scenario = scenarios.get(proof.scenario);
      if (scenario === undefined) outcomes.set(text, { failure: 'there is no such scenario' });
      else cells.set(text, scenario);
    }
  }
  if (tests.size > 0) {
    const run = await runTests(copy.folder, [...tests.values()], { limitMs, signal });
    for (const [text, test] of tests) {
      const { status, why } = run.outcome(test);
      const failure = run.broken ?? run.beside ?? (status === 'passed' ? undefined : why);
      outcomes.set(text, failure === undefined ? { known: [] } : { failure });
    }
  }
  if (cells.size > 0) {
    for (const result of await runScenarios(copy.folder, [...cells.values()], 'baseline', signal)) {
      const known = result.known.map(({ id }) => id);
      const failed = failingVerdicts.has(result.verdict);
      outcomes.set(result.scenario, failed ? { failure: describeFailure(result) } : { known });
    }
  }
  return outcomes;
}

/** Why a cell failed: what broke, or the first difference. */
export function describeFailure({ verdict, reason, unexplained: [first] }: CellResult): string {
  return reason ?? (first === undefined ? verdict : `${first.kind} ${first.path}`);
}
