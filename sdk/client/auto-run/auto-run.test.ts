import { getEventListeners } from 'node:events';
import { expect, test, vi } from 'vitest';
import { AbortError, type CodexError } from '../../errors/codex-error.ts';
import { completed, item, until as untilTrue, withThread } from '../../test-fixtures/connected-client.ts';
import type { MemoryEngine } from '../../test-fixtures/memory-engine.ts';
import { ExternalMessage, TextInput } from '../inputs.ts';
import { TurnFailedError } from '../turn-result.ts';
import { AutoRunAbortError, AutoRunError, type AutoRunResult, type AutoRunState } from './options.ts';

const breakdown = (totalTokens: number) => ({
  ...{ inputTokens: totalTokens, cachedInputTokens: 0, outputTokens: 0, reasoningOutputTokens: 0, totalTokens },
});
/** A report of the engine: the thread's total, and its last request. */
const tokens = (turnId: string, total: number, last: number) => ({
  method: 'thread/tokenUsage/updated',
  params: { threadId: 'th', turnId, tokenUsage: { total: breakdown(total), last: breakdown(last) } },
});
const inputOf = (params: unknown) => (params as { input: unknown }).input;
const text = (words: string) => [{ type: 'text', text: words }];

/** Answers the start of the next turn, and returns its input. */
async function begin(engine: MemoryEngine, id: string): Promise<unknown> {
  const { method, params } = await engine.answer({ turn: { id } });
  expect(method).toBe('turn/start');
  engine.notify('turn/started', { threadId: 'th', turn: { id } });
  return inputOf(params);
}

/** Plays the next turn, and returns its input. */
async function play(engine: MemoryEngine, id: string, answer = id, status?: string): Promise<unknown> {
  const input = await begin(engine, id);
  engine.send(item(answer, id));
  engine.send(completed(id, status));
  return input;
}

/** Answers the interrupt of a turn, and ends it. */
async function interrupted(engine: MemoryEngine, id: string): Promise<void> {
  expect(await engine.answer({})).toMatchObject({ method: 'turn/interrupt', params: { turnId: id } });
  engine.send(completed(id, 'interrupted'));
}

async function failure<E>(run: Promise<unknown>, type: new (...given: never[]) => E): Promise<E> {
  const error: unknown = await run.then(
    () => 'no failure',
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(type);
  return error as E;
}

test('turns follow each other until one is enough: false lets the agent continue, next says with what', async () => {
  const { engine, codex, thread } = await withThread();
  const answers = [false, { next: 'Mend b.' }, { next: new TextInput('Mend c.') }, true];
  const seen: unknown[] = [];
  const run = thread.autoRun({
    input: 'Mend it.',
    until: ({ finalResponse }, { number, usage, durationMs, signal }) => {
      seen.push([finalResponse, number, usage.totalTokens, typeof durationMs, signal.aborted]);
      return answers.shift() ?? expect.unreachable();
    },
  });
  expect(await play(engine, 'a')).toEqual(text('Mend it.'));
  expect(await play(engine, 'b')).toEqual(text('Continue.'));
  expect(await play(engine, 'c')).toEqual(text('Mend b.'));
  expect(await play(engine, 'd')).toEqual(text('Mend c.'));
  const result = await run;
  expect(result).toMatchObject({ threadId: 'th', stoppedBy: 'until', turnCount: 4, finalResponse: 'd', next: null });
  expect(result.turns.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
  expect(seen).toEqual(['a', 'b', 'c', 'd'].map((id, at) => [id, at + 1, 0, 'number', false]));
  await codex.close();
});

test('of several, the first that does not hold says what comes next, and those after it are not asked', async () => {
  const { engine, codex, thread } = await withThread();
  const asked: string[] = [];
  const rounds = { one: [false, true, true], two: [{ next: 'two' }, true] };
  const judge = (name: 'one' | 'two') => () => {
    asked.push(name);
    return rounds[name].shift() ?? expect.unreachable();
  };
  const run = thread.autoRun({ input: 'go', until: [judge('one'), judge('two')] });
  await play(engine, 'a');
  expect(await play(engine, 'b')).toEqual(text('Continue.'));
  expect(await play(engine, 'c')).toEqual(text('two'));
  expect((await run).stoppedBy).toBe('until');
  expect(asked).toEqual(['one', 'one', 'two', 'one', 'two']);
  await codex.close();
});

const schema = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] } as const;

