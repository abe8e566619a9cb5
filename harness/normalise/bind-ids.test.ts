import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../testing/json/json.ts';
import type { ObservationBody, ObservationHeader, ObservationLine } from '../observation/types.ts';
import { NormaliseCache } from './cache.ts';
import { normalise } from './normalise.ts';

const uuid = (n: number) => `019aa000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const root = '/cells/1';
const header: ObservationHeader = {
  kind: 'observation',
  schemaVersion: 1,
  scenario: 's/s',
  client: 'ts',
  clientVersion: '1',
  engine: 'fake',
  engineVersion: '1.0.0',
  engineSha256: '',
  platform: '',
  paths: {
    ...{ root, workspace: `${root}/w`, home: `${root}/h` },
    ...{ codexHome: `${root}/x`, tmp: `${root}/t`, launcher: `${root}/l` },
  },
};
const timed = (bodies: readonly ObservationBody[]): ObservationLine[] => bodies.map((body, t) => ({ t, ...body }));
const observed = (lines: ObservationLine[]) => ({ header, lines });
const bound = (bodies: readonly ObservationBody[]) => normalise(observed(timed(bodies))).lines;
const placed = (bodies: readonly ObservationBody[]) => bound(bodies).map(({ lane, key }) => `${lane} ${key}`);

const out = (msg: JsonValue): ObservationBody => ({ ch: 'wire.out', msg });
const said = (msg: JsonValue): ObservationBody => ({ ch: 'wire.in', msg });
const event = (lane: string, payload: JsonObject): ObservationBody => ({
  ...{ ch: 'event', lane, method: 'item/started' },
  ...{ payload, known: true },
});
const start = out({ id: 'a', method: 'thread/start', params: {} });
const started = (ephemeral = false) => said({ id: 'a', result: { thread: { id: uuid(1), ephemeral } } });
const turn = (id: string) => out({ id, method: 'turn/start', params: { threadId: uuid(1) } });
const turnIs = (id: string, n: number) => said({ id, result: { turn: { id: uuid(n) } } });
const completed = (n: number) =>
  said({ method: 'turn/completed', params: { threadId: uuid(1), turn: { id: uuid(n) } } });
const ask = (id: string, method = 'thread/read') => out({ id, method, params: { threadId: uuid(1) } });
const answer = (id: string) => said({ id, result: {} });

test('a request has its number on its answer, of the client apart from of the engine, of whatever id', () => {
  const lines = bound([
    out({ id: 4, method: 'x' }),
    said({ id: 4, method: 'item/tool/requestUserInput', params: {} }),
    out({ id: 4, result: {} }),
    said({ id: 4, result: {} }),
    out({ id: '4', method: 'y' }),
    said({ id: 7, result: {} }),
  ]);
  const ids = lines.map(({ body }) => (body.msg as JsonObject).id);
  expect(ids).toEqual([
    ...['<numeric-request:1>', '<server-request:1>', '<server-request:1>', '<numeric-request:1>'],
    ...['<request:2>', 7],
  ]);
});

test.each([
  ['a request of the engine', [said({ id: 4, method: 'y' })], '<server-request:1>'],
  ['a request of the client', [out({ id: 4, method: 'x' })], '<numeric-request:1>'],
  [
    'one of each: the engine speaks of its own',
    [out({ id: 4, method: 'x' }), said({ id: 4, method: 'y' })],
    '<server-request:1>',
  ],
  ['none', [], 4],
])('a notification that names %s', (_, before, id) => {
  const line = bound([...before, said({ method: 'serverRequest/resolved', params: { requestId: 4 } })]).at(-1);
  expect(line?.body.msg).toMatchObject({ params: { requestId: id } });
});

test('a turn is of its thread, an item of its turn, by whatever says so first; of an unknown thread it says that', () => {
  const item = { id: 'msg_1', type: 'agentMessage', text: 'msg_1 and more' };
  const lines = bound([
    start,
    started(),
    turn('b'),
    turnIs('b', 2),
    said({ method: 'item/started', params: { threadId: uuid(1), turnId: uuid(2), item } }),
    said({ method: 'turn/started', params: { threadId: uuid(9), turn: { id: uuid(8) } } }),
    said({ method: 'turn/completed', params: { turn: { id: uuid(7) } } }),
    event('e', { threadId: uuid(1), turnId: uuid(2), item }),
  ]);
  expect(lines[3]?.body.msg).toMatchObject({ result: { turn: { id: '<turn:1.1>' } } });
  expect(lines[5]?.body.msg).toMatchObject({ params: { threadId: '<thread:2>', turn: { id: '<turn:2.1>' } } });
  expect(lines[6]?.body.msg).toMatchObject({ params: { turn: { id: '<turn:?.1>' } } });
  // Short ones may occur in any prose.
  const bare = { turnId: '<turn:1.1>', item: { id: '<item:1.1.1>', text: 'msg_1 and more' } };
  expect(lines[4]?.body.msg).toMatchObject({ params: bare });
  expect(lines[7]?.body.payload).toMatchObject({ threadId: '<thread:1>', ...bare });
});

test('any other id has a number in the first lane, by name, that has it, wherever else it comes', () => {
  const lines = bound([
    event('z', { a: uuid(5), b: `${uuid(6)} and ${uuid(5)}` }),
    event('b', { c: uuid(6) }),
    event('z', { d: uuid(5) }),
  ]);
  expect(lines.map(({ body }) => body.payload)).toEqual([
    { a: '<id:user/z#1>', b: '<id:user/b#1> and <id:user/z#1>' },
    { c: '<id:user/b#1>' },
    { d: '<id:user/z#1>' },
  ]);
});

test.each([
  ['a call', { ch: 'call', lane: 'main', op: 'codex.models', args: {} }, 'user/main codex.models'],
  ['a hang', { ch: 'hang', lane: 'm', op: 't.run', step: 1 }, 'user/m t.run'],
  [
    'an event that floats',
    { ch: 'event', lane: 'e', method: 'warning', payload: {}, known: true },
    'user/e~warning warning',
  ],
  [
    'events of one source',
    { ch: 'event', lane: 'e', method: 'process/exited', payload: {}, known: true },
    'user/e~process process/exited',
  ],
  ['a request', { ch: 'request', method: 'x', params: { threadId: uuid(1) }, reply: {} }, 'request/? x'],
  ['one of no thread', { ch: 'request', method: 'x', params: {}, reply: {} }, 'request/- x'],
  ['a message of no thread', said({ method: 'x', params: {} }), 'in/- x'],
  ['what floats on the wire', said({ method: 'warning', params: {} }), 'in/-~warning warning'],
  ['what a client sends never floats', out({ method: 'warning', params: {} }), 'out/- warning'],
  ['an answer to nobody', said({ id: 1, result: {} }), 'in/- answer ?'],
  ['what is no message', said('text'), 'in/- raw'],
  ['an event of a run', { ch: 'wire.in', run: 2, msg: { type: 'turn.started' } }, 'in/run2 turn.started'],
  ['what a run says that is no event', { ch: 'wire.in', run: 2, raw: 'x' }, 'in/run2 raw'],
  ['the prompt of a run', { ch: 'wire.out', run: 2, raw: 'x' }, 'out/run2 stdin'],
  ['the end of a run', { ch: 'exit', run: 2, code: 0, signal: null }, 'exit/run2 exit'],
  ['a file', { ch: 'file', path: 'a.txt', content: '' }, 'file a.txt'],
  ['a mark', { ch: 'mark', mark: 'm' }, 'mark m'],
  ['telemetry', { ch: 'telemetry', name: 'n', message: {} }, 'telemetry/n n'],
  ['what is left', { ch: 'rest', processes: ['p'], files: [] }, 'rest rest'],
] as [string, ObservationBody, string][])('the lane and the key of %s', (_, body, place) => {
  expect(placed([body])).toEqual([place]);
});

/** The lane of the last answer. */
test.each([
  ['while no turn runs', [start, started(), ask('c'), answer('c')], 'in/<thread:1>'],
  ['while a turn starts', [start, started(), turn('b'), ask('c'), answer('c')], 'in/answer <request:3>'],
  ['while a turn runs', [start, started(), turn('b'), turnIs('b', 2), ask('c'), answer('c')], 'in/answer <request:3>'],
  [
    'once the turn is over',
    [start, started(), turn('b'), turnIs('b', 2), completed(2), ask('c'), answer('c')],
    'in/<thread:1>',
  ],
  ['once the start is refused', [start, started(), turn('b'), answer('b'), ask('c'), answer('c')], 'in/<thread:1>'],
  [
    'while another turn runs than the refused one',
    [start, started(), turn('b'), turn('c'), answer('c'), ask('d'), answer('d')],
    'in/answer <request:4>',
  ],
  ['for a turn', [start, started(), turn('b'), turnIs('b', 2)], 'in/<thread:1>'],
  ['for a turn of which nothing is kept', [start, started(true), turn('b'), turnIs('b', 2)], 'in/answer <request:2>'],
  ['at the end of a command', [start, started(), ask('c', 'command/exec'), answer('c')], 'in/answer <request:2>'],
  ['a second time', [start, started(), started(true), turn('b'), turnIs('b', 2)], 'in/<thread:1>'],
])('an answer that comes %s has an order among the others, or floats', (_, bodies, lane) => {
  expect(bound(bodies).at(-1)?.lane).toBe(lane);
});

const text = 'x'.repeat(401);
const model = (input: JsonValue[], over: JsonObject = {}, thread?: string): ObservationBody => ({
  ...{ ch: 'model.request', n: 1, method: 'POST', path: '/responses' },
  headers: thread === undefined ? {} : { 'thread-id': thread },
  body: { model: 'm', input, prompt_cache_key: uuid(1), ...over },
});

test('a request to the model shows what is new in its conversation, and of long texts, instructions and tools a hash', () => {
  const [first, second, other] = bound([
    model(['a', text], { instructions: 'i', tools: [], metadata: 'none of ours' }),
    model(['a', text, 'b'], { instructions: 'j' }),
    model(['a', 'c'], {}, uuid(2)),
  ]).map(({ body }) => body.body as JsonObject);
  const hash = /^<sha256:[0-9a-f]{16} of \d+>$/;
  expect(first).toMatchObject({ instructions: expect.stringMatching(hash), tools: expect.stringMatching(hash) });
  expect(first).toMatchObject({ inputBefore: 0, input: ['a', expect.stringMatching(/ of 401>$/)] });
  expect(first).not.toHaveProperty('metadata');
  expect(second).toMatchObject({ inputBefore: 2, input: ['b'] });
  expect(second?.instructions).not.toBe(first?.instructions);
  expect(other).toMatchObject({ inputBefore: 0, input: ['a', 'c'] });
  // What was compacted is told anew from where it differs.
  const [, shorter] = bound([model(['a', 'b', 'c']), model(['a', 'x'])]);
  expect(shorter?.body.body).toMatchObject({ inputBefore: 1, input: ['x'] });
});

/** An observation that shares its lines with this one, as those do that the sensitivity makes. */
const shared = timed([
  start,
  started(),
  turn('b'),
  turnIs('b', 2),
  said({ id: 4, method: 'item/tool/requestUserInput', params: { threadId: uuid(1) } }),
  said({ method: 'serverRequest/resolved', params: { threadId: uuid(1), requestId: 4 } }),
  event('b', { turnId: uuid(2), note: `${uuid(5)}, of ${uuid(6)}`, whole: uuid(7) }),
  event('c', { note: uuid(6), whole: uuid(5), again: uuid(7) }),
  event('d', { whole: uuid(5), other: 'msg_1' }),
  said({ method: 'turn/completed', params: { threadId: uuid(1), turn: { id: uuid(2), startedAt: 1_795_392_862 } } }),
  model(['a', text, uuid(5)], {}, uuid(1)),
  model(['a', text, uuid(5), 'b'], {}, uuid(1)),
  event('f', { turnId: uuid(2) }),
]);
const without = (...gone: number[]) => shared.filter((_, index) => !gone.includes(index));
const withLine = (at: number, body: ObservationBody) =>
  shared.map((line, index) => (index === at ? { t: line.t, ...body } : line));

test.each<readonly [string, readonly ObservationLine[]]>([
  ['the same', shared],
  ...shared.map((line, index) => [`without line ${index}, ${line.ch}`, without(index)] as const),
  ['with another thread', withLine(1, said({ id: 'a', result: { thread: { id: uuid(11) } } }))],
  ['with another turn', withLine(3, turnIs('b', 12))],
  ['with one more request before', [{ t: 0, ...out({ id: 'z', method: 'x' }) }, ...shared]],
  ['with one more request of the engine before', [{ t: 0, ...said({ id: 3, method: 'y' }) }, ...shared]],
  ['with a thread that was an id', withLine(1, said({ id: 'a', result: { thread: { id: uuid(5) } } }))],
  ['with an id that was a turn', withLine(3, answer('b'))],
  ['with an id earlier', withLine(6, event('b', { note: uuid(6), whole: uuid(5) }))],
  ['with ids in another order', withLine(6, event('b', { note: `${uuid(6)}, of ${uuid(5)}`, whole: uuid(7) }))],
  ['with a whole text that is another id', withLine(6, event('b', { whole: uuid(6), note: uuid(7) }))],
  [
    'with an item of a name that was a text',
    withLine(5, said({ method: 'x', params: { threadId: uuid(1), turnId: uuid(2), itemId: 'msg_1' } })),
  ],
  ['with another conversation before', withLine(10, model(['x'], {}, uuid(1)))],
  [
    'with a time far from the others',
    withLine(9, said({ method: 'turn/completed', params: { turn: { startedAt: 1 } } })),
  ],
])('what was kept of another observation changes nothing: %s', (_, lines) => {
  expectSame([shared, lines, shared]);
  expectSame([lines, shared, lines]);
});

/** With one cache, each is as it is without. */
function expectSame(observations: readonly (readonly ObservationLine[])[]) {
  const cache = new NormaliseCache();
  for (const one of observations) {
    const [kept, fresh] = [cache, undefined].map((given) => normalise(observed([...one]), given));
    expect({ ...kept }).toEqual({ ...fresh });
  }
}

test('a line that was met first where the ids were others is not kept as it was there', () => {
  const earlier = [out({ id: 'y', method: 'thread/start' }), said({ id: 'y', result: { thread: { id: uuid(20) } } })];
  for (const index of shared.keys())
    expectSame([without(index), [...timed(earlier), ...shared], shared, [...timed(earlier), ...shared]]);
});

test('what races on the real engine is settled there, and not where a script sends it in that order on purpose', () => {
  const late = timed([
    start,
    started(),
    turn('b'),
    said({ method: 'turn/started', params: { threadId: uuid(1), turn: { id: uuid(2) } } }),
    turnIs('b', 2),
  ]);
  const keys = (engine: 'real' | 'fake') =>
    normalise({ header: { ...header, engine }, lines: late })
      .lines.slice(-2)
      .map(({ key }) => key);
  expect(keys('real')).toEqual(['answer turn/start', 'turn/started']);
  expect(keys('fake')).toEqual(['turn/started', 'answer turn/start']);
});

test('what is kept is given again, and is not made anew', () => {
  const cache = new NormaliseCache();
  const [first, second] = [shared, without(8)].map((lines) => normalise(observed([...lines]), cache).lines);
  expect(second?.[1]).toBe(first?.[1]);
  expect(second?.[7]).toBe(first?.[7]);
});
