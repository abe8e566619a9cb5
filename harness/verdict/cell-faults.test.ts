import { expect, it } from 'vitest';
import type { ObservationLine } from '../observation/types.ts';
import type { Scenario } from '../scenario/types.ts';
import { cellFaults } from './cell-faults.ts';

const scenario: Scenario = {
  id: 's/s',
  title: 's',
  family: 'app-server',
  covers: ['turn/start', 'item:agentMessage', 'fault:hang'],
  steps: [],
};
const lines: ObservationLine[] = [
  { t: 1, ch: 'wire.out', msg: { id: 1, method: 'turn/start', params: {} } },
  { t: 2, ch: 'wire.in', msg: { method: 'item/completed', params: { item: { type: 'agentMessage' } } } },
];
const shows = () => true;
const keys = (extra: ObservationLine[], given = lines) =>
  cellFaults(scenario, [...given, ...extra], [], shows).map(({ key }) => key);

it('finds nothing in a run that did what it is for', () => expect(keys([])).toEqual([]));

it('names what a scenario did not exercise, faults that the run can show among it', () => {
  expect(keys([], lines.slice(0, 1))).toEqual(['covers not exercised']);
  const missing = (showsFault: () => boolean | undefined) => cellFaults(scenario, lines, [], showsFault);
  expect(missing(() => false)).toMatchObject([{ key: 'covers not exercised', actual: ['fault:hang'] }]);
  expect(missing(() => undefined)).toEqual([]);
});

it('names what was left behind and a model script that does not fit', () => {
  expect(
    keys([
      { t: 3, ch: 'rest', processes: ['sleep 99'], files: [] },
      { t: 4, ch: 'mark', mark: 'unscripted model request 2' },
      { t: 5, ch: 'mark', mark: 'unconsumed model answer 1' },
    ]),
  ).toEqual(['left behind', 'unscripted model request', 'unconsumed model answer']);
});

it('names a message outside the contract with its blame', () => {
  const finding = { blame: 'client' as const, method: 'turn/start', path: '/params', message: 'm' };
  expect(cellFaults(scenario, lines, [finding], shows).map(({ key }) => key)).toEqual(['contract, blame client']);
});

it('names a request whose id an earlier one had, in the same engine', () => {
  const again: ObservationLine = { t: 3, ch: 'wire.out', msg: { id: 1, method: 'turn/interrupt', params: {} } };
  expect(cellFaults(scenario, [...lines, again], [], shows)).toMatchObject([
    { key: 'request id used again', actual: ['turn/interrupt'] },
  ]);
  expect(keys([{ t: 3, ch: 'argv', argv: [] }, again])).toEqual([]);
});

it('names a script that the client did not follow, or never started', () => {
  const scripted = { ...scenario, covers: [], script: [{ auto: ['model/list'] }, { start: 2 }, { exit: 0 }] };
  const started = { t: 1, ch: 'argv' as const, argv: ['codex', 'app-server'] };
  const miss = { t: 2, ch: 'mark' as const, mark: 'script miss', detail: { text: 'too much' } };
  expect(cellFaults(scripted, [started, started], [], shows)).toEqual([]);
  expect(cellFaults(scripted, [started, miss], [], shows).map(({ key, actual }) => [key, actual])).toEqual([
    ['script miss', { text: 'too much' }],
    ['script miss', 'the client starts the engine 1 times; the script does so 2 times'],
  ]);
});

it('names what a client of ours holds beyond what its scenario says, and what a closed one holds at all', () => {
  const open = (held: Record<string, number>): ObservationLine => ({ t: 3, ch: 'rest', when: 'open', held });
  const closed: ObservationLine = { t: 4, ch: 'rest', when: 'closed', held: { timers: 1, 'TurnRouter.#ended': 7 } };
  const found = (given: ObservationLine[], rest: Record<string, number>) =>
    cellFaults({ ...scenario, rest }, [...lines, ...given], [], shows).map(({ key, actual, expected }) => [
      key,
      actual,
      expected,
    ]);
  const turn = {
    'TurnRouter.#logs': 1,
    'TurnContexts.#turns': 1,
    'TurnRouter.#ended': 3,
    'RequestBroker.#reviewers': 1,
  };
  expect(found([open({})], {})).toEqual([]);
  expect(found([open(turn)], { turns: 1 })).toEqual([]);
  expect(found([open(turn)], {})).toEqual([['held at the end', { turns: 1 }, {}]]);
  expect(found([open({ ...turn, 'Connection.#pending': 2 })], { turns: 1, waits: 1 })).toEqual([
    ['held at the end', { waits: 2 }, { turns: 1, waits: 1 }],
  ]);
  // Turns that nobody here has started are kept on purpose.
  expect(found([open({ 'TurnRouter.#logs': 2, 'TurnRouter.#foreign': 2 })], {})).toEqual([]);
  expect(found([closed], { timers: 1 })).toEqual([['held by a closed client', { timers: 1 }, {}]]);
});
