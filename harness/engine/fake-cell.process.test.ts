import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { goldenPath, writeGolden } from '../golden/golden-file.ts';
import { normalise } from '../normalise/normalise.ts';
import type { NormalisedObservation } from '../normalise/types.ts';
import type { ObservationLine } from '../observation/types.ts';
import type { Scenario } from '../scenario/types.ts';
import { openFakeCell } from './fake-cell.ts';
import { cellRoot } from './test-fixtures/cell-root.ts';
import { mirrorClient } from './test-fixtures/mirror-client.ts';
import { recordedRun } from './test-fixtures/recorded-run.ts';
import type { RunningCell } from './types.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const scenario: Scenario = { id: 'x/y', title: 'x', family: 'app-server', covers: [], steps: [] };
let folder: string;
let cell: RunningCell | undefined;

beforeAll(() => execa(process.execPath, ['scripts/build-fake.mjs'], { cwd: repository }));
beforeEach(async () => {
  folder = await cellRoot();
});
afterEach(async () => {
  await cell?.dispose();
  cell = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function opened(golden: NormalisedObservation): Promise<RunningCell> {
  await writeGolden(goldenPath(folder, scenario.id), golden);
  cell = await openFakeCell({ scenario, goldens: folder, engineVersion: '0.163.0', root: join(folder, 'run') });
  return cell;
}

/** What the two cannot share: the fake asks no model, and is given an environment that the recording does not show. */
const shared = ({ lines }: NormalisedObservation) => lines.filter(({ ch }) => ch !== 'model.request' && ch !== 'env');

const normalised = (fake: RunningCell, lines: ObservationLine[]) =>
  normalise({ header: { ...recordedRun.header, paths: fake.paths }, lines });

test('a golden replayed and normalised is the golden again', async () => {
  const golden = normalise(recordedRun);
  const fake = await opened(golden);
  await mirrorClient(fake, golden.lines);
  const { lines } = await fake.finish();
  // Lines of different lanes have no order: the client may have sent while the engine still spoke.
  const byLane = (observation: NormalisedObservation) =>
    shared(observation).sort((a, b) => (a.lane < b.lane ? -1 : a.lane > b.lane ? 1 : 0));
  expect(byLane(normalised(fake, lines))).toEqual(byLane(golden));
  expect((await fake.finish()).lines).toBe(lines);
});

test('a difference that decides nothing is evidence, and the compare of the wire finds it once', async () => {
  const golden = normalise(recordedRun);
  const fake = await opened(golden);
  const changed = JSON.parse(JSON.stringify(golden.lines).replace('"decision":"accept"', '"decision":"decline"'));
  await mirrorClient(fake, changed);
  const { lines } = await fake.finish();
  expect(lines.filter((line) => line.ch === 'stderr')).toMatchObject([
    {
      text: 'replay: the answer to "<server-request:1>" /result/decision: golden "accept" (line 20), client "decline"',
    },
  ]);
  const seen = shared(normalised(fake, lines)).map((line) => JSON.stringify(line));
  const expected = new Set(shared(golden).map((line) => JSON.stringify(line)));
  expect(seen.filter((line) => !expected.has(line))).toEqual([expect.stringContaining('"decision":"decline"')]);
});

test('the engine starts as often as in the golden, and not once more', async () => {
  const golden = normalise(recordedRun);
  const fake = await opened(golden);
  await mirrorClient(fake, golden.lines);
  await mirrorClient(fake, []);
  expect((await fake.finish()).lines.filter((line) => line.ch === 'mark' && line.mark === 'replay miss')).toMatchObject(
    [{ detail: { text: 'the client starts the engine 2 times; the golden does so 1 times' } }],
  );
});

test('a golden that is not there says how to get it', async () => {
  const opening = openFakeCell({ scenario, goldens: join(folder, 'no'), engineVersion: '0', root: folder });
  await expect(opening).rejects.toThrow(
    /expected the golden .*y\.jsonl, got no such file\. Run `npm run record` first/,
  );
});