test('with output alone, the run ends with the first answer that fits; one that does not is asked for again', async () => {
  const { engine, codex, thread } = await withThread();
  const run = thread.autoRun({ input: 'count', output: schema });
  await play(engine, 'a', '{"n":"one"}');
  expect(JSON.stringify(await play(engine, 'b', 'one'))).toContain('n: must be number');
  expect(JSON.stringify(await play(engine, 'c', '{"n":1}'))).toContain('does not fit the required output');
  const result = await run;
  expect(result).toMatchObject({ stoppedBy: 'output', turnCount: 3, output: { n: 1 }, next: null });
  expect(result.turns.map(({ output }) => output)).toEqual([undefined, undefined, { n: 1 }]);
  await codex.close();
});

test('with output and until, only an answer that fits is judged, and its value is there', async () => {
  const { engine, codex, thread } = await withThread();
  const run = thread.autoRun({
    input: 'count',
    output: schema,
    until: ({ output }) => (output as { n?: number }).n === 2,
  });
  await play(engine, 'a', 'none');
  await play(engine, 'b', '{"n":1}');
  expect(await play(engine, 'c', '{"n":2}')).toEqual(text('Continue.'));
  expect(await run).toMatchObject({ stoppedBy: 'until', output: { n: 2 } });
  await codex.close();
});

test('the options of a turn are those of each', async () => {
  const { engine, codex, thread } = await withThread();
  const verdicts = [false, true];
  const run = thread.autoRun({ input: 'go', until: () => verdicts.shift() ?? false, model: 'small', cwd: '/w' });
  for (const id of ['a', 'b']) {
    expect((await engine.answer({ turn: { id } })).params).toMatchObject({ model: 'small', cwd: '/w' });
    engine.send(completed(id));
  }
  await run;
  await codex.close();
});

test('maxTurns ends the run after so many turns, 10 by default, and the result knows what would be next', async () => {
  const { engine, codex, thread } = await withThread();
  const two = thread.autoRun({ input: 'go', until: () => ({ next: 'more' }), maxTurns: 2 });
  await play(engine, 'a');
  await play(engine, 'b');
  expect(await two).toMatchObject({ stoppedBy: 'maxTurns', turnCount: 2, next: { input: text('more') } });
  const ten = thread.autoRun({ input: 'go', until: () => false });
  for (let at = 0; at < 10; at += 1) await play(engine, `t${at}`);
  expect(await ten).toMatchObject({ stoppedBy: 'maxTurns', turnCount: 10 });
  await codex.close();
});

test('maxTokens counts every request of every turn; the one that reaches it is the last, and its turn is interrupted', async () => {
  const { engine, codex, thread } = await withThread();
  const run = thread.autoRun({ input: 'go', until: () => false, maxTokens: 100 });
  await begin(engine, 'a');
  engine.send(tokens('a', 1030, 30));
  engine.send(tokens('a', 1050, 20));
  engine.send(completed('a'));
  await begin(engine, 'b');
  engine.send(tokens('b', 1099, 49));
  await untilTrue(() => engine.peer.received.length === 0);
  engine.send(tokens('b', 1100, 1));
  await interrupted(engine, 'b');
  const result = await run;
  expect(result).toMatchObject({ stoppedBy: 'maxTokens', turnCount: 2, usage: { totalTokens: 100 } });
  expect(result.turns.map(({ status, turnUsage }) => [status, turnUsage?.totalTokens])).toEqual([
    ['completed', 50],
    ['interrupted', 50],
  ]);
  expect(result.next).toEqual({ input: text('Continue.') });
  await codex.close();
});

