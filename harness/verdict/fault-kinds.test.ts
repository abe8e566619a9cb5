import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { WireChecker } from '../contract/check-wire.ts';
import { loadContract } from '../contract/load-contract.ts';
import { goldenPath, readGolden } from '../golden/golden-file.ts';
import { hydrate } from '../golden/hydrate.ts';
import { loadScenarios, onPin } from '../scenario/index.ts';
import { recordingEngine } from '../scenario/reference.ts';
import { type FaultEvidence, faultEvidence } from './fault-evidence.ts';
import { faultsShown } from './fault-kinds.ts';

const checker = new WireChecker(await loadContract());
const goldens = fileURLToPath(new URL('../../fixtures/golden', import.meta.url));
const scenarios = onPin(await loadScenarios()).filter(({ covers }) => covers.some((name) => name.startsWith('fault:')));
const claimed = (covers: readonly string[]) =>
  covers.flatMap((name) => (name.startsWith('fault:') ? [name.slice('fault:'.length)] : []));

async function evidenceOf(scenario: (typeof scenarios)[number]): Promise<FaultEvidence | undefined> {
  const golden = await readGolden(goldenPath(goldens, scenario.id));
  return golden && faultEvidence(scenario, hydrate(golden).lines, recordingEngine(scenario), checker);
}

it('finds in every golden the faults that its scenario is for', async () => {
  const wrong: string[] = [];
  for (const scenario of scenarios) {
    const evidence = await evidenceOf(scenario);
    if (evidence === undefined) continue;
    const shown: ReadonlySet<string> = faultsShown(evidence);
    const missing = claimed(scenario.covers).filter((kind) => !shown.has(kind));
    if (missing.length > 0) wrong.push(`${scenario.id}: ${missing.join(', ')}`);
  }
  expect(wrong).toEqual([]);
});

it('finds none of them in a run in which the engine said nothing and played nothing', async () => {
  for (const scenario of scenarios) {
    const evidence = await evidenceOf(scenario);
    if (evidence === undefined) continue;
    expect(faultsShown({ ...evidence, incoming: [], steps: [], model: [], marks: [], exits: [] }).size).toBe(0);
  }
});
