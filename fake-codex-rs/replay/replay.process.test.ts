import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ExactNumber } from '../exact-json.ts';
import { buildFake, type FakeRuns, fakeRuns, goldenText } from '../test-fixtures/run-fake.ts';

const { pin } = JSON.parse(readFileSync(new URL('../../native/engine.lock.json', import.meta.url), 'utf8'));
let runs: FakeRuns;
beforeAll(buildFake);
beforeEach(() => {
  runs = fakeRuns();
});
afterEach(() => runs.dispose());

const thread = '<thread:1>';
const shaken = [
  { out: { id: '<request:1>', method: 'initialize', params: { clientInfo: { name: 'recorder', version: '1' } } } },
  { in: { id: '<request:1>', result: { userAgent: '<client.name>/<engine.version>' } } },
];
const opened = [
  { out: { id: '<request:2>', method: 'thread/start', params: {} } },
  { in: { id: '<request:2>', result: { thread: { id: thread } } } },
];
const turn = { out: { id: '<request:3>', method: 'turn/start', params: { threadId: thread, input: 'hi' } } };
const answered = { in: { id: '<request:3>', result: {} } };

async function open(golden: string) {
  const fake = runs.start(golden);
  fake.send({ id: 'a', method: 'initialize', params: { clientInfo: { name: 'mine', version: '2' } } });
  expect(await fake.next()).toEqual({ id: 'a', result: { userAgent: `mine/${pin}` } });
  fake.send({ id: 'b', method: 'thread/start', params: {} });
  const { result } = (await fake.next()) as { result: { thread: { id: string } } };
  return { fake, threadId: result.thread.id };
}

test('a client that does as recorded leaves no trace but its wire', async () => {
  const { fake, threadId } = await open(goldenText(...shaken, ...opened, turn, answered));
  fake.send({ id: 3, method: 'turn/start', params: { threadId, input: 'hi' } });
  expect(await fake.next()).toEqual({ id: 3, result: {} });
  fake.end();
  expect(await fake.ended).toEqual({ code: 0, signal: null, stderr: '' });
  expect(fake.logged('mark')).toEqual([]);
  expect(fake.logged('out')).toHaveLength(3);
  expect(fake.logged('in').at(-1)).toMatchObject({ text: '{"id":3,"result":{}}' });
  expect(fake.logged('exit')).toMatchObject([{ code: 0, signal: null }]);
});

test('numbers keep their digits, and a client that rounds one is told so', async () => {
  const big = new ExactNumber('9007199254740993');
  const ask = { out: { id: '<request:3>', method: 'turn/start', params: { threadId: thread, n: [big, 2] } } };
  const say = { in: { method: 'x', params: { n: big } } };
  const { fake, threadId } = await open(goldenText(...shaken, ...opened, ask, say, answered));
  fake.send({ id: 3, method: 'turn/start', params: { threadId, n: [9007199254740992, new ExactNumber('2.0')] } });
  expect(await fake.next()).toEqual({ method: 'x', params: { n: big } });
  fake.end();
  await fake.ended;
  expect(fake.misses()).toEqual([]);
  expect(fake.logged('replay').at(-1)).toMatchObject({ path: '/params/n/0', golden: big, client: 9007199254740992 });
});

test('a wrong method is answered, with the nearest line and the first difference', async () => {
  const { fake, threadId } = await open(goldenText(...shaken, ...opened, turn, answered));
  fake.send({ id: 3, method: 'turn/begin', params: { threadId, input: 'hi' } });
  const text =
    'the client sent turn/begin, which no remaining line of the golden awaits; the nearest is turn/start in line 6: at /method expected "turn/start", got "turn/begin"';
  expect(await fake.next()).toEqual({ id: 3, error: { code: -32600, message: `fake-codex-rs: replay miss: ${text}` } });
  expect(fake.misses()).toEqual([text]);
  fake.send({ id: 4, method: 'turn/start', params: { threadId, input: 'hi' } });
  expect(await fake.next()).toEqual({ id: 4, result: {} });
});

test('a message about another thread is another message', async () => {
  const { fake } = await open(goldenText(...shaken, ...opened, turn, answered));
  fake.send({ id: 3, method: 'turn/start', params: { threadId: 'other', input: 'hi' } });
  expect(await fake.next()).toMatchObject({ id: 3, error: { code: -32600 } });
  expect(fake.misses()).toEqual([
    expect.stringMatching(/turn\/start in line 6: at \/params\/threadId expected "<thread:1>", got "other"$/),
  ]);
});

test('one message too many', async () => {
  const { fake } = await open(goldenText(...shaken, ...opened));
  fake.send({ method: 'note' });
  fake.send({ id: 3, method: 'model/list', params: {} });
  expect(await fake.next()).toMatchObject({ id: 3, error: { code: -32600 } });
  expect(fake.misses()).toEqual([
    'the client sent note, but the golden awaits nothing more of it',
    'the client sent model/list, but the golden awaits nothing more of it',
  ]);
});

