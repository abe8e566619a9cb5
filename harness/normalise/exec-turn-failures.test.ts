import { expect, test } from 'vitest';
import { isObject, type JsonObject } from '../../testing/json/json.ts';
import type { ClientId } from '../clients/clients.ts';
import type { ObservationBody } from '../observation/types.ts';
import { settleExits, settleTurnFailures } from './exec-turn-failures.ts';

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

const failed = (run: number) => read({ ch: 'wire.in', msg: { type: 'turn.failed' }, run });
const exit = (run: number, code: number | null, signal: string | null) => read({ ch: 'exit', code, signal, run });
const settled = (...lines: ReturnType<typeof read>[]) =>
  settleExits(lines).flatMap(({ body, value }) => (body.ch === 'exit' ? [value] : []));

test('after a failed turn leaving with 1 and being killed are one; whatever else is not', () => {
  const same = { code: '<failed>', signal: null };
  expect(settled(failed(1), exit(1, 1, null))).toEqual([{ ...same, run: 1 }]);
  expect(settled(failed(1), exit(1, null, 'SIGTERM'))).toEqual([{ ...same, run: 1 }]);
  expect(settled(failed(1), exit(1, 0, null))).toEqual([{ code: 0, signal: null, run: 1 }]);
  expect(settled(failed(1), exit(1, null, 'SIGSEGV'))).toEqual([{ code: null, signal: 'SIGSEGV', run: 1 }]);
});

test('the exit of another run stands as it was', () => {
  expect(settled(failed(1), exit(2, 1, null))).toEqual([{ code: 1, signal: null, run: 2 }]);
});
