import { expect, test } from 'vitest';
import { knownMethod, routeIds } from './route-ids.ts';

test.each([
  ['item/agentMessage/delta', { turnId: 't', threadId: 'th' }, 't', 'th'],
  ['turn/completed', { turn: { id: 't' }, threadId: 'th' }, 't', 'th'],
  ['turn/completed', { turnId: 't' }, 't', undefined],
  ['turn/completed', { turn: 'broken' }, undefined, undefined],
  ['thread/started', { thread: { id: 'th' } }, undefined, 'th'],
  ['thread/status/changed', { threadId: 'th', turnId: 'not of the contract' }, undefined, 'th'],
  ['hook/started', { turnId: null }, undefined, undefined],
  ['unknown/one', { turnId: 't' }, 't', undefined],
  ['unknown/one', { turn: { id: 't' } }, 't', undefined],
  ['unknown/one', { sourceTurnId: 't', turnId: 5 }, undefined, undefined],
  ['constructor', { turnId: 't' }, 't', undefined],
])('%s %j', (method, params, turnId, threadId) => {
  expect(routeIds(method, params)).toEqual({ turnId, threadId, loginId: undefined });
});

test('only the completion of a login goes to a login', () => {
  expect(routeIds('account/login/completed', { loginId: 'l' }).loginId).toBe('l');
  expect(routeIds('account/login/completed', { loginId: null }).loginId).toBeUndefined();
  expect(routeIds('mcpServer/oauthLogin/completed', { loginId: 'l' }).loginId).toBeUndefined();
});

test("raw items, which the engine's own list of notifications leaves out, are known", () => {
  expect(knownMethod('rawResponseItem/completed')).toBeDefined();
  expect(knownMethod('rawResponseItem/haiku')).toBeUndefined();
});
