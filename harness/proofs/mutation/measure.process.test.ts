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
const run = (ids: readonly string[], choose: MeasureOptions['choose'], more: Partial<MeasureOptions> = {}) =>
  measure({
    repository: folders.repository,
    goldens: folders.goldens,
    folder: path.join(cells, 'run'),
    mutated: ['sdk/rpc'],
    plans: scenarios
      .filter(({ id }) => ids.includes(id))
      .map((scenario) => ({
        ...{ scenario, engine: 'fake', round: 1 },
        client: scenario.family === 'exec' ? 'ts-exec' : 'ts',
      })),
    golden: async (id) => (await readGolden(goldenPath(folders.goldens, id))) as NormalisedObservation,
    judges,
    choose,
    jobs: 1,
    signal: new AbortController().signal,
    onStage: () => undefined,
    onResult: () => undefined,
    ...more,
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

test('runs without a mutant are kept: the next time, they are read; what decides them makes them new', async () => {
  const folder = path.join(cells, 'cache');
  const kept = async (inputs: Record<string, string>, ids = ['faults/two-on-a-line']) => {
    const { baseline, results } = await run(ids, ofText, { cache: { folder, inputs } });
    expect(results).toMatchObject([{ status: 'killed' }]);
    return baseline.subjects.map(({ plan, outcome, durationMs, reached }) => [
      plan.scenario.id,
      { outcome, durationMs, reached },
    ]);
  };
  const first = await kept({ code: 'a' });
  expect(first).toHaveLength(1);
  // Nothing takes the same time twice.
  expect(await kept({ code: 'a' })).toEqual(first);
  expect(await kept({ code: 'a' }, ['faults/two-on-a-line', 'turns/plain-message'])).toContainEqual(first[0]);
  expect(await kept({ code: 'b' })).not.toEqual(first);
});

// Each was once left out for a reason of its own.
const odd: [string, string][] = [
  ['numbers that no double holds', 'faults/exact-numbers'],
  ['an engine that is a process and is killed', 'attach/killed'],
  ['an engine that is asked for its help', 'exec/remote/refused/folder'],
  ['answers that come with what follows them', 'turns/queue-of-starts'],
];
test('scenarios that need more than pipes are not left out', async () => {
  const { baseline } = await run(
    odd.map(([, id]) => id),
    ofText,
  );
  expect(baseline.leftOut).toEqual([]);
  expect(baseline.subjects.map(({ plan }) => plan.scenario.id).sort()).toEqual(odd.map(([, id]) => id).sort());
}, 60_000);
