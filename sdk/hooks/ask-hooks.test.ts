import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Codex } from '../client/codex.ts';
import { safeOutput } from './answers.ts';
import { askHooks } from './ask-hooks.ts';
import { HooksInProcess } from './hooks-in-process.ts';
import { type AskedHook, type HookEvent, hookEvents, hooksOf } from './options.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const hook = (handler: AskedHook['handler'], more: Partial<AskedHook> = {}): AskedHook => ({
  ...{ handler, tools: undefined, timeoutMs: 1000 },
  ...more,
});
const never = () => new Promise<never>(() => {});

/** Asks hooks of a tool; how it ends, and what is left then. */
async function asking(hooks: AskedHook[], toolName = 'Bash', event: HookEvent = 'preToolUse') {
  const ended = new AbortController();
  const request = { toolName };
  const outcome = askHooks(event, hooks, request, ended.signal).then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  );
  const left = () => [vi.getTimerCount(), getEventListeners(ended.signal, 'abort').length];
  return { ended, outcome, left, request };
}

test.each<[string, AskedHook['handler'], object]>([
  ['answers', () => ({ block: 'no' }), { answer: { block: 'no' } }],
  ['answers later', async () => ({ block: 'no' }), { answer: { block: 'no' } }],
  ['says nothing', () => undefined, { answer: undefined }],
  ['says what is no answer', () => 'no', { error: expect.any(TypeError) }],
  [
    'throws at once',
    () => {
      throw new Error('broken');
    },
    { error: new Error('broken') },
  ],
  ['throws later', () => Promise.reject(new Error('broken')), { error: new Error('broken') }],
])('a hook that %s leaves no timer and no listener', async (_, handler, expected) => {
  const { outcome, left } = await asking([hook(handler)]);
  expect(await outcome).toEqual(expected);
  expect(left()).toEqual([0, 0]);
});

test('a hook whose time is over, and one whose engine is gone, hear why', async () => {
  const signals: AbortSignal[] = [];
  const hanging = hook((_, { signal }) => {
    signals.push(signal);
    return never();
  });
  const late = await asking([hanging]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await late.outcome).toMatchObject({ error: { name: 'TimeoutError' } });
  expect(signals[0]?.reason).toMatchObject({ name: 'TimeoutError' });
  expect(late.left()).toEqual([0, 0]);

  const gone = await asking([hanging]);
  const reason = new Error('gone');
  gone.ended.abort(reason);
  expect(await gone.outcome).toEqual({ error: reason });
  expect(signals[1]?.reason).toBe(reason);
  expect(gone.left()).toEqual([0, 0]);
  const handler = vi.fn();
  await expect(askHooks('stop', [hook(handler)], {}, AbortSignal.abort(reason))).rejects.toBe(reason);
  expect(handler).not.toHaveBeenCalled();
});

test('the first that answers decides, and the others are not asked; a hook for some tools is asked about no other', async () => {
  const asked: string[] = [];
  const by = (name: string, answer?: object, tools?: string[]) =>
    hook(
      () => {
        asked.push(name);
        return answer;
      },
      { tools },
    );
  const hooks = [
    by('edits', { block: 'edits' }, ['apply_patch']),
    by('first'),
    by('second', { block: 'b' }),
    by('third', { block: 'c' }),
  ];
  expect(await (await asking(hooks)).outcome).toEqual({ answer: { block: 'b' } });
  expect(asked.splice(0)).toEqual(['first', 'second']);
  expect(await (await asking(hooks, 'apply_patch')).outcome).toEqual({ answer: { block: 'edits' } });
  expect(asked).toEqual(['edits']);
});

test('what could still happen is refused if nobody could be asked', () => {
  const refused = hookEvents.filter((event) => JSON.stringify(safeOutput(event, 'why')).includes('why'));
  expect(refused).toEqual(['preToolUse', 'userPromptSubmit']);
});

test('a hook has a minute, or its own time, and its tools', () => {
  const handler = () => undefined;
  expect(
    hooksOf({ preToolUse: [handler, { handler }, { handler, tools: ['Bash'], timeoutMs: 7 }] }, 'preToolUse'),
  ).toEqual([
    { handler, tools: undefined, timeoutMs: 60_000 },
    { handler, tools: undefined, timeoutMs: 60_000 },
    { handler, tools: ['Bash'], timeoutMs: 7 },
  ]);
  expect(hooksOf({}, 'stop')).toEqual([]);
});

test('an engine within the program: a hook is told what it is asked about, and hears the end of the connection', async () => {
  const seen: unknown[] = [];
  let signal: AbortSignal | undefined;
  const hooks = new HooksInProcess({
    stop: (request) => void seen.push(request) as undefined,
    preToolUse: (_, context) => {
      signal = context.signal;
      return never();
    },
    onError: (error) => void seen.push(error),
  });
  await hooks.call('stop', { cwd: '/x', raw: { a: 1 } });
  await hooks.call('stop', {});
  expect(seen.splice(0)).toEqual([
    { cwd: '/x', model: 'memory', transcriptPath: null, raw: { a: 1 } },
    { cwd: process.cwd(), model: 'memory', transcriptPath: null, raw: {} },
  ]);
  const waiting = hooks.call('preToolUse', {});
  const cause = new Error('gone');
  hooks.fail(cause);
  expect(await waiting).toEqual({ block: 'The hook of this program failed: gone' });
  expect([signal?.reason, seen]).toEqual([cause, [cause]]);
  await expect(hooks.call('later' as never, {} as never)).rejects.toThrow('Calling a hook: expected preToolUse');
});

test.each([' hooks.Stop=[]', 'hooks = {}', 'hooks.state={}'])('%j beside hooks is refused', (override) => {
  expect(() => new Codex({ hooks: {}, configOverrides: [override] })).toThrow(
    'expected hooks or hooks in configOverrides',
  );
});
test.each(['hooksmith=1', 'my.hooks=1'])('%j beside hooks is nothing to them', (override) => {
  expect(() => new Codex({ hooks: {}, configOverrides: [override] })).not.toThrow();
});
