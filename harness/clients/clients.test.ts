import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  capabilitiesOf,
  clientFacts,
  clientIds,
  clientsWhere,
  clientTable,
  families,
  type GuestId,
  isGuest,
  ourClient,
  referenceOrder,
} from './clients.ts';

test('each client has a place of its own as reference: official ones first, ours last', () => {
  const makers = referenceOrder.map((id) => clientTable[id].maker);
  expect(new Set(referenceOrder.map((id) => clientTable[id].reference)).size).toBe(clientIds.length);
  expect(makers).toEqual([...makers].sort((a, b) => (a === b ? 0 : a === 'official' || b === 'ours' ? -1 : 1)));
});

test('each family has one client of ours, and an official one', () => {
  for (const family of families) {
    const ours = clientsWhere((client) => client.family === family && client.maker === 'ours');
    expect(ours).toEqual([ourClient(family)]);
    expect(clientsWhere((client) => client.family === family && client.maker === 'official')).not.toEqual([]);
  }
});

/**
 * Said a second time, because drivers of TypeScript declare what the table says: one that is said to be able to do what
 * it cannot would play scenarios that are not for it, and a maker decides what counts as parity.
 */
test.each([
  ['python', 'app-server official', ['sdk', 'server-requests']],
  ['python-async', 'app-server official', ['sdk', 'cancel', 'server-requests']],
  ['ts', 'app-server ours', ['sdk', 'rpc', 'cancel', 'server-requests']],
  ['bare', 'app-server none', ['rpc', 'server-requests', 'error-replies']],
  ['ts-official', 'exec official', ['sdk', 'cancel']],
  ['python-exec', 'exec official', ['sdk', 'cancel']],
  ['ts-exec', 'exec ours', ['sdk', 'cancel']],
] as const)('%s is of %s and can %j', (id, as, can) => {
  const { family, maker } = clientTable[id];
  expect([`${family} ${maker}`, capabilitiesOf(id)]).toEqual([as, can]);
});

test('the order of the references is that in which goldens were recorded', () => {
  expect(referenceOrder).toEqual(['python', 'python-async', 'ts-official', 'python-exec', 'bare', 'ts', 'ts-exec']);
});

test('a name that is in no table is a guest’s, and its end tells its family', () => {
  expect(clientFacts('go' as GuestId)).toEqual({ family: 'app-server', maker: 'guest', language: 'other' });
  expect(clientFacts('go-exec' as GuestId).family).toBe('exec');
  expect([isGuest('go'), isGuest('Go'), isGuest('ts'), isGuest('toString')]).toEqual([true, false, false, false]);
});

/** What is of certain clients by its nature: their drivers, their idioms, their faults. */
const ofCertainClients = [
  'clients/clients.ts',
  'driver/bare/',
  'driver/exec/',
  'driver/ts/',
  // Which clients are played beside each other, and which of them is broken on purpose.
  'explore/fuzz/',
  'explore/interleave/interleave.ts',
  'explore/sweep/case.ts',
  'explore/worker/play-order.ts',
  'normalise/settle.ts',
  'normalise/rules/error-idioms.ts',
  'proofs/mutation/worker/run-order.ts',
  'proofs/sensitivity/faulty-clients/',
];

test('nothing else knows a client by its name', () => {
  const harness = path.join(import.meta.dirname, '..');
  const sources = readdirSync(harness, { recursive: true, encoding: 'utf8' })
    .map((name) => name.split(path.sep).join('/'))
    .filter((name) => /\.tsx?$/.test(name) && !/\.(?:test|spec)\.ts$|test-fixtures\/|report\/browser\//.test(name))
    .filter((name) => !ofCertainClients.some((known) => name.startsWith(known)));
  // `loader: 'ts'` is esbuild's, `'.ts'` a file's.
  const name = new RegExp(`(?<!loader: |\\? \\()['"](?:${clientIds.filter((id) => id !== 'python').join('|')})['"]`);
  expect(sources.filter((file) => name.test(readFileSync(path.join(harness, file), 'utf8')))).toEqual([]);
});
