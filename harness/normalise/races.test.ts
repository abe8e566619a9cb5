import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../testing/json/json.ts';
import type { ObservationBody } from '../observation/types.ts';
import { lateUnloads, settleRaces } from './races.ts';

const said = (msg: JsonObject): ObservationBody => ({ ch: 'wire.in', msg });
const asked = (id: number, method: string): ObservationBody => ({
  ch: 'wire.out',
  msg: { id, method, params: { threadId: 'one', turnId: 't' } },
});
const turn = (method: string, id: string, status = 'completed') =>
  said({ method, params: { threadId: 'one', turn: { id, status } } });
const answer = (id: number, turnId: string) => said({ id, result: { turn: { id: turnId } } });
const usage = (turnId: string) => said({ method: 'thread/tokenUsage/updated', params: { threadId: 'one', turnId } });
const shown = (turnId: string): ObservationBody => ({
  ch: 'event',
  lane: 'e',
  method: 'thread/tokenUsage/updated',
  payload: { threadId: 'one', turnId },
  known: true,
});
const limits = said({ method: 'account/rateLimits/updated', params: {} });
const settled = (lines: ObservationBody[]) => settleRaces(lines).order.map((index) => lines[index]);

test('an answer that comes after its turn has begun stands before the beginning, and no other one does', () => {
  const [start, begun, over] = [asked(1, 'turn/start'), turn('turn/started', 't'), turn('turn/completed', 't')];
  const inOrder = [start, answer(1, 't'), begun, over];
  expect(settled(inOrder)).toEqual(inOrder);
  expect(settled([start, begun, over, answer(1, 't')])).toEqual(inOrder);
  const joined = [asked(2, 'turn/start'), answer(2, 't')];
  expect(settled([start, begun, answer(1, 't'), ...joined, over])).toEqual([...inOrder.slice(0, -1), ...joined, over]);
  const both = [start, asked(2, 'turn/start'), answer(1, 't'), answer(2, 't'), begun];
  expect(settled([...both.slice(0, 2), begun, ...both.slice(2, -1)])).toEqual(both);
  const ofAnother = [asked(1, 'turn/steer'), begun, answer(1, 't')];
  expect(settled(ofAnother)).toEqual(ofAnother);
});

test('the answers to a steer and to a start of the queue are late in the same way', () => {
  const queued = [asked(1, 'thread/queue/start'), answer(1, 't'), turn('turn/started', 't')] as const;
  expect(settled([queued[0], queued[2], queued[1]])).toEqual(queued);
  const item = (type: string, turnId = 't') => said({ method: 'item/started', params: { turnId, item: { type } } });
  const steered = said({ id: 2, result: { turnId: 't' } });
  const [before, steer, other, text] = [
    item('userMessage'),
    asked(2, 'turn/steer'),
    item('agentMessage'),
    item('userMessage'),
  ];
  expect(settled([before, steer, other, text, steered])).toEqual([before, steer, other, steered, text]);
  const ofAnother = [before, steer, item('userMessage', 'u'), other, steered];
  expect(settled(ofAnother)).toEqual(ofAnother);
  const refused = [steer, text, said({ id: 2, error: { code: -32600, message: 'no active turn' } })];
  expect(settled(refused)).toEqual(refused);
});

test('an answer is late of its own turn alone, and a second one of nothing', () => {
  const [start, begun, ofAnother] = [asked(1, 'turn/start'), turn('turn/started', 't'), turn('turn/started', 'u')];
  const inOrder = [start, ofAnother, answer(1, 't'), begun];
  expect(settled(inOrder)).toEqual(inOrder);
  expect(settled([start, begun, answer(1, 't'), answer(1, 't')])).toEqual([
    ...[start, answer(1, 't'), begun],
    answer(1, 't'),
  ]);
});

test('a refusal is late of nothing, also where the engine names no turn', () => {
  const refused = said({ id: 1, error: { code: -32600, message: 'no' } });
  const nameless = said({ method: 'turn/started', params: { threadId: 'one' } });
  const lines = [asked(1, 'turn/start'), nameless, refused];
  expect(settled(lines)).toEqual(lines);
});