test('a turn that has completed is judged although it has used up the tokens', async () => {
  const { engine, codex, thread } = await withThread();
  for (const [verdict, stoppedBy] of [
    [true, 'until'],
    [false, 'maxTokens'],
  ] as const) {
    const run = thread.autoRun({ input: 'go', until: () => verdict, maxTokens: 10 });
    const id = `turn ${stoppedBy}`;
    await begin(engine, id);
    engine.send(tokens(id, verdict ? 1000 : 1020, 20));
    engine.send(completed(id));
    expect((await run).stoppedBy).toBe(stoppedBy);
  }
  await codex.close();
});

test('maxMs interrupts the running turn', async () => {
  const { engine, codex, thread } = await withThread();
  const run = thread.autoRun({ input: 'go', until: () => false, maxMs: 30 });
  await begin(engine, 'a');
  await interrupted(engine, 'a');
  const result = await run;
  expect(result).toMatchObject({ stoppedBy: 'maxMs', turnCount: 1, next: { input: text('Continue.') } });
  expect(result.turns[0]?.status).toBe('interrupted');
  expect(result.durationMs).toBeGreaterThanOrEqual(29);
  await codex.close();
});

test.each(['until', 'onTurn'] as const)(
  '%s that never returns is left when the time is over, and its signal tells it',
  async (name) => {
    const { engine, codex, thread } = await withThread();
    let heard: AbortSignal | undefined;
    const hang = (_: unknown, { signal }: { signal: AbortSignal }) => {
      heard = signal;
      return new Promise<never>(() => {});
    };
    const run = thread.autoRun({ input: 'go', until: () => true, [name]: hang, maxMs: 30 });
    await play(engine, 'a');
    expect(await run).toMatchObject({ stoppedBy: 'maxMs', turnCount: 1 });
    expect(heard?.aborted).toBe(true);
    await codex.close();
  },
);

test('each turn asks again, and what it has left behind is nothing', async () => {
  const { engine, codex, thread } = await withThread();
  const left: number[] = [];
  const until = (_: unknown, { number, signal }: { number: number; signal: AbortSignal }) => {
    left.push(getEventListeners(signal, 'abort').length);
    return number === 4;
  };
  const run = thread.autoRun({ input: 'go', until });
  for (const id of ['a', 'b', 'c', 'd']) await play(engine, id);
  await run;
  expect(new Set(left).size).toBe(1);
  await codex.close();
});

test('a turn that somebody else interrupts ends the run', async () => {
  const { engine, codex, thread } = await withThread();
  const run = thread.autoRun({ input: 'go', until: () => expect.unreachable() });
  await play(engine, 'a', 'half', 'interrupted');
  expect(await run).toMatchObject({ stoppedBy: 'interrupted', turnCount: 1, next: { input: text('Continue.') } });
  const typed = thread.autoRun({ input: 'go', output: schema });
  await play(engine, 'b', 'half', 'interrupted');
  expect(await typed).toMatchObject({ stoppedBy: 'interrupted', output: undefined });
  await codex.close();
});

test('the signal interrupts the running turn; the call rejects when it has ended, with what came before', async () => {
  const { engine, codex, thread } = await withThread();
  const controller = new AbortController();
  const starts = vi.spyOn(thread, 'turn');
  const run = thread.autoRun({ input: 'go', until: () => false, signal: controller.signal });
  await play(engine, 'a');
  await begin(engine, 'b');
  await starts.mock.results[1]?.value;
  engine.send(item('half', 'b'));
  controller.abort(new Error('enough'));
  await interrupted(engine, 'b');
  const error = await failure(run, AutoRunAbortError);
  expect(error).toBeInstanceOf(AbortError);
  expect(error).toMatchObject({ name: 'AbortError', kind: 'aborted', message: 'Thread.autoRun was aborted' });
  expect(error.cause).toEqual(new Error('enough'));
  expect(error.result).toMatchObject({ stoppedBy: 'aborted', turnCount: 2, finalResponse: 'half' });
  expect(error.result.turns.map(({ status }) => status)).toEqual(['completed', 'interrupted']);
  await codex.close();
});

