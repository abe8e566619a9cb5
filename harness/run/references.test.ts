import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CellPlan } from '../cell/types.ts';
import { WireChecker } from '../contract/check-wire.ts';
import { loadContract } from '../contract/load-contract.ts';
import type { Contract } from '../contract/types.ts';
import { goldenPath, writeGolden } from '../golden/golden-file.ts';
import { normalise } from '../normalise/normalise.ts';
import type { NormalisedObservation } from '../normalise/types.ts';
import type { Observation, ObservationBody } from '../observation/types.ts';
import { References, unknownToPython } from './references.ts';
import { CouldNotRunError } from './run-cell.ts';

test('what an engine that is only looked at has beside the window is no difference, in items of lists too', async () => {
  const contract = structuredClone(await loadContract());
  const { Turn, ThreadItem } = contract.schema.definitions;
  if (Turn?.properties === undefined || ThreadItem === undefined) throw new Error('the contract has no such types');
  Turn.properties.mood = {};
  ThreadItem.properties = { ...ThreadItem.properties, weight: {} };
  const item = { type: 'userMessage', id: '1', content: [], weight: 1, madeUp: 1 };
  const turn = { id: '1', status: 'completed', items: [item], mood: 'good' };
  const lines: ObservationBody[] = [
    { ch: 'event', lane: 'events', method: 'turn/completed', payload: { threadId: '1', turn }, known: true },
    { ch: 'result', lane: 'main', op: 't.run', value: { $type: 'TurnResult', items: [item] } },
    { ch: 'wire.in', msg: { method: 'turn/completed', params: { turn } } },
  ];
  const observation = { lines: lines.map((line, t) => ({ t, ...line })) } as Observation;
  expect([...unknownToPython(observation, contract)]).toEqual([
    'event:turn/completed/payload/turn/items/0/weight',
    'event:turn/completed/payload/turn/mood',
    'result:t.run/value/items/0/weight',
  ]);
});

let goldens: string;
beforeEach(async () => {
  goldens = await mkdtemp(path.join(os.tmpdir(), 'references-'));
});
afterEach(() => rm(goldens, { recursive: true }));

const mark = (name: string): ObservationBody => ({ ch: 'mark', mark: name });
const observed = (client: string, lines: ObservationBody[]) =>
  ({
    header: {
      ...{ kind: 'observation', scenario: 'turns/plain', client, engine: 'real', engineVersion: '2.0.0' },
      paths: { root: '/c', workspace: '/c/w', home: '/c/h', codexHome: '/c/x', tmp: '/c/t', launcher: '/c/l' },
    },
    lines: lines.map((line, t) => ({ t, ...line })),
  }) as unknown as Observation;
const cell = (client: string, engineVersion = '2.0.0', round = 1) =>
  ({
    scenario: { id: 'turns/plain', title: 't', family: 'app-server', covers: [], steps: [] },
    ...{ client, engine: 'real', round, engineVersion },
  }) as unknown as CellPlan;

/** The references of a session in which each run shows what is given for it, and the runs that it was asked for. */
async function references(
  shows: (plan: CellPlan) => ObservationBody[],
  held: { client: string; lines: ObservationBody[] } | undefined,
  contract?: Contract,
) {
  if (held !== undefined)
    await writeGolden(goldenPath(goldens, 'turns/plain'), normalise(observed(held.client, held.lines)));
  const runs: string[] = [];
  const normalised = new Map<string, NormalisedObservation>();
  const checker = new WireChecker(contract ?? (await loadContract()));
  const session = {
    ...{ options: { present: ['python', 'bare'], folders: { goldens } }, ledger: [], normalised },
    observe: async (plan: CellPlan) => {
      runs.push(`${plan.client} ${plan.engineVersion} ${plan.round}`);
      return { observation: observed(plan.client, shows(plan)), raw: `raw/${runs.length}` };
    },
    checkerOf: async () => checker,
    hello: async (clients: readonly string[]) => clients.map((client) => ({ client, capabilities: ['sdk', 'rpc'] })),
  };
  return { its: new References(session as never), runs, normalised };
}
const ofPython = { client: 'python', lines: [mark('a')] };

