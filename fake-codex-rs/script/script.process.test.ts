import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ExactNumber, type JsonObject, type JsonValue } from '../exact-json.ts';
import { buildFake, type FakeRun, type FakeRuns, fakeRuns } from '../test-fixtures/run-fake.ts';

let runs: FakeRuns;
beforeAll(buildFake);
beforeEach(() => {
  runs = fakeRuns();
});
afterEach(() => runs.dispose());

const play = (...script: JsonObject[]): FakeRun => runs.start('', { script, moment: 1_700_000_000_000 });
const marks = (fake: FakeRun) =>
  fake.logged('mark').map(({ mark, detail }) => [mark, (detail as { text?: string }).text ?? detail]);
const ref = (path: string) => `\${${path}}`;
const thread = '01900000-0000-7000-8000-000000000001';
const turn = '01900000-0000-7000-9000-000000000001';

const shaken = (...script: JsonObject[]): Promise<FakeRun> => shake(play(...script));

async function shake(fake: FakeRun): Promise<FakeRun> {
  fake.send({ id: 'a', method: 'initialize', params: { clientInfo: { name: 'mine', version: '2' } } });
  expect(await fake.next()).toMatchObject({
    id: 'a',
    result: { userAgent: expect.stringMatching(/^mine\/.*mine; 2\)$/) },
  });
  fake.send({ method: 'initialized' });
  return fake;
}

const request = (id: JsonValue, method: string, params: JsonObject = {}) => ({ id, method, params });

test('a script states what matters, and the contract gives the rest', async () => {
  const fake = await shaken(
    { auto: ['thread/start'] },
    { expect: 'turn/start', params: { input: [{ text: 'hi' }] } },
    { send: 'item/completed', params: { item: { text: `for ${ref('turn/start.params.threadId')}` } } },
    { answer: 'turn/start' },
    { request: 'item/fileChange/requestApproval', as: 'ask' },
    { 'expect-reply': 'ask', result: { decision: 'decline' } },
    { send: 'turn/completed' },
  );
  fake.send(request(2, 'thread/start'));
  expect(await fake.next()).toMatchObject({ id: 2, result: { thread: { id: thread, status: { type: 'idle' } } } });
  fake.send(request('t', 'turn/start', { threadId: thread, input: [{ type: 'text', text: 'hi' }] }));
  expect(await fake.next()).toEqual({
    method: 'item/completed',
    params: {
      completedAtMs: 1_700_000_000_000,
      item: { id: 'item-1', text: `for ${thread}`, type: 'agentMessage' },
      threadId: thread,
      turnId: turn,
    },
  });
  expect(await fake.next()).toEqual({ id: 't', result: { turn: { id: turn, items: [], status: 'inProgress' } } });
  expect(await fake.next()).toMatchObject({
    id: 0,
    method: 'item/fileChange/requestApproval',
    params: { turnId: turn },
  });
  fake.send({ id: 0, result: { decision: 'decline' } });
  expect(await fake.next()).toMatchObject({
    method: 'turn/completed',
    params: { turn: { id: turn, status: 'completed' } },
  });
  fake.end();
  expect(await fake.ended).toEqual({ code: 0, signal: null, stderr: '' });
  expect(fake.logged('mark')).toEqual([]);
});

test.each([
  ['0.163.0', { position: 0 }],
  ['0.171.0', {}],
])('the rest comes from the contract of the engine that the fake stands for: %s', async (engineVersion, own) => {
  const fake = runs.start('', { script: [{ auto: ['project/read'] }], moment: 1_700_000_000_000, engineVersion });
  fake.send(request('a', 'initialize', { clientInfo: { name: 'mine', version: '2' } }));
  await fake.next();
  fake.send({ method: 'initialized' });
  fake.send(request(2, 'project/read', { projectId: 'x' }));
  const { result } = await fake.next();
  const { createdAt: _, updatedAt: __, ...project } = (result as { project: JsonObject }).project;
  expect(project).toEqual({ id: expect.any(String), metadata: {}, name: expect.any(String), roots: [], ...own });
  fake.end();
  expect(await fake.ended).toMatchObject({ code: 0 });
});

