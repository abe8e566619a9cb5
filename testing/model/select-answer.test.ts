import { expect, test } from 'vitest';
import type { JsonValue } from '../json/json.ts';
import { createAnswerScript } from './select-answer.ts';

const user = (text: string): JsonValue => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });
const assistant: JsonValue = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'beta' }] };
const output: JsonValue = { type: 'function_call_output', call_id: 'call_1', output: 'beta' };

test('answers go by the newest user text, then in order', () => {
  const script = createAnswerScript([
    { for: 'beta', message: 'b' },
    { message: '1' },
    { for: 'alpha', message: 'a' },
    { message: '2' },
  ]);
  expect(script.take({ input: [user('beta'), assistant, user('alpha'), output] })?.message).toBe('a');
  expect(script.take({ input: [user('other')] })?.message).toBe('1');
  expect(script.take({ input: [user('context'), user('beta'), output] })?.message).toBe('b');
  expect(script.unconsumed()).toEqual([{ message: '2' }]);
  expect(script.take({ input: [] })?.message).toBe('2');
  expect(script.take({ input: [] })).toBeUndefined();
});
