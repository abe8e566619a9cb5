import { expect, test } from 'vitest';
import { asNormalised, type NormalisedLine } from '../normalise/types.ts';
import type { Observation } from '../observation/types.ts';
import { differencesOf, faultsOf } from './judge-cell.ts';

const event = (method: string): NormalisedLine => ({
  lane: 'user/events',
  ch: 'event',
  key: method,
  body: { method, payload: {} },
});
const normalised = (lines: NormalisedLine[]) =>
  asNormalised({
    header: { kind: 'golden', schemaVersion: 1, scenario: 'a/b', client: 'python', engineVersion: '1.2.3' },
    lines,
    fired: {},
  });

test('what a client did differently comes before what follows from it', () => {
  const plan = { scenario: { covers: [], steps: [] }, client: 'ts', engine: 'fake', round: 1 };
  const observation = { header: {}, lines: [{ ch: 'mark', mark: 'script miss', detail: 'turn/start never came' }] };
  const differences = differencesOf(
    plan as never,
    observation as unknown as Observation,
    normalised([event('turn/started'), { lane: 'user/main', ch: 'hang', key: 'events.await', body: {} }]),
    normalised([event('turn/started'), event('turn/completed')]),
    { checkWire: () => [] } as never,
  );
  expect(differences.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
    'missing event:turn/completed',
    'extra hang:events.await',
    'extra mark:script miss',
  ]);
});

test('the contract is asked about each line of the wire as it was, also whether it was wrong on purpose', () => {
  const asked: unknown[] = [];
  const checkWire = (wire: unknown[]) => {
    asked.push(...wire);
    return [];
  };
  const lines = [
    { ch: 'wire.out', msg: { id: 1 } },
    { ch: 'wire.in', msg: { id: 1 }, wrong: true },
    { ch: 'wire.in', raw: '{' },
    { ch: 'wire.in', msg: { type: 'turn.started' }, run: 1 },
    { ch: 'mark', mark: 'm' },
  ];
  faultsOf(
    { scenario: { covers: [], steps: [] }, engine: 'fake' } as never,
    { lines } as never,
    { checkWire } as never,
  );
  expect(asked).toEqual([
    { dir: 'out', msg: { id: 1 } },
    { dir: 'in', msg: { id: 1 }, wrong: true },
    { dir: 'in', raw: '{' },
  ]);
});
