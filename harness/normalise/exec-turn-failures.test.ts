import { expect, test } from 'vitest';
import type { JsonObject } from '../../testing/json/json.ts';
import { isObject } from '../../testing/json/json.ts';
import type { ClientId } from '../clients/clients.ts';
import type { ObservationBody } from '../observation/types.ts';
import { settleTurnFailures } from './exec-turn-failures.ts';

const read = (body: ObservationBody) => {
  const { ch: _ch, ...value } = body as unknown as JsonObject;
  return { body, value, volatile: [] };
};

/** The class of an error of `op` in a run whose turn failed with "no more". */
function classOf(client: ClientId, name: string, message: string, op = 't.run'): unknown {
  const failed = read({ ch: 'wire.in', msg: { type: 'turn.failed', error: { message: 'no more' } }, run: 1 });
  const thrown = read({ ch: 'error', lane: 'main', op, error: { class: name, message } });
  const error = settleTurnFailures([failed, thrown], client)[1]?.value.error;
  return isObject(error) ? error.class : undefined;
}

test('the plain Error of a failed turn, told by what the engine said of it, is what the others call it', () => {
  expect(classOf('ts-official', 'Error', 'no more')).toBe('ThreadRunError');
});

test('any other plain Error is one, and so is that of a client which has the class', () => {
  expect(classOf('ts-official', 'Error', 'no mores')).toBe('Error');
  expect(classOf('ts-official', 'TypeError', 'no more')).toBe('TypeError');
  expect(classOf('ts-official', 'Error', 'no more', 't.run_streamed')).toBe('Error');
  expect(classOf('ts-exec', 'Error', 'no more')).toBe('Error');
  expect(classOf('python-exec', 'CodexExecError', 'no more')).toBe('CodexExecError');
});
