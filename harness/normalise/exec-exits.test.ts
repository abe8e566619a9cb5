import { expect, test } from 'vitest';
import type { JsonObject } from '../../testing/json/json.ts';
import type { ObservationBody } from '../observation/types.ts';
import { settleExits } from './exec-exits.ts';

const read = (body: ObservationBody) => {
  const { ch: _ch, ...value } = body as unknown as JsonObject;
  return { body, value, volatile: [] };
};
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
