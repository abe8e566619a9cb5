import { expect, test } from 'vitest';
import { loadContract } from '../contract/load-contract.ts';
import type { Observation, ObservationBody } from '../observation/types.ts';
import { unknownToPython } from './references.ts';

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
