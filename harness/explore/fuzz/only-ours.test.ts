import { expect, test } from 'vitest';
import { TurnHandle } from '../../../sdk/client/turn-handle.ts';
import { everything, readers, withOnlyOurs } from './only-ours.ts';

/** What reads the turn in another way, or is drawn as a call of the client's own. */
const others = ['constructor', 'id', 'run', 'stream', 'steer', 'interrupt', 'state', 'toReadableStream'];

test('whatever a handle of a turn has is drawn', () => {
  const members = Object.getOwnPropertyNames(TurnHandle.prototype);
  expect(members).toContain('states');
  expect(members.filter((name) => !others.includes(name) && !readers.some((reader) => reader === name))).toEqual([]);
});

test('readers stand behind the handle that they read, and each has ended once the client is closed', () => {
  const scenario = withOnlyOurs(
    {
      ...{ id: 'found/one', title: 'one', family: 'app-server', covers: [], script: [] },
      steps: [
        { call: 'codex.models', as: 'c1' },
        { call: 't.turn', as: 'h' },
        { call: 't.start_goal', as: 'g' },
        { call: 'h.run', as: 'r1' },
      ],
    },
    everything,
  );
  expect(scenario.clients).toEqual(['ts']);
  const text = scenario.steps.map((step) => Object.values(step).slice(0, 1).join());
  expect(text.slice(0, 2)).toEqual(['codex.notifications', 'codex.next_notification']);
  expect(text).toEqual(expect.arrayContaining(['t.turn', 'h.text', 'h.items', 'h.states']));
  expect(text).toEqual(expect.arrayContaining(['h.to_readable_stream', 'codex.wait_for_turn_completed', 't.attach']));
  expect(text).toEqual(expect.arrayContaining(['g.text', 'h.state', 'r1.turn_usage', 'codex.next_notification']));
  expect(text).not.toContain('g.states');
  expect(scenario.steps).toContainEqual({ call: 'codex.models', as: 'c1', with: { timeout_ms: 600_000 } });
  expect(scenario.script.map((step) => ('raw' in step ? step.raw : ''))).toEqual([
    '{"method":"thread/tokenUsage/updated","params":{}}\n',
    '{"method":"item/completed","params":null}\n',
  ]);
  const begun = scenario.steps.flatMap((step) => ('start' in step ? [step.as] : []));
  const end = scenario.steps.findIndex((step) => 'close' in step);
  expect(scenario.steps.slice(end + 1)).toEqual(begun.map((join) => ({ join })));
});
