import { expect, test } from 'vitest';
import { compare } from '../../compare/compare.ts';
import { asNormalised, type NormalisedLine, type NormalisedObservation } from '../../normalise/types.ts';
import type { StandingScenario } from '../../scenario/types.ts';
import { failingLine } from './failing-line.ts';

const scenario: StandingScenario = {
  id: 'turns/x',
  title: 'X',
  family: 'app-server',
  covers: [],
  file: '/x.yaml',
  idLine: 2,
  steps: [
    { call: 'codex.thread_start', as: 't' },
    { call: 't.turn', as: 'h' },
    { start: 'h.stream', as: 'events' },
    { release: 'go' },
    { call: 't.read' },
    { call: 't.read' },
    { close: 'codex' },
  ],
  stepLines: [10, 11, 12, 13, 14, 15, 16],
};

const call = (lane: string, op: string): NormalisedLine => ({ lane: `user/${lane}`, ch: 'call', key: op, body: {} });
const line = (lane: string, ch: NormalisedLine['ch'], key: string, body = {}): NormalisedLine => ({
  lane,
  ch,
  key,
  body,
});
const observed = (lines: NormalisedLine[]): NormalisedObservation =>
  asNormalised({
    header: { kind: 'golden', schemaVersion: 1, scenario: 'turns/x', client: 'python', engineVersion: '1' },
    lines,
    fired: {},
  });

const lines = [
  line('argv', 'argv', 'argv', { argv: [] }),
  call('t', 'codex.thread_start'),
  line('out/-', 'wire.out', 'thread/start'),
  call('h', 't.turn'),
  call('events', 'h.stream'),
  call('main', 't.read'),
  line('user/events', 'event', 'turn/started'),
  line('user/events~thread/started', 'event', 'thread/started'),
  call('main', 't.read'),
  line('user/main', 'result', 't.read'),
  call('main', 'codex.close'),
];

/** The line said to fail when the golden's line `at` is not what it was, or is gone. */
function lineWhere(at: number, becomes: NormalisedLine[]): number {
  const golden = observed(lines);
  const observation = observed(lines.toSpliced(at, 1, ...becomes));
  const [difference] = compare(golden, observation);
  return failingLine(scenario, { difference, golden, observation });
}
const changed = (at: number): number => lineWhere(at, [{ ...(lines[at] as NormalisedLine), body: { changed: true } }]);

test('a call, what it gave and what it sent are of its step', () => {
  expect(changed(1)).toBe(10);
  expect(changed(2)).toBe(10);
  expect(changed(8)).toBe(15);
  expect(changed(9)).toBe(15);
  expect(changed(10)).toBe(16);
});

test('an event is of the step that began its stream, also one that floats beside it', () => {
  expect(changed(6)).toBe(12);
  expect(changed(7)).toBe(12);
  expect(lineWhere(6, [])).toBe(12);
});

test('what is too much is placed by what the client did before it', () => {
  expect(lineWhere(9, [lines[9] as NormalisedLine, line('out/-', 'wire.out', 'odd')])).toBe(15);
});

test('a hang names its step, and what no step is behind stands at the id', () => {
  const hang = { kind: 'extra', lane: 'user/go', ch: 'hang', key: 'control.release', path: '', actualLine: 0 } as const;
  const where = (step: number) =>
    failingLine(scenario, { difference: { ...hang, actual: { step } }, golden: undefined, observation: undefined });
  expect(where(3)).toBe(13);
  expect(where(-1)).toBe(2);
  expect(changed(0)).toBe(2);
  expect(failingLine(scenario, { difference: undefined, golden: undefined, observation: undefined })).toBe(2);
});