test('a signal that has fired sends nothing; one that fires while until works leaves it', async () => {
  const { engine, codex, thread } = await withThread();
  const none = await failure(
    thread.autoRun({ input: 'go', until: () => true, signal: AbortSignal.abort() }),
    AutoRunAbortError,
  );
  expect(none.result).toMatchObject({ turnCount: 0, turns: [], next: { input: text('go') } });
  expect(engine.peer.received).toEqual([]);
  const controller = new AbortController();
  const run = thread.autoRun({
    input: 'go',
    until: () => {
      controller.abort();
      return new Promise<never>(() => {});
    },
    signal: controller.signal,
  });
  await play(engine, 'a');
  expect((await failure(run, AutoRunAbortError)).result).toMatchObject({ turnCount: 1 });
  await codex.close();
});

test('a turn that fails is an AutoRunError with its cause and what came before', async () => {
  const { engine, codex, thread } = await withThread();
  const told: unknown[] = [];
  const run = thread.autoRun({ input: 'go', until: () => false, onTurn: ({ status }) => told.push(status) });
  await play(engine, 'a');
  await begin(engine, 'b');
  const error = { message: 'the model is overloaded', codexErrorInfo: 'serverOverloaded' };
  engine.notify('turn/completed', { threadId: 'th', turn: { id: 'b', items: [], status: 'failed', error } });
  const failed = await failure(run, AutoRunError);
  expect(failed.cause).toBeInstanceOf(TurnFailedError);
  expect(failed).toMatchObject({ name: 'AutoRunError', kind: 'auto-run', retryable: true, action: 'Thread.autoRun' });
  expect(failed.message).toBe('the automatic run stopped after 2 turns: the model is overloaded');
  expect(failed.result).toMatchObject({ stoppedBy: 'error', turnCount: 2, next: { input: text('Continue.') } });
  expect(told).toEqual(['completed', 'failed']);
  await codex.close();
});

test('an engine that dies in mid-turn leaves what came before', async () => {
  const { engine, codex, thread } = await withThread();
  const run = thread.autoRun({ input: 'go', until: () => false });
  await play(engine, 'a');
  await begin(engine, 'b');
  engine.peer.end();
  const failed = await failure(run, AutoRunError);
  expect((failed.cause as CodexError).kind).toBe('transport-closed');
  expect(failed.result).toMatchObject({ stoppedBy: 'error', turnCount: 2 });
  expect(failed.result.turns.map(({ id }) => id)).toEqual(['a']);
  await codex.close();
});

test.each([
  [
    'until',
    'throws',
    () => {
      throw new Error('no judge');
    },
  ],
  ['until', 'rejects', () => Promise.reject(new Error('no judge'))],
  [
    'onTurn',
    'throws',
    () => {
      throw new Error('no judge');
    },
  ],
  ['onTurn', 'rejects', () => Promise.reject(new Error('no judge'))],
] as const)('%s that %s is an AutoRunError with its error as the cause', async (name, _, fails) => {
  const { engine, codex, thread } = await withThread();
  const run = thread.autoRun({ input: 'go', until: () => true, [name]: fails });
  await play(engine, 'a');
  const failed = await failure(run, AutoRunError);
  expect(failed.cause).toEqual(new Error('no judge'));
  expect(failed.result).toMatchObject({ turnCount: 1, stoppedBy: 'error', finalResponse: 'a' });
  await codex.close();
});

test.each([undefined, null, 'yes', 1, {}, { next: 7 }, []])(
  'until that returns %s is a TypeError to the developer',
  async (answer) => {
    const { engine, codex, thread } = await withThread();
    const run = thread.autoRun({ input: 'go', until: () => answer as never });
    await play(engine, 'a');
    const { cause } = await failure(run, AutoRunError);
    expect(cause).toBeInstanceOf(TypeError);
    await codex.close();
  },
);

test('onTurn is waited for, and sees each turn before it is judged', async () => {
  const { engine, codex, thread } = await withThread();
  const order: string[] = [];
  let go = () => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  const run = thread.autoRun({
    input: 'go',
    onTurn: async ({ id }, { number }) => {
      order.push(`${id} ${number}`);
      await gate;
      order.push('told');
    },
    until: () => {
      order.push('judged');
      return true;
    },
  });
  await play(engine, 'a');
  await untilTrue(() => order.length === 1);
  go();
  await run;
  expect(order).toEqual(['a 1', 'told', 'judged']);
  await codex.close();
});

