import { describe, expect, test } from 'vitest';
import type { ObservationBody } from '../observation/types.ts';
import type { Scenario, Step } from '../scenario/types.ts';
import { OwedLine } from './owed-line.ts';

const steps: Step[] = [
  { call: 'codex.thread_start', as: 't' },
  { call: 't.turn', as: 'h' },
  { start: 'h.stream', as: 'e' },
  { await: 'e', match: { method: 'x' } },
  { join: 'e' },
  { call: 't.id' },
  { close: 'codex' },
];

const call = (lane: string, op: string): ObservationBody => ({ ch: 'call', lane, op, args: {} });
const result = (lane: string, op: string): ObservationBody => ({ ch: 'result', lane, op, value: null });
const error = (lane: string, op: string): ObservationBody => ({
  ch: 'error',
  lane,
  op,
  error: { class: 'E', message: 'no' },
});
const event: ObservationBody = { ch: 'event', lane: 'e', method: 'x', payload: {}, known: true };
const hang: ObservationBody = { ch: 'hang', lane: 'main', op: 'e.await', step: 3 };
const whole = [
  ...[call('t', 'codex.thread_start'), result('t', 'codex.thread_start')],
  ...[call('h', 't.turn'), result('h', 't.turn'), call('e', 'h.stream')],
  ...[event, call('main', 't.id'), result('main', 't.id'), call('main', 'codex.close'), result('main', 'codex.close')],
];

const owed = (lines: readonly ObservationBody[], more: Partial<Scenario> = {}) => {
  const all = new OwedLine({ steps, ...more }, { stepMs: 10, openingMs: 20, closingMs: 30, graceMs: 1 });
  for (const line of lines) all.take(line);
  return all.owed;
};

describe('what a driver owes next', () => {
  test.each<[string, readonly ObservationBody[], string, number]>([
    ['at first', [], '"call" of codex.thread_start on lane t (step 0), or an "error" of Codex on lane main', 21],
    ['in a call', whole.slice(0, 1), '"result" or "error" of codex.thread_start on lane t (step 0), or a "hang"', 11],
    ['between calls', whole.slice(0, 2), '"call" of t.turn on lane h (step 1)', 11],
    ['before what only waits', whole.slice(0, 5), '"call" of t.id on lane main (step 5), or a "hang"', 21],
    ['after an event', whole.slice(0, 6), '"call" of t.id on lane main (step 5), or a "hang"', 21],
    ['at the end', whole, '"done"', 31],
    ['after a hang', [...whole.slice(0, 5), hang], '"done" after its "hang"', 31],
    ['after a client that cannot start', [error('main', 'Codex')], '"done" after the error of "Codex"', 31],
    // Nothing that builds on it is performed.
    [
      'after a failed call',
      [call('t', 'codex.thread_start'), error('t', 'codex.thread_start')],
      '"call" of codex.close on lane main (step 6), or a "hang"',
      21,
    ],
  ])('%s', (_, lines, line, withinMs) => expect(owed(lines)).toEqual({ line, withinMs }));

  test('the scenario’s own deadline counts, and a last step that waits', () => {
    expect(owed([], { deadlineMs: 40 }).withinMs).toBe(41);
    expect(owed(whole.slice(0, 5), { steps: steps.slice(0, 4) })).toEqual({
      line: '"done", or a "hang"',
      withinMs: 41,
    });
  });
});
