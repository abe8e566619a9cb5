import { expect, test } from 'vitest';
import type { JsonValue } from '../../../testing/json/json.ts';
import type { ObservationBody } from '../../observation/types.ts';
import { drop, type RuleContext } from '../types.ts';
import { fieldsUnknownToPython } from './host.ts';

const result = (op: string): ObservationBody => ({ ch: 'result', lane: 'main', op, value: {} });
const applied = (line: ObservationBody, value: JsonValue, ...path: string[]) =>
  fieldsUnknownToPython.apply(value, { key: path.at(-1), path, line }, {} as RuleContext);

test('the workspace of an account is dropped from what account() gives, at its place there and nowhere else', () => {
  expect(applied(result('codex.account'), null, 'value', 'workspaceRouting')).toBe(drop);
  expect(applied(result('codex.request'), null, 'value', 'workspaceRouting')).toBeUndefined();
  expect(applied(result('codex.account'), null, 'value', 'account', 'workspaceRouting')).toBeUndefined();
  expect(applied(result('codex.account'), null, 'value', 'requiresOpenaiAuth')).toBeUndefined();
  expect(applied({ ch: 'wire.in', msg: {} }, null, 'value', 'workspaceRouting')).toBeUndefined();
});

test("a thread's fields are dropped where a thread stands, in pages of a list too", () => {
  expect(applied({ ...result('t.read') }, {}, 'value', 'thread', 'extra')).toBe(drop);
  expect(applied(result('codex.thread_list'), {}, 'value', 'data', '0', 'extra')).toBe(drop);
  expect(applied(result('codex.models'), {}, 'value', 'data', '0', 'extra')).toBeUndefined();
});