test('of an interrupted turn the usage is left out, and the limits up to the next turn', () => {
  const interrupt = asked(2, 'turn/interrupt');
  const over = turn('turn/completed', 't', 'interrupted');
  const next = turn('turn/started', 'u');
  const kept = [limits, interrupt, over, next, limits, usage('u')];
  expect(settled([limits, interrupt, usage('t'), shown('t'), limits, over, next, limits, usage('u')])).toEqual(kept);
});

test('so is that of a turn whose approval the client cancelled', () => {
  const approval = (id: number) => said({ id, method: 'item/fileChange/requestApproval', params: { turnId: 't' } });
  const decided = (decision: string, id = 0): ObservationBody => ({
    ch: 'wire.out',
    msg: { id, result: { decision } },
  });
  const over = turn('turn/completed', 't', 'interrupted');
  const [reported, next] = [
    [usage('t'), shown('t'), limits],
    [turn('turn/started', 'u'), usage('u'), limits],
  ];
  const cancelled = [approval(0), decided('decline'), usage('t'), limits, approval(1), decided('cancel', 1)];
  for (const race of [reported, []])
    expect(settled([...cancelled, ...race, over, ...next])).toEqual([
      ...cancelled.filter((_, index) => index !== 2),
      over,
      ...next,
    ]);
  const declined = [approval(0), decided('decline'), ...reported, over];
  expect(settled(declined)).toEqual(declined);
  const lines = [approval(0), decided('cancel'), ...reported, turn('turn/completed', 't')];
  expect(settled(lines)).toEqual(lines);
});

test('a turn that nobody asked to interrupt keeps both, and what was left out is counted', () => {
  const whole = [usage('t'), limits, turn('turn/completed', 't', 'interrupted')];
  expect(settled(whole)).toEqual(whole);
  const tooLate = [...whole, asked(2, 'turn/interrupt')];
  expect(settled(tooLate)).toEqual(tooLate);
  const lines = [asked(1, 'turn/interrupt'), usage('t'), turn('turn/completed', 't', 'interrupted')];
  expect(settleRaces(lines).fired).toEqual({ 'usage-of-interrupted': 1 });
});

test('output of a command that the model runs is left out, as it comes or not; that of the user’s own stays', () => {
  const about = (method: string, params: JsonObject): ObservationBody[] => [
    said({ method, params }),
    { ch: 'event', lane: 'e', method, payload: params, known: true },
  ];
  const started = (id: string, source: string) =>
    about('item/started', { item: { type: 'commandExecution', id, source } });
  const output = (itemId: string) => about('item/commandExecution/outputDelta', { itemId, delta: 'out' });
  const [tool, own] = [started('a', 'unifiedExecStartup'), started('b', 'userShell')];
  const lines = [...tool, ...own, ...output('a'), ...output('b')];
  expect(settled(lines)).toEqual([...tool, ...own, ...output('b')]);
  expect(settleRaces(lines).fired).toEqual({ 'output-of-tool-command': 2 });
});

describe('late unloads', () => {
  const status = (type: string, threadId = 'one') => ({ status: { type }, threadId });
  const said = (params: ReturnType<typeof status>): ObservationBody => ({
    ch: 'wire.in',
    msg: { method: 'thread/status/changed', params },
  });
  const asked = (method: string): ObservationBody => ({
    ch: 'wire.out',
    msg: { id: 1, method, params: { threadId: 'one' } },
  });
  const unload = said(status('notLoaded'));
  const ofAnother = said(status('notLoaded', 'two'));
  const idle = said(status('idle'));
  const [resume, archive] = [asked('thread/resume'), asked('thread/archive')];
  const shown: ObservationBody = {
    ch: 'event',
    lane: 'e',
    method: 'thread/status/changed',
    payload: status('notLoaded'),
    known: true,
  };

  test('a second word is left out, on the wire and in a stream, before the thread is taken up again or after', () => {
    expect([...lateUnloads([unload, shown, resume, idle, unload, shown])]).toEqual([4, 5]);
    expect([...lateUnloads([archive, unload, unload, resume, idle])]).toEqual([2]);
  });

  test('one that is asked for again, of another thread, and a first one stand', () => {
    const again = [unload, resume, archive, unload];
    const another = [unload, resume, ofAnother];
    for (const lines of [again, another, [resume, idle, unload]]) expect([...lateUnloads(lines)]).toEqual([]);
  });
});