test('one request too many is answered, and is a miss with the nearest step and the first difference', async () => {
  const fake = await shaken(
    { expect: 'thread/read', params: { threadId: 'x' } },
    { answer: 'thread/read', result: {} },
  );
  fake.send(request(2, 'thread/read', { threadId: 'y' }));
  const text =
    'the client sent thread/read, which no remaining step of the script expects; the nearest is step 1 (expect thread/read): at /params/threadId expected "x", got "y"';
  expect(await fake.next()).toEqual({ id: 2, error: { code: -32600, message: `fake-codex-rs: script miss: ${text}` } });
  expect(marks(fake)).toEqual([['script miss', text]]);
});

test('the same request once more is one too many', async () => {
  const fake = await shaken({ expect: 'model/list' }, { answer: 'model/list' });
  fake.send(request(1, 'model/list'));
  expect(await fake.next()).toEqual({ id: 1, result: { data: [] } });
  fake.send(request(2, 'model/list'));
  expect(await fake.next()).toMatchObject({ id: 2, error: { message: expect.stringContaining('script miss') } });
  expect(marks(fake)).toEqual([
    ['script miss', 'the client sent model/list, which no remaining step of the script expects'],
  ]);
});

test('a script that is not consumed is a miss, unless what is left is optional', async () => {
  const fake = await shaken({ auto: ['model/list'] }, { expect: 'thread/start' });
  fake.end();
  await fake.ended;
  expect(marks(fake)).toEqual([
    ['script miss', 'the client has ended the engine, but the script still waits at step 2 (expect thread/start)'],
  ]);
  await runs.dispose();
  runs = fakeRuns();
  const lenient = await shaken({ expect: 'thread/start', optional: true });
  lenient.end();
  await lenient.ended;
  expect(marks(lenient)).toEqual([]);
});

test('a latch that nobody releases is a miss of a client that ends the engine, unless the step is optional', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const control = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  try {
    for (const [optional, missed] of [
      [undefined, [['script miss', 'the client has ended the engine, but the script still waits at step 1 (hold x)']]],
      [true, []],
    ] as const) {
      const script = [{ hold: 'x', ...(optional && { optional }) }, { exit: 3 }];
      const fake = await shake(runs.start('', { script, moment: 1_700_000_000_000, control }));
      fake.end();
      expect(await fake.ended).toMatchObject({ code: 0 });
      expect(marks(fake)).toEqual(missed);
      await runs.dispose();
      runs = fakeRuns();
    }
  } finally {
    silent.closeAllConnections();
    silent.close();
  }
});

test('sequences in any order go as the client drives them', async () => {
  const one = [{ expect: 'model/list' }, { answer: 'model/list' }];
  const two = [{ expect: 'account/read' }, { answer: 'account/read' }];
  const fake = await shaken({ 'any-order': [one, two] }, { expect: 'account/logout' }, { answer: 'account/logout' });
  fake.send(request(1, 'account/read'));
  expect(await fake.next()).toMatchObject({ id: 1, result: { requiresOpenaiAuth: false } });
  fake.send(request(2, 'model/list'));
  expect(await fake.next()).toEqual({ id: 2, result: { data: [] } });
  fake.send({ id: 3, method: 'account/logout' });
  expect(await fake.next()).toEqual({ id: 3, result: {} });
  fake.end();
  await fake.ended;
  expect(marks(fake)).toEqual([]);
});

test('a sequence that has the engine leave ends the others', async () => {
  const fake = await shaken({ 'any-order': [[{ expect: 'model/list' }], [{ expect: 'account/read' }, { exit: 7 }]] });
  fake.send(request(1, 'account/read'));
  expect(await fake.ended).toMatchObject({ code: 7 });
});

