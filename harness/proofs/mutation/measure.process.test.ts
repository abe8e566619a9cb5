import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WireChecker } from '../../contract/check-wire.ts';
import { loadContract } from '../../contract/load-contract.ts';
import { cellRoot } from '../../engine/test-fixtures/cell-root.ts';
import { goldenPath, readGolden } from '../../golden/golden-file.ts';
import type { NormalisedObservation } from '../../normalise/types.ts';
import { defaultFolders } from '../../run/folders.ts';
import { loadScenarios, onPin } from '../../scenario/index.ts';
import type { StandingScenario } from '../../scenario/types.ts';
import { readLedger } from '../../verdict/ledger.ts';
import type { Judges } from './judge-run.ts';
import { type MeasureOptions, measure } from './measure.ts';

const folders = defaultFolders();
const engineVersion = '0.163.0';
let cells = '';
let judges: Judges;
let scenarios: StandingScenario[];
beforeAll(async () => {
  cells = await cellRoot();
  const [ledger, contract] = await Promise.all([readLedger(folders.ledger), loadContract()]);
  judges = { ledger, checker: new WireChecker(contract), engineVersion };
  scenarios = onPin(await loadScenarios(folders.scenarios));
});
afterAll(() => rm(cells, { recursive: true, force: true }));

/** Mutants of how a line becomes a message, against these scenarios. */
const run = (ids: readonly string[], choose: MeasureOptions['choose']) =>
  measure({
    repository: folders.repository,
    goldens: folders.goldens,
    folder: path.join(cells, 'run'),
    mutated: ['sdk/rpc'],
    plans: scenarios
      .filter(({ id }) => ids.includes(id))
      .map((scenario) => ({ scenario, client: 'ts', engine: 'fake', round: 1 })),
    golden: async (id) => (await readGolden(goldenPath(folders.goldens, id))) as NormalisedObservation,
    judges,
    choose,
    jobs: 1,
    signal: new AbortController().signal,
    onStage: () => undefined,
    onResult: () => undefined,
  });

const ofText: MeasureOptions['choose'] = (mutants) =>
  mutants
    .filter(({ file, mutator }) => file === 'sdk/rpc/incoming-message.ts' && mutator === 'StringLiteral')
    .slice(0, 1);

test('without a scenario every mutant survives, unreached', async () => {
  const { results } = await run([], ofText);
  expect(results).toMatchObject([{ status: 'not-covered', reachedBy: 0 }]);
});

test('a scenario that shows an error text kills the mutant that empties it', async () => {
  const { results, baseline } = await run(['faults/two-on-a-line'], ofText);
  expect(baseline.leftOut).toEqual([]);
  expect(results).toMatchObject([{ status: 'killed', killer: 'faults/two-on-a-line' }]);
});