test('the reference runs once for each engine, whoever is compared with it; its own further rounds run', async () => {
  const { its, runs, normalised } = await references(() => [mark('a')], ofPython);
  const first = await its.judge(cell('ts', '2.0.0', 2));
  expect(first).toMatchObject({ reference: 'python', raw: 'raw/2', judged: { verdict: 'match' } });
  expect(await its.judge(cell('python'))).toMatchObject({ raw: 'raw/1', judged: { verdict: 'match' }, drift: [] });
  expect(runs).toEqual(['python 2.0.0 1', 'ts 2.0.0 2']);
  expect(await its.judge(cell('python', '2.0.0', 2))).toMatchObject({ raw: 'raw/3' });
  await its.judge(cell('ts', '3.0.0'));
  expect(runs.slice(2)).toEqual(['python 2.0.0 2', 'python 3.0.0 1', 'ts 3.0.0 1']);
  // For the report, which shows what a cell was compared with.
  expect([...normalised.keys()]).toEqual(['turns/plain/python/real-2.0.0', 'turns/plain/python/real-3.0.0']);
});

test('what the reference shows otherwise than its golden is drift, and nobody’s difference', async () => {
  const { its } = await references(() => [mark('b')], ofPython);
  const { judged, drift } = await its.judge(cell('python'));
  expect(judged).toMatchObject({ verdict: 'baseline', unexplained: [] });
  expect(drift?.map(({ path: one }) => one)).toEqual(['mark:a', 'mark:b']);
  expect((await its.judge(cell('ts'))).judged).toMatchObject({ verdict: 'match', unexplained: [] });
  expect((await its.expectation(cell('python'))).lines).toMatchObject([{ key: 'a' }]);
  expect((await its.expectation(cell('ts'))).lines).toMatchObject([{ key: 'b' }]);
});

test('without a golden, whoever would record it is the reference, and a baseline', async () => {
  const { its } = await references(() => [mark('b')], undefined);
  expect(await its.judge(cell('python'))).toMatchObject({
    reference: 'python',
    judged: { verdict: 'baseline' },
    drift: [],
  });
  expect(await its.judge(cell('ts'))).toMatchObject({ reference: 'python', judged: { verdict: 'match' } });
  expect((await its.expectation(cell('python'))).lines).toMatchObject([{ key: 'b' }]);
});

test('a reference that could not run is named to those that it was for, and to itself it is its own error', async () => {
  const failing = async () => {
    const { its } = await references(({ client }) => {
      if (client === 'python') throw new CouldNotRunError('no luck', { began: true });
      return [];
    }, ofPython);
    return its;
  };
  await expect((await failing()).judge(cell('ts'))).rejects.toMatchObject({
    ...{ name: 'CouldNotRunError', began: false, cause: expect.objectContaining({ message: 'no luck' }) },
    message: 'the reference python could not run on engine 2.0.0: no luck',
  });
  await expect((await failing()).judge(cell('python'))).rejects.toMatchObject({ message: 'no luck', began: true });
});

test('a field that Python’s models lack is expected of a reference of Python’s, and of no other', async () => {
  const turn = (over: object): ObservationBody => ({
    ...{ ch: 'event', lane: 'events', method: 'turn/completed', known: true },
    payload: { threadId: '1', turn: { id: '1', status: 'completed', items: [], ...over } },
  });
  // The contract has the field, and Python's models do not.
  const contract = structuredClone(await loadContract());
  const { Turn } = contract.schema.definitions;
  if (Turn?.properties === undefined) throw new Error('the contract has no such type');
  Turn.properties.mood = {};
  const shows = ({ client }: CellPlan) => [turn(client === 'ts' ? { mood: 'good' } : {})];
  for (const [client, verdict] of [
    ['python', 'match'],
    ['bare', 'mismatch'],
  ] as const) {
    const { its } = await references(shows, { client, lines: [turn({})] }, contract);
    const judged = await its.judge(cell('ts'));
    expect([client, judged.judged.verdict]).toEqual([client, verdict]);
  }
});