test('a result continues as plain JSON: its turns, tokens and time count, and the next input is its own', async () => {
  const { engine, codex, thread } = await withThread();
  const first = thread.autoRun({ input: 'go', until: () => ({ next: 'mend b' }), maxTurns: 1, maxTokens: 100 });
  await begin(engine, 'a');
  engine.send(tokens('a', 40, 40));
  engine.send(completed('a'));
  const kept = JSON.parse(JSON.stringify(await first)) as AutoRunResult;
  const second = thread.autoRun({ resume: kept, until: () => false, maxTurns: 3, maxTokens: 100 });
  expect(await begin(engine, 'b')).toEqual(text('mend b'));
  engine.send(tokens('b', 70, 30));
  engine.send(completed('b'));
  await begin(engine, 'c');
  engine.send(tokens('c', 80, 10));
  engine.send(completed('c'));
  const result = await second;
  expect(result).toMatchObject({ stoppedBy: 'maxTurns', turnCount: 3, usage: { totalTokens: 80 } });
  expect(result.turns.map(({ id }) => id)).toEqual(['b', 'c']);
  expect(result.durationMs).toBeGreaterThanOrEqual(kept.durationMs);
  // Nothing is left of these limits.
  for (const limits of [{ maxTurns: 3 }, { maxTokens: 80 }, { maxMs: result.durationMs || 1 }]) {
    const over = await thread.autoRun({
      resume: { ...result, durationMs: 1 + result.durationMs },
      until: () => true,
      ...limits,
    });
    expect(over).toMatchObject({ stoppedBy: Object.keys(limits)[0], turns: [], next: { input: text('Continue.') } });
  }
  expect(engine.peer.received).toEqual([]);
  const third = thread.autoRun({ resume: result, input: 'other', until: () => true });
  expect(await play(engine, 'd')).toEqual(text('other'));
  expect(await third).toMatchObject({ stoppedBy: 'until', turnCount: 4 });
  await codex.close();
});

test('an input that was never sent is kept, whatever its kind', async () => {
  const { engine, codex, thread } = await withThread();
  const message = new ExternalMessage('mail', 'hello', 'box');
  const { result } = await failure(
    thread.autoRun({ input: message, until: () => true, signal: AbortSignal.abort() }),
    AutoRunAbortError,
  );
  const run = thread.autoRun({ resume: JSON.parse(JSON.stringify(result)), until: () => true });
  const { params } = await engine.answer({ turn: { id: 'a' } });
  expect(params).toMatchObject({ toolOutput: { name: 'mail', output: 'hello', namespace: 'box' }, input: [] });
  engine.send(completed('a'));
  await run;
  await codex.close();
});

const state: AutoRunState = { threadId: 'th', turnCount: 1, usage: breakdown(1), durationMs: 1, next: null };
test.each<[object, RegExp]>([
  [{ input: 'go' }, /expected until or output, got neither/],
  [{ until: () => true }, /expected input, got none/],
  [{ until: () => true, resume: state }, /expected input, got a run with nothing left to do/],
  [
    { until: () => true, resume: { ...state, threadId: 'other' }, input: 'x' },
    /resume of the thread th, got that of other/,
  ],
  [{ until: () => true, resume: {}, input: 'x' }, /as resume, got another object/],
  [{ until: () => true, input: 7 }, /unsupported input item/],
  [{ until: [], input: 'x' }, /expected a function, or an array of functions, got an array/],
  [{ until: () => true, input: 'x', maxTurns: 0.5 }, /whole number/],
  [{ output: schema, input: 'x', repair: 1 }, /expected no repair, got one/],
  [{ output: schema, outputSchema: schema, input: 'x' }, /got both/],
])('%j is refused, and nothing is sent', async (options, message) => {
  const { engine, codex, thread } = await withThread();
  await expect(thread.autoRun(options as never)).rejects.toThrow(message);
  await expect(thread.autoRun(options as never)).rejects.toBeInstanceOf(TypeError);
  expect(engine.peer.received).toEqual([]);
  await codex.close();
});
