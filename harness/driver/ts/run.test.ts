import { expect, test } from 'vitest';
import type { JsonObject } from '../../../testing/json/json.ts';
import type { AnswerRule } from '../../scenario/types.ts';
import type { AskedRequest } from './adapter.ts';
import { answererOf } from './run.ts';

function handler(rules: AnswerRule[]) {
  const seen: [AskedRequest, JsonObject][] = [];
  const latches: string[] = [];
  const answer = answererOf(rules, {
    build: (value) => ({ built: value }),
    observe: (request, reply) => void seen.push([request, reply]),
    awaitLatch: async (latch) => void latches.push(latch),
  });
  if (answer === undefined) throw new Error('no handler');
  return { ask: (params: JsonObject, method = 'a') => answer({ method, params }), seen, latches };
}

test('the first rule that matches and is not used up answers; what none is for is left to the client', async () => {
  const { ask, seen } = handler([
    { to: 'b', reply: 0 },
    { to: 'a', match: { 'x.y': 1 }, times: 1, reply: { n: 1 }, wrong: true },
    { to: 'a', match: { x: { y: 1 } }, error: { code: -1, message: 'no' } },
  ]);
  expect(await ask({ x: { y: 1 } })).toEqual({ result: { built: { n: 1 } } });
  expect(await ask({ x: { y: 1 } })).toEqual({ error: { code: -1, message: 'no' } });
  expect(await ask({ x: { y: 2 } })).toBeUndefined();
  expect(seen.map(([, reply]) => reply)).toEqual([
    { reply: { n: 1 } },
    { error: { code: -1, message: 'no' } },
    { default: true },
  ]);
});

test('a held answer waits for its latch, a failing handler fails with the text', async () => {
  const { ask, latches } = handler([
    { to: 'a', hold: 'go', reply: null },
    { to: 'b', throws: 'out of order' },
  ]);
  expect(await ask({})).toEqual({ result: { built: null } });
  expect(latches).toEqual(['go']);
  await expect(ask({}, 'b')).rejects.toThrow('out of order');
});

test('without rules there is no handler', () => {
  const context = { build: () => null, observe: () => undefined, awaitLatch: async () => undefined };
  expect(answererOf(undefined, context)).toBeUndefined();
});
