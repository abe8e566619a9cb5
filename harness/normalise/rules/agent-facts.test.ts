import { expect, test } from 'vitest';
import type { JsonValue } from '../../../testing/json/json.ts';
import type { ObservationBody, ObservationHeader } from '../../observation/types.ts';
import type { RuleContext } from '../types.ts';
import { contextEstimates, goalAccounts, nicknames, startedAgents } from './agent-facts.ts';
import { toolOutputTimes } from './times.ts';

const update = (status: string, turnId: string | null): ObservationBody => ({
  ch: 'wire.in',
  msg: { method: 'thread/goal/updated', params: { threadId: 't', turnId, goal: { status } } },
});
const dropped = (line: ObservationBody, engine = 'real') =>
  goalAccounts.apply(line, { header: { engine } as ObservationHeader });

test('what an active goal tells in a turn is dropped; its start, its end and what a script says stay', () => {
  expect(dropped(update('active', 'u'))).toBeNull();
  expect(dropped(update('active', null))).toBeUndefined();
  expect(dropped(update('complete', 'u'))).toBeUndefined();
  expect(dropped(update('active', 'u'), 'fake')).toBeUndefined();
  expect(dropped({ ch: 'wire.in', raw: 'x' })).toBeUndefined();
});

test('the answer of a goal tool to the model is the same for a goal of no time and of a second', () => {
  const place = { key: 'output', path: [], line: update('active', null) };
  const answer = (seconds: number, report: string) =>
    toolOutputTimes.apply(
      `{"goal":{"status":"complete","tokensUsed":14,"timeUsedSeconds":${seconds},"createdAt":179540435${seconds}},"completionBudgetReport":${report}}`,
      place,
      { header: {} as ObservationHeader },
    );
  expect(answer(0, 'null')).toBe(answer(1, '"it said \\"1 second\\""'));
  expect(answer(0, 'null')).toContain('"tokensUsed":14');
});

const estimated = (value: JsonValue) =>
  contextEstimates.apply(value, { key: 'last', path: [], line: {} as ObservationBody }, {} as RuleContext);

test('a total that nothing adds up to is a guess, and rounded; what was counted is left alone', () => {
  const guessed = { inputTokens: 0, outputTokens: 0, totalTokens: 6806 };
  expect(estimated(guessed)).toEqual({ ...guessed, totalTokens: 7000 });
  expect(estimated({ ...guessed, totalTokens: 0 })).toBeUndefined();
  expect(estimated({ ...guessed, totalTokens: 7000 })).toBeUndefined();
  expect(estimated({ ...guessed, inputTokens: 6806 })).toBeUndefined();
});

const told = '{"agent_id":"a","nickname":"Gauss"}';
const nicknamed = (value: string, ch: string) =>
  nicknames.apply(value, { key: 'output', path: [], line: { ch } as unknown as ObservationBody }, {} as RuleContext);

test('the nickname of a sub-agent is no matter; whatever else the model is told of it is', () => {
  expect(nicknamed(told, 'model.request')).toBe('{"agent_id":"a","nickname":"<nickname>"}');
  expect(nicknamed(told, 'wire.in')).toBeUndefined();
  expect(nicknamed('{"agent_id":"a"}', 'model.request')).toBeUndefined();
});

const statusOf = (value: string, tool: string) => {
  const item = { type: 'collabAgentToolCall', tool, agentsStates: { a: { status: value, message: null } } };
  const line: ObservationBody = { ch: 'wire.in', msg: { method: 'item/completed', params: { item } } };
  const at = ['msg', 'params', 'item', 'agentsStates', 'a', 'status'];
  return startedAgents.apply(value, { key: 'status', path: at, line }, {} as RuleContext);
};

test('an agent that was started a moment ago may be at work; one that was waited for, or has failed, is told as it is', () => {
  expect(statusOf('running', 'spawnAgent')).toBe('pendingInit');
  expect(statusOf('running', 'wait')).toBeUndefined();
  expect(statusOf('errored', 'spawnAgent')).toBeUndefined();
});
