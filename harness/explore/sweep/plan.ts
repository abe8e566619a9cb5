import { clientIds } from '../../clients/clients.ts';
import { goldenPath, readGolden } from '../../golden/golden-file.ts';
import { onPin } from '../../scenario/index.ts';
import type { LoadedScenario } from '../../scenario/types.ts';
import { type Base, caseOf, type SweepCase, scenarioOf } from './case.ts';
import { faultNames } from './faults.ts';
import { playersOf } from './players.ts';
import { type GoldenScript, NoScriptError, scriptOf } from './script-of-golden.ts';

/** The goldens that are swept whole: between them, what users do most. */
export const coreGoldens = [
  'turns/plain-message',
  'turns/streamed-deltas',
  'turns/steer-mid-stream',
  'turns/interrupt-mid-stream',
  'turns/two-threads',
  'approvals/command/accept',
  'threads/list-in-pages',
  'threads/unknown-id',
  'exec/plain-message',
  'exec/streamed',
  'exec/command-runs',
  'exec/resumed-by-id',
] as const;

export interface SweepPlan {
  cases: SweepCase[];
  /** Goldens that cannot be swept, and why. */
  leftOut: { scenario: string; why: string }[];
  /** Kinds of messages that the library has. */
  kinds: number;
}

/**
 * Every run of a whole sweep, in a fixed order: each position of the core goldens with every fault that can strike
 * there, then each kind of message of the whole library once, in the smallest golden that has it.
 */
export async function planSweep(scenarios: readonly LoadedScenario[], goldens: string): Promise<SweepPlan> {
  const leftOut: SweepPlan['leftOut'] = [];
  const bases = new Map<string, Base>();
  for (const scenario of onPin(scenarios)) {
    if (playersOf(scenario, clientIds).length === 0) {
      leftOut.push({ scenario: scenario.id, why: 'our client cannot play it' });
      continue;
    }
    const golden = await readGolden(goldenPath(goldens, scenario.id, 'linux'));
    if (golden === undefined) continue;
    try {
      bases.set(scenario.id, { scenario, script: scriptOf(golden, scenario.family) });
    } catch (error) {
      if (!(error instanceof NoScriptError)) throw error;
      leftOut.push({ scenario: scenario.id, why: error.message });
    }
  }
  const core = coreGoldens.flatMap((id) => {
    const base = bases.get(id);
    return base === undefined ? [] : base.script.positions.map((_, position) => ({ base, position }));
  });
  const seldom = smallestPlaces([...bases.values()]);
  const known = new Set(core.map(({ base, position }) => `${base.scenario.id} ${position}`));
  const rest = [...seldom.values()].filter(({ base, position }) => !known.has(`${base.scenario.id} ${position}`));
  const cases = [...core, ...rest].flatMap(({ base, position }) =>
    faultNames.map((fault) => caseOf(base, position, fault)).filter((one) => scenarioOf(one) !== undefined),
  );
  // Without a fault, every position of a golden is the same run.
  const once = cases.filter(
    ({ base, fault }, index) =>
      fault !== 'none' || cases.findIndex((other) => other.base === base && other.fault === 'none') === index,
  );
  return { cases: once, leftOut, kinds: seldom.size };
}

/** Of each kind of message, the place in the smallest golden that has it; one that an official client can play comes first. */
function smallestPlaces(bases: readonly Base[]): Map<string, { base: Base; position: number }> {
  const size = ({ positions }: GoldenScript) => positions.length;
  const sorted = [...bases].sort((a, b) => size(a.script) - size(b.script) || (a.scenario.id < b.scenario.id ? -1 : 1));
  const found = new Map<string, { base: Base; position: number }>();
  for (const base of sorted)
    for (const [position, { from, message }] of base.script.positions.entries()) {
      const kind = `${base.scenario.family} ${message}`;
      if (from === 'engine' && !found.has(kind)) found.set(kind, { base, position });
    }
  return found;
}
