import { expect, test } from 'vitest';
import { decisionOf, decisionResult, isDenial } from './decisions.ts';

const grant = { fileSystem: { write: ['/a'] } };
test.each([
  ['command', undefined, undefined],
  ['command', 'accept', undefined],
  ['command', { decision: 'decline' }, 'decline'],
  ['command', { decision: 'later' }, undefined],
  ['command', { decision: 'toString' }, undefined],
  ['command', { decision: { acceptWithExecpolicyAmendment: {} } }, 'acceptForSession'],
  ['command', { decision: { other: {} } }, undefined],
  ['fileChange', { decision: 'cancel' }, 'cancel'],
  ['mcpTool', { action: 'accept' }, 'accept'],
  ['mcpTool', { action: 'later' }, undefined],
  ['mcpTool', { decision: 'accept' }, undefined],
  ['permissions', { permissions: 7 }, undefined],
  ['permissions', { permissions: {} }, 'decline'],
  ['permissions', { permissions: { fileSystem: null } }, 'decline'],
  ['permissions', { permissions: grant }, { grant, scope: 'turn' }],
  ['permissions', { permissions: grant, scope: 'turn' }, { grant, scope: 'turn' }],
  ['permissions', { permissions: grant, scope: 'session' }, { grant, scope: 'session' }],
] as const)('the decision that an answer to %s amounts to: %j', (kind, result, decision) => {
  expect(decisionOf(kind, result)).toEqual(decision);
});

test.each([
  ['accept', false],
  ['acceptForSession', false],
  ['decline', true],
  ['cancel', true],
  [{ applyNetworkPolicyAmendment: { host: 'a', action: 'deny' } }, true],
  [{ applyNetworkPolicyAmendment: { host: 'a', action: 'allow' } }, false],
  [{ acceptWithExecpolicyAmendment: ['ls'] }, false],
  [{ grant }, false],
] as const)('whether %j is a denial', (decision, denial) => {
  expect(isDenial(decision as never)).toBe(denial);
});

test('what is granted without a scope is granted for the turn', () => {
  const request = { kind: 'permissions', permissions: {} } as never;
  expect(decisionResult(request, { grant })).toEqual({ permissions: grant, scope: 'turn' });
  expect(decisionResult(request, { grant, scope: 'session' })).toEqual({ permissions: grant, scope: 'session' });
  expect(() => decisionResult(request, { grant, scope: 'ever' })).toThrow(TypeError);
});