test('what breaks the contract must say that it is wrong, and is then marked so in the log', async () => {
  const right = await shaken({ send: 'turn/completed', params: { turn: { status: 'weird' } } });
  expect(await right.ended).toMatchObject({ code: 2 });
  expect(marks(right)).toEqual([
    [
      'fake engine failed',
      expect.stringMatching(
        /step 1 of the script \(send turn\/completed\): Composing \/params\/turn\/status: expected one of .*, got "weird"\. Or say wrong: true\.$/,
      ),
    ],
  ]);
  await runs.dispose();
  runs = fakeRuns();
  const wrong = await shaken(
    { send: 'turn/completed', params: { turn: { status: 'weird' } }, wrong: true },
    { send: 'turn/completed' },
  );
  expect(await wrong.next()).toMatchObject({ params: { turn: { status: 'weird' } } });
  await wrong.next();
  expect(wrong.logged('in').map((line) => line.wrong)).toEqual([undefined, true, undefined]);
});

test('lines are logged as the client gets them, however they were written', async () => {
  const fake = await shaken(
    { send: 'account/updated', eol: 'none', wrong: true },
    { send: 'account/updated', eol: 'crlf', chunks: 'every-byte' },
    { raw: { base64: '/wo=' } },
    { raw: `half ${ref('initialize.id')}` },
    { exit: 'SIGKILL' },
  );
  await expect(fake.next()).rejects.toThrow();
  expect(await fake.ended).toMatchObject({ code: null, signal: 'SIGKILL' });
  const said = '{"method":"account/updated","params":{}}';
  expect(fake.logged('in').slice(1)).toMatchObject([
    { text: `${said}${said}\r`, wrong: true },
    { base64: '/w==', wrong: true },
    { text: 'half a', partial: true, wrong: true },
  ]);
  expect(fake.logged('exit')).toMatchObject([{ code: null, signal: 'SIGKILL' }]);
});

test('each start of the engine plays its own part, and one more is a miss', async () => {
  const script = [
    { auto: ['model/list'] },
    { start: 2 },
    { expect: 'initialize' },
    { error: 'initialize', message: 'no' },
  ];
  const first = await shaken(...script);
  first.end();
  await first.ended;
  for (const message of ['no', expect.stringContaining('script miss')]) {
    const again = play(...script);
    again.send(request(1, 'initialize'));
    expect(await again.next()).toMatchObject({ error: { message } });
    again.end();
    await again.ended;
  }
});

test('a step that nobody knows is refused with its place', async () => {
  const fake = play({ 'any-order': [[{ expects: 'x' }], []] });
  expect(await fake.ended).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /step 1\.1\.1 of the script: expected one of expect, answer, .*, got \{"expects":"x"\}\./,
    ),
  });
});

test.each(['9007199254740993', '-12345678901234567890', '1e400', '0.1000000000000000000001'])(
  '%s keeps its digits: said, expected, referred to, and as the id of a request',
  async (text) => {
    const big = new ExactNumber(text);
    const fake = await shaken(
      { expect: 'thread/read', params: { n: [big] } },
      {
        answer: 'thread/read',
        result: { n: ref('thread/read.params.n.0'), said: `is ${ref('thread/read.params.n.0')}` },
        wrong: true,
      },
      { request: 'item/tool/call', id: big, params: { arguments: { n: big } } },
      { 'expect-reply': 'item/tool/call', result: { n: big } },
    );
    fake.send(request(2, 'thread/read', { n: [big] }));
    expect(await fake.next()).toMatchObject({ id: 2, result: { n: big, said: `is ${text}` } });
    expect(await fake.next()).toMatchObject({ id: big, params: { arguments: { n: big } } });
    fake.send({ id: big, result: { n: big } });
    fake.end();
    expect(await fake.ended).toMatchObject({ code: 0 });
    expect(marks(fake)).toEqual([]);
  },
);

test('a number that is nearly the expected one is a miss', async () => {
  const fake = await shaken({ expect: 'thread/read', params: { n: new ExactNumber('9007199254740993') } }, { exit: 0 });
  fake.send(request(2, 'thread/read', { n: 9007199254740992 }));
  expect(await fake.next()).toMatchObject({ id: 2, error: { code: -32600 } });
  expect(marks(fake)[0]?.[1]).toMatch(/at \/params\/n expected 9007199254740993, got 9007199254740992$/);
});
