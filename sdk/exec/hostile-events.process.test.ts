import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CodexError } from '../errors/codex-error.ts';
import { Codex } from './codex.ts';
import { type Action, childEngine, ownTemporaryFolder } from './test-fixtures/child-engine.ts';

ownTemporaryFolder();

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>('agent_message', 'text', { toString: 1, valueOf: 2 }, { message: 'm' }, [[]], 1e300),
);
const item = fc.record(
  {
    id: value,
    type: fc.oneof(fc.constantFrom('agent_message', 'command_execution', 'of_no_engine'), value),
    text: value,
  },
  { requiredKeys: ['type'] },
);
const event = fc.record(
  {
    type: fc.constantFrom(
      'thread.started',
      'turn.completed',
      'turn.failed',
      'item.completed',
      'error',
      'error',
      'other',
      '__proto__',
    ),
    thread_id: fc.oneof(fc.constant('th'), value),
    item: fc.oneof(item, value),
    usage: fc.oneof(fc.constant({}), value),
    message: value,
    error: fc.oneof(value, fc.record({ message: value })),
  },
  { requiredKeys: ['type', 'thread_id', 'usage', 'item'] },
);

test('events with any values in their fields make a turn, or a CodexError', async () => {
  const batches = fc.array(event, { minLength: 1, maxLength: 3 });
  const outcomes = { turns: 0, errors: 0 };
  await fc.assert(
    fc.asyncProperty(batches, fc.constantFrom(0, 1), async (events, code) => {
      const actions: Action[] = [...events.map((one) => ({ say: JSON.stringify(one) })), { exit: code }];
      try {
        await new Codex(childEngine(actions)).startThread().run('hi');
        outcomes.turns += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(CodexError);
        outcomes.errors += 1;
      }
    }),
    { numRuns: 60 },
  );
  expect(Math.min(outcomes.turns, outcomes.errors)).toBeGreaterThan(3);
});
