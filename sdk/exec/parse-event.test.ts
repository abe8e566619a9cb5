import { expect, test } from 'vitest';
import { EventParseError } from './exec-errors.ts';
import { parseEvent } from './parse-event.ts';

test.each([
  ['{"type":"thread.started"}', 'event payload (missing thread_id)'],
  ['{"type":"turn.completed"}', 'event payload (missing usage)'],
  ['{"type":"turn.failed","error":{}}', 'event payload (missing error message)'],
  ['{"type":"item.updated"}', 'item payload (expected object)'],
  ['{"type":"item.completed","item":{"id":"a"}}', 'item payload (missing type)'],
  ['{"type":"item.completed","item":{"type":"agent_message"}}', 'item payload (missing text)'],
  ['null', 'event payload (expected object)'],
])('%s is refused where a result would be wrong without it (275)', (line, what) => {
  expect(() => parseEvent(line)).toThrow(new EventParseError(`Invalid ${what}: ${line}`));
});

test('all else passes as it is (276)', () => {
  for (const line of [
    '{"type":"item.completed","item":{"type":"command_execution"}}',
    '{"type":"turn.paused","why":[1]}',
    '{"type":"error"}',
    '{"type":"turn.completed","usage":{"cache_write_input_tokens":3,"new":1}}',
  ]) {
    expect(parseEvent(line)).toEqual(JSON.parse(line));
  }
});

test('the parser’s own error is the cause of ours', () => {
  const error = (() => {
    try {
      return parseEvent('{');
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toMatchObject({ message: 'Failed to parse item: {', kind: 'protocol', cause: expect.any(SyntaxError) });
});
