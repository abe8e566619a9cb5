import { expect, test } from 'vitest';
import type { ObservationBody } from '../../observation/types.ts';
import type { RuleContext } from '../types.ts';
import { nicknames } from './nickname.ts';

const told = '{"agent_id":"a","nickname":"Gauss"}';
const apply = (value: string, ch: string) =>
  nicknames.apply(value, { key: 'output', path: [], line: { ch } as unknown as ObservationBody }, {} as RuleContext);

test('the nickname of a sub-agent is no matter; whatever else the model is told of it is', () => {
  expect(apply(told, 'model.request')).toBe('{"agent_id":"a","nickname":"<nickname>"}');
  expect(apply(told, 'wire.in')).toBeUndefined();
  expect(apply('{"agent_id":"a"}', 'model.request')).toBeUndefined();
});
