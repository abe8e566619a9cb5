import { expect, test } from 'vitest';
import type { ObservationBody, ObservationHeader } from '../../observation/types.ts';
import { goalAccounts } from './goal-accounts.ts';
import { toolOutputTimes } from './times.ts';

const update = (status: string, turnId: string | null): ObservationBody => ({
  ch: 'wire.in',
  msg: { method: 'thread/goal/updated', params: { threadId: 't', turnId, goal: { status } } },
});
const apply = (line: ObservationBody, engine = 'real') =>
  goalAccounts.apply(line, { header: { engine } as ObservationHeader });

test('what an active goal tells in a turn is dropped; its start, its end and what a script says stay', () => {
  expect(apply(update('active', 'u'))).toBeNull();
  expect(apply(update('active', null))).toBeUndefined();
  expect(apply(update('complete', 'u'))).toBeUndefined();
  expect(apply(update('active', 'u'), 'fake')).toBeUndefined();
  expect(apply({ ch: 'wire.in', raw: 'x' })).toBeUndefined();
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