test.each([
  ['the end of its input', undefined, 'the client has ended the engine', { code: 0, signal: null }],
  ['SIGTERM', 'SIGTERM', 'the client has ended the engine', { code: 0, signal: null }],
] as const)('a golden not played to its end when %s comes', async (_name, signal, why, exit) => {
  const { fake } = await open(goldenText(...shaken, ...opened, turn, answered));
  if (signal === undefined) fake.end();
  else fake.kill(signal);
  expect(await fake.ended).toMatchObject(exit);
  expect(fake.misses()).toEqual([`${why}, but the golden still awaits turn/start in line 6`]);
  expect(fake.logged('exit')).toMatchObject([exit]);
});

test('a message before its turn waits there, and one of another thread may overtake', async () => {
  const other = { out: { id: '<request:4>', method: 'thread/name/set', params: { threadId: thread } } };
  const renamed = { in: { id: '<request:4>', result: { name: 'x' } } };
  const { fake, threadId } = await open(goldenText(...shaken, ...opened, turn, answered, other, renamed));
  fake.send({ id: 4, method: 'thread/name/set', params: { threadId } });
  fake.send({ id: 3, method: 'turn/start', params: { threadId, input: 'hi' } });
  expect([await fake.next(), await fake.next()]).toEqual([
    { id: 3, result: {} },
    { id: 4, result: { name: 'x' } },
  ]);
  fake.end();
  await fake.ended;
  expect(fake.misses()).toEqual([]);
});

test('other differences are reported and the replay goes on', async () => {
  const { fake, threadId } = await open(goldenText(...shaken, ...opened, turn, answered));
  fake.send({ id: 3, method: 'turn/start', params: { threadId, input: 'ho', more: 1 } });
  expect(await fake.next()).toEqual({ id: 3, result: {} });
  expect(fake.logged('replay').filter(({ message }) => message === 'turn/start')).toMatchObject([
    { line: 6, path: '/params/input', golden: 'hi', client: 'ho' },
    { line: 6, path: '/params/more', client: 1 },
  ]);
});

test('an engine that ended by itself does so again', async () => {
  const { fake } = await open(goldenText(...shaken, ...opened, { ch: 'exit', body: { code: 3, signal: null } }));
  expect(await fake.ended).toMatchObject({ code: 3 });
  expect(fake.misses()).toEqual([]);
});

test('a client that reads nothing slows the fake down and does not hold its end', async () => {
  const flood = Array.from({ length: 200 }, () => ({ in: { method: 'flood', params: { text: 'x'.repeat(10_000) } } }));
  const fake = runs.start(goldenText(...shaken, ...flood));
  fake.send({ id: 'a', method: 'initialize', params: {} });
  fake.end();
  expect(await fake.ended).toMatchObject({ code: 0 });
  expect(fake.logged('in').length).toBeLessThan(150);
});

test.each([
  [
    'not JSON',
    '{"kind":"golden","schemaVersion":1}\n{oops\n',
    /Reading the golden .*: expected JSON in line 2, got "\{oops"\. Record it again/,
  ],
  ['cut', '{"kind":"golden","schemaVersion":1}\n{"lane"', /expected a newline at its end, got a file cut in line 2\./],
  [
    'no golden',
    '{"kind":"observation"}\n',
    /expected a header of kind "golden" with schemaVersion 1 in line 1, got \{"kind":"observation"\}\./,
  ],
  [
    'incomplete',
    '{"kind":"golden","schemaVersion":1}\n{"ch":"x"}\n',
    /expected lane, ch, key and body in line 2, got \{"ch":"x"\}\./,
  ],
])('a golden that is %s is refused in one sentence', async (_name, golden, sentence) => {
  const { code, stderr } = await runs.start(golden).ended;
  expect(code).toBe(2);
  expect(stderr).toMatch(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('a golden that is not there, and options that are not as they should be', async () => {
  const absent = await runs.start('', { golden: '/nowhere/golden.jsonl' }).ended;
  expect(absent).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/\/nowhere\/golden.jsonl: expected a golden, got no such file\./),
  });
  const wrong = await runs.start('', { control: {} }).ended;
  expect(wrong).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/Reading the options .*: expected a text, got control: \{\}\./),
  });
});

test('says its version, and refuses what it cannot play', async () => {
  const version = runs.start(goldenText(), { engineVersion: '9.8.7' }, ['--version']);
  version.end();
  expect(await version.ended).toMatchObject({ code: 0, stderr: '' });
  expect(version.logged('in')).toMatchObject([{ text: 'codex-cli 9.8.7' }]);
  const wrong = await runs.start(goldenText(), {}, ['app-server', '--bogus']).ended;
  expect(wrong).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error: unexpected argument '--bogus' found\n/),
  });
});
