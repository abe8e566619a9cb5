import { expect, test } from 'vitest';
import { elicitationResult, permissionsResult, tokenRefreshResult, userInputResult } from './other-requests.ts';

const questions = { questions: [{ id: 'a' }, { id: 'b' }] } as never;

test('an answer to questions is one text or several, by id; what was not asked is refused', () => {
  expect(userInputResult(questions, { a: 'one', b: ['two', 'three'] })).toEqual({
    answers: { a: { answers: ['one'] }, b: { answers: ['two', 'three'] } },
  });
  expect(userInputResult(questions, {})).toEqual({ answers: {} });
  for (const wrong of ['one', null, { a: 7 }, { a: ['one', 7] }, { a: { answers: ['one'] } }])
    expect(() => userInputResult(questions, wrong)).toThrow('onUserInput');
  expect(() => userInputResult(questions, { c: 'one' })).toThrow('expected the ids of questions (a, b), got c');
  for (const none of [{}, { questions: null }])
    expect(() => userInputResult(none as never, { a: 'x' })).toThrow('got a');
});

test.each([
  [{ action: 'accept' }, {}],
  [{ action: 'accept', content: null }, {}],
  [{ action: 'accept', content: { a: 1 } }, { a: 1 }],
  [{ action: 'decline' }, null],
  [{ action: 'cancel', content: null }, null],
])('the answer %j to a form has its content where it accepts', (answer, content) => {
  expect(elicitationResult(answer)).toEqual({ action: answer.action, content, _meta: null });
});

test.each([
  undefined,
  'accept',
  {},
  { action: 'later' },
  { action: 'decline', content: { a: 1 } },
  { action: 'accept', content: 7 },
  { action: 'accept', more: 1 },
])('%j is no answer to a form', (answer) => {
  expect(() => elicitationResult(answer)).toThrow('onElicitation');
});

test('permissions have a scope, and perhaps a strict review', () => {
  for (const fine of [
    { permissions: {} },
    { permissions: {}, scope: 'session' },
    { permissions: {}, strictAutoReview: null },
    { permissions: {}, strictAutoReview: true },
  ])
    expect(permissionsResult(fine)).toBe(fine);
  for (const wrong of [
    undefined,
    {},
    { permissions: 7 },
    { permissions: {}, scope: 'ever' },
    { permissions: {}, strictAutoReview: 'yes' },
    { permissions: {}, more: 1 },
  ])
    expect(() => permissionsResult(wrong)).toThrow('onPermissions');
});

test('tokens are two strings, and perhaps a plan; what was given instead is not shown', () => {
  const tokens = { accessToken: 'secret', chatgptAccountId: 'id' };
  for (const fine of [tokens, { ...tokens, chatgptPlanType: null }, { ...tokens, chatgptPlanType: 'pro' }])
    expect(tokenRefreshResult(fine)).toBe(fine);
  for (const wrong of [undefined, 'secret', { accessToken: 'secret' }, { ...tokens, chatgptPlanType: 7 }]) {
    expect(() => tokenRefreshResult(wrong)).toThrow('onTokenRefresh');
    expect(() => tokenRefreshResult(wrong)).not.toThrow(/secret/);
  }
  expect(() => tokenRefreshResult({})).toThrow('got an object with nothing');
});
