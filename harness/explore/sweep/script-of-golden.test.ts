import { expect, test } from 'vitest';
import type { JsonObject } from '../../../testing/json/json.ts';
import { goldenPath, readGolden } from '../../golden/golden-file.ts';
import { asNormalised, type NormalisedLine } from '../../normalise/types.ts';
import { NoScriptError, scriptOf } from './script-of-golden.ts';

const line = (ch: NormalisedLine['ch'], key: string, body: JsonObject = {}): NormalisedLine => ({
  lane: '',
  ch,
  key,
  body,
});
const golden = (...lines: NormalisedLine[]) =>
  asNormalised({
    header: { kind: 'golden', schemaVersion: 1, scenario: 'a/b', client: 'python', engineVersion: '0.171.0' },
    lines,
    fired: {},
  });
const out = (msg: JsonObject) => line('wire.out', String(msg.method ?? 'answer'), { msg });
const from = (msg: JsonObject, key = String(msg.method ?? 'answer')) => line('wire.in', key, { msg });
const server = line('argv', 'argv', { argv: ['<engine>', 'app-server'] });
const closed = line('exit', 'exit', { code: '<closed>', signal: null });

test('the engine of a golden waits for what the client sends and says what follows', () => {
  const { steps, positions } = scriptOf(
    golden(
      server,
      line('call', 't.run'),
      out({ id: '<request:1>', method: 'turn/start', params: {} }),
      from({ id: '<request:1>', result: { turn: { id: '<turn:1.1>' } } }, 'answer turn/start'),
      line('model.request', '/v1/responses'),
      line('mark', 'released go'),
      from({ method: 'item/started', params: { item: { type: 'plan' }, text: `costs $\{5} or <\\seconds>` } }),
      from({ id: '<server-request:1>', method: 'item/tool/call', params: {} }),
      out({ id: '<server-request:1>', result: {} }),
      from({ id: '<request:1>', error: { code: 1, message: 'no' } }, 'answer turn/start'),
      line('result', 't.run'),
      closed,
    ),
    'app-server',
  );
  expect(steps).toEqual([
    { expect: 'turn/start', as: 'r1', optional: true },
    { answer: 'r1', result: { turn: { id: expect.stringMatching(/^[0-9a-f-]{36}$/) } }, template: false },
    { 'model-request': 1 },
    { hold: 'go', optional: true },
    { send: 'item/started', params: { item: { type: 'plan' }, text: `costs $$\{5} or <seconds>` }, template: false },
    { request: 'item/tool/call', as: 's1', id: 0, params: {}, template: false },
    { 'expect-reply': 's1', optional: true },
    { error: 'r1', body: { code: 1, message: 'no' }, template: false },
  ]);
  expect(positions.map(({ step, from: who, message }) => `${step} ${who} ${message}`)).toEqual([
    '0 client turn/start',
    '1 engine answer turn/start',
    '4 engine item/started:plan',
    '5 engine item/tool/call',
    '6 client answer',
    '7 engine answer turn/start (an error)',
    '8 nobody the end',
  ]);
  expect(positions.map(({ calls, returned }) => `${calls} ${returned}`)).toEqual([
    ...Array(6).fill('1 false'),
    '1 true',
  ]);
});

test('the engine names the home of the run, in which a client may put files, and no home of its own', () => {
  const homeOf = (codexHome: string) => {
    const answer = from({ id: '<request:1>', result: { codexHome, platformOs: 'linux' } }, 'answer initialize');
    return scriptOf(golden(server, out({ id: '<request:1>', method: 'initialize' }), answer, closed), 'app-server')
      .steps[1];
  };
  // The template fills in what is not said.
  expect(homeOf('<codexHome>')).toEqual({ answer: 'r1', result: { platformOs: 'linux' } });
  expect(homeOf('/elsewhere')).toMatchObject({ result: { codexHome: '/elsewhere' }, template: false });
});

test('what the engine says against its own contract, the script calls wrong', async () => {
  const [scenario, key] = ['rpc/thread/timeline', 'answer thread/timeline/list'];
  const recorded = await readGolden(goldenPath('fixtures/golden', scenario, 'linux'));
  const { steps, positions } = scriptOf(recorded as NonNullable<typeof recorded>, 'app-server');
  const wrongs = positions.filter(({ step }) => (steps[step] as { wrong?: true } | undefined)?.wrong === true);
  expect(new Set(wrongs.map(({ message }) => message))).toEqual(new Set([key]));
});

test('what a client chooses is taken from its message', () => {
  const { steps } = scriptOf(
    golden(
      server,
      out({ id: '<request:1>', method: 'turn/start', params: { input: [{ key: '<id:out/-#1>' }] } }),
      from({ method: 'item/started', params: { key: '<id:out/-#1>', other: '<id:in/-#1>' } }),
      closed,
    ),
    'app-server',
  );
  expect(steps[1]).toMatchObject({
    params: { key: `$\{r1.params.input.0.key}`, other: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  });
});

test('runs of exec are parts of one script, however their lines were mixed', () => {
  const start = (run: number) => line('argv', 'argv', { argv: ['<engine>', 'exec'], run });
  const event = (run: number, type: string) => line('wire.in', type, { msg: { type, note: run }, run });
  const exit = (run: number) => line('exit', 'exit', { code: 0, signal: null, run });
  const { steps, positions } = scriptOf(
    golden(start(1), start(2), event(2, 'turn.started'), event(1, 'turn.started'), exit(1), exit(2)),
    'exec',
  );
  const part = (run: number) => [
    { expect: 'exec', optional: true },
    { send: 'turn.started', params: { note: run }, template: false },
    { exit: 0 },
  ];
  expect(steps).toEqual([...part(1), { start: 2 }, ...part(2)]);
  expect(positions.map(({ step }) => step)).toEqual([1, 2, 5, 6]);
});

test.each([
  ['somebody kills it', golden(server, line('mark', 'killed SIGKILL')), 'a script cannot play killed SIGKILL'],
  ['it starts twice', golden(server, closed, server), 'the engine starts more than once'],
  [
    'it dies by a signal',
    golden(server, line('exit', 'exit', { code: null, signal: 'SIGKILL' })),
    'somebody kills the engine',
  ],
  ['an id is of nobody', golden(server, from({ id: 'x', result: {} })), 'nobody can tell which message has the id x'],
])('no script can play a golden in which %s', (_what, one, why) => {
  expect(() => scriptOf(one, 'app-server')).toThrow(new NoScriptError(why));
});

test('every message of a core golden has a position', async () => {
  for (const id of ['turns/steer-mid-stream', 'approvals/command/accept', 'exec/command-runs']) {
    const one = await readGolden(goldenPath('fixtures/golden', id, 'linux'));
    if (one === undefined) throw new Error(`there is no golden ${id}`);
    const { steps, positions } = scriptOf(one, id.startsWith('exec/') ? 'exec' : 'app-server');
    const sent = one.lines.filter(({ ch }) => ch === 'wire.in').length;
    expect(positions.filter(({ from: who }) => who === 'engine')).toHaveLength(sent);
    const text = JSON.stringify(steps);
    expect(text).not.toMatch(/<(?:thread|turn|item|seconds|millis|workspace)\b/);
  }
});
