import { expect, test } from 'vitest';
import type { StandingScenario, Step } from '../../scenario/types.ts';
import { caseOf, findCase, scenarioOf } from './case.ts';
import type { FaultName } from './faults.ts';
import type { GoldenScript, Position } from './script-of-golden.ts';

const steps: Step[] = [
  { call: 'codex.thread_start', as: 't' },
  { call: 't.run', as: 'result', with: { input: 'hi' } },
];
const scenario: StandingScenario = {
  id: 'turns/plain',
  title: 'A turn',
  family: 'app-server',
  covers: ['turn/start'],
  model: [{ message: 'hi' }],
  hangs: true,
  steps,
  file: '',
  idLine: 1,
  stepLines: [],
};

const at = (over: Partial<Position>): Position => ({
  ...{ step: 1, from: 'engine', message: 'item/completed:agentMessage', calls: 2, returned: false },
  ...over,
});
const script = (...positions: Position[]): GoldenScript => ({
  steps: [
    { expect: 'turn/start', as: 'r1', optional: true },
    { send: 'item/completed', params: {} },
  ],
  positions,
});
const made = (position: Position, fault: FaultName) =>
  scenarioOf(caseOf({ scenario, script: script(position) }, 0, fault));

test('a case is a scenario with a script, without what only its golden has', () => {
  const one = made(at({}), 'twice');
  expect(one).toMatchObject({ id: 'sweep/twice/item-completed-agent-message/turns-plain-0', covers: [], steps });
  expect(one?.title).toBe("turns/plain: the engine's item/completed:agentMessage (message 1) comes twice");
  expect(Object.keys(one ?? {})).not.toEqual(expect.arrayContaining(['model']));
  expect(one?.hangs).toBeUndefined();
});

test('what comes late is released once the call that needs it waits in the background', () => {
  expect(made(at({}), 'late')?.steps).toEqual([
    steps[0],
    { start: 't.run', as: 'result', with: { input: 'hi' } },
    { release: 'late' },
    { join: 'result' },
  ]);
});

test('what comes late after a call has returned is released after it', () => {
  expect(made(at({ calls: 1, returned: true }), 'late')?.steps).toEqual([steps[0], { release: 'late' }, steps[1]]);
});

test('nothing can be released while the client is being opened', () => {
  expect(made(at({ calls: 0 }), 'late')).toBeUndefined();
});

const gone = { 'await-exit': 'engine' } as const;

test('a user whose engine dies calls nothing more before that', () => {
  expect(made(at({ step: 0, from: 'client', message: 'turn/start' }), 'killed')?.steps).toEqual([
    steps[0],
    gone,
    steps[1],
  ]);
  expect(made(at({ calls: 1, message: 'thread/started' }), 'killed')?.steps).toEqual([steps[0], gone, steps[1]]);
  // A reply is no call: what comes after it waits.
  const reply = { from: 'client', message: 'answer item/tool/call' } as const;
  expect(made(at({ ...reply, calls: 1 }), 'killed')?.steps).toEqual([steps[0], gone, steps[1]]);
  expect(made(at({}), 'killed')?.steps).toEqual(steps);
});

test('an engine dies while the client is being opened only where the client waits for it', () => {
  expect(made(at({ calls: 0, message: 'answer initialize' }), 'killed')?.steps).toEqual(steps);
  expect(made(at({ calls: 0, message: 'remoteControl/status/changed' }), 'killed')).toBeUndefined();
  expect(made(at({ calls: 0, from: 'client', message: 'initialized' }), 'killed')).toBeUndefined();
});

test('what only chance says of an official client, ours plays alone', () => {
  expect(made(at({}), 'invalid-utf8')?.clients).toEqual(['ts']);
  expect(made(at({}), 'twice')?.clients).toBeUndefined();
});

test('a case that does not exist is refused', () => {
  const cases = [caseOf({ scenario, script: script(at({})) }, 0, 'twice')];
  expect(findCase(cases, cases[0]?.id ?? '')).toBe(cases[0]);
  expect(() => findCase(cases, 'sweep/twice/x')).toThrow(
    /looking for a run of the sweep: expected .*, got sweep\/twice\/x/i,
  );
});
