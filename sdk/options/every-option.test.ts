import { afterEach, expect, test, vi } from 'vitest';
import { ApprovalMode, Sandbox } from '../index.ts';
import { until } from '../test-fixtures/connected-client.ts';
import { type Made, type Method, methods, oneOfEach } from '../test-fixtures/every-method.ts';
import { rounds } from '../test-fixtures/rounds.ts';

afterEach(() => void vi.useRealTimers());

/** Begins a call, and a stream's first step. */
async function begin({ call, good, options = {} }: Method, more: object = {}): Promise<unknown> {
  const made = call(...([...good, { ...options, ...more }] as never[]));
  const isStream = Symbol.asyncIterator in Object(made);
  return await (isStream ? (made as AsyncIterable<unknown>)[Symbol.asyncIterator]().next() : made);
}

/** A call that has begun, and how it ends. */
function begun(method: Method, more: object = {}) {
  const state = { settled: false };
  const ended = begin(method, more).then(
    () => undefined,
    (error: unknown) => error,
  );
  void ended.then(() => {
    state.settled = true;
  });
  return { ended, state };
}
const taken = ({ engine }: Made) =>
  engine.peer.received.splice(0).map((line) => JSON.parse(line) as { id: number; method: string });

/** Has of everything that a call reads in an answer. */
const anything = {
  thread: { id: 'th', status: { type: 'idle' }, path: '/x', turns: [] },
  turn: { id: 't9' },
  ...{ goal: { threadId: 'th', status: 'active' }, data: [], nextCursor: null, reviewThreadId: 'th' },
  ...{ type: 'chatgpt', loginId: 'l', authUrl: 'u', authorizationUrl: 'u', verificationUrl: 'u', userCode: 'c' },
};

test('no call is over before the engine has answered all that it asks, and each fails as the engine refuses', async () => {
  const asked: string[] = [];
  /** @returns whether the call asks as often */
  const refusedAfter = async (name: string, answers: number) => {
    const made = await oneOfEach();
    const { ended, state } = begun(methods(made)[name] as Method);
    for (let answered = 0; answered <= answers; answered += 1) {
      await rounds();
      const [line] = taken(made);
      if (line === undefined) {
        await made.codex.close();
        return false;
      }
      expect(state.settled, `${name}, ${line.method}`).toBe(false);
      if (answered < answers) made.engine.send({ id: line.id, result: anything });
      else {
        asked.push(`${name}, ${line.method}`);
        made.engine.send({ id: line.id, error: { code: -32600, message: `not ${name}` } });
      }
    }
    expect(String(((await ended) as Error | undefined)?.message), asked.at(-1)).toContain(`not ${name}`);
    await made.codex.close();
    return true;
  };
  const model = await oneOfEach();
  const names = Object.keys(methods(model));
  await model.codex.close();
  for (const name of names) for (let answers = 0; answers < 5 && (await refusedAfter(name, answers)); answers += 1);
  expect(asked.length).toBeGreaterThan(50);
});

test('the time of a call is that of all that it asks, counted from the call', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const late: string[] = [];
  const model = await oneOfEach();
  const all = methods(model);
  await model.codex.close();
  for (const [name, { rules = {} }] of Object.entries(all)) {
    if (!('timeoutMs' in rules) || name === 'Codex.requestWithRetryOnOverload') continue;
    const made = await oneOfEach();
    const { ended, state } = begun(methods(made)[name] as Method, { timeoutMs: 5000 });
    for (let answers = 0; answers < 5 && !state.settled; answers += 1) {
      await rounds();
      const [line] = taken(made);
      if (line === undefined) break;
      vi.advanceTimersByTime(3000);
      await rounds();
      if (answers > 0) {
        late.push(`${name}, ${line.method}`);
        // What has begun is ended first.
        for (let asked = 0; asked < 5 && !state.settled; asked += 1) {
          for (const { id } of taken(made)) made.engine.send({ id, result: anything });
          await rounds();
        }
        expect(state.settled && (await ended), name).toMatchObject({ kind: 'timeout' });
      } else made.engine.send({ id: line.id, result: anything });
    }
    await made.codex.close();
  }
  expect(late.length).toBeGreaterThan(2);
});

/** A right value, by the option's name or by what its rule expects. */
const named: Readonly<Record<string, unknown>> = {
  sandbox: Sandbox.readOnly,
  approvalMode: ApprovalMode.denyAll,
  mcpServers: { docs: { command: 'docs' } },
  output: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
  arguments: { one: 1 },
  meta: { one: 1 },
};
const samples: readonly [RegExp, (expected: string) => readonly unknown[]][] = [
  [/^true or false/, () => [true, false]],
  [/^"/, (expected) => [...expected.matchAll(/"(\w+)"/g)].map(([, word]) => word)],
  [/^an array of strings/, () => [['one']]],
  [/^an array/, () => [[{ one: 1 }]]],
  [/^an object of strings/, () => [{ one: 'text' }]],
  [/^an object/, () => [{ one: 1 }]],
  [/^a string/, () => ['text']],
  [/number/, () => [7]],
];

/** What the client does itself with the answer, or tells the engine later: no first request shows it. */
const ofClient = [
  ...['signal', 'timeoutMs', 'hardAbort', 'hard', 'wait', 'repair', 'content', 'name', 'keep', 'maxBytes', 'types'],
  ...['approvals', 'onDenial', 'onDecision', 'onUserInput', 'onElicitation', 'onPermissions', 'tools'],
  ...['maxAttempts', 'initialDelayMs', 'maxDelayMs', 'jitterRatio', 'sleep', 'random'],
  ...['until', 'maxTurns', 'maxTokens', 'maxMs', 'onTurn', 'resume', 'input', 'startTimeoutMs', 'tokenBudget'],
];

test('each option arrives: the engine is asked for something else than without it', async () => {
  const lost: string[] = [];
  const seen = new Set<string>();
  const ask = async (name: string, more: object) => {
    const made = await oneOfEach();
    const { ended, state } = begun(methods(made)[name] as Method, more);
    await until(() => made.engine.peer.received.length > 0 || state.settled);
    if (state.settled) lost.push(`${name} ${Object.keys(more)}: ${await ended}`);
    const lines = taken(made);
    await made.codex.close();
    return JSON.stringify(lines.map((line) => ({ ...line, id: 0 })));
  };
  const model = await oneOfEach();
  const all = methods(model);
  await model.codex.close();
  for (const [name, { rules = {} }] of Object.entries(all)) {
    const options = Object.entries(rules).filter(([option]) => !ofClient.includes(option));
    // What is told by itself is chosen from by the client.
    if (options.length === 0 || name.endsWith('.events')) continue;
    const without = await ask(name, {});
    for (const [option, { expected }] of options) {
      seen.add(option);
      const make = samples.find(([kind]) => kind.test(expected))?.[1];
      const values = option in named ? [named[option]] : (make?.(expected) ?? []);
      const told = new Set([without]);
      for (const value of values) told.add(await ask(name, { [option]: value }));
      // One of two may be what happens without it.
      if (told.size < Math.max(2, values.length)) lost.push(`${name}: ${option}, ${expected}`);
    }
  }
  expect(lost).toEqual([]);
  expect(seen.size).toBeGreaterThan(60);
});
