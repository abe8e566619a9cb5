import { expect, test } from 'vitest';
import { loadContract } from '../contract/load-contract.ts';
import { ShapeChecker } from './check-shape.ts';
import { readScenarios } from './load-scenarios.ts';

const contract = await loadContract();
const shape = new ShapeChecker();
const head = (covers = 'turn/start'): string => `id: turns/x\ntitle: X\nfamily: app-server\ncovers: ['${covers}']\n`;
const read = (text: string): ReturnType<typeof readScenarios> =>
  readScenarios(text, { file: 'x.yaml', id: 'turns/x', contract, shape });
const problems = (text: string): string[] =>
  read(text).problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
/** The problems of these steps (the first on line 7), after the model's answers where there are some. */
const stepProblems = (steps: string[], model = '[]'): string[] =>
  problems(`${head()}model: ${model}\nsteps:\n${steps.map((step) => `  - ${step}\n`).join('')}`);

const start = '{ call: codex.thread_start, as: t }';
const turn = '{ call: t.turn, as: h, with: { input: hi } }';
const stream = '{ start: h.stream, as: e }';

test('valid: a scenario comes with its file and the line of each step', () => {
  const {
    scenarios: [scenario],
    problems: none,
  } = read(
    `${head('item:agentMessage')}model: [{ parts: [{ stream: [a], hold: l }] }]\nsteps:\n  # one\n  - ${start}\n  - ${turn}\n\n  - ${stream}\n  - { await: e, match: { delta: a }, times: 2 }\n  - { release: l }\n  - { call: t.read, with: { a: [{ $ref: t.id }, { $new: TextInput, text: { $path: notes/a.md } }, { $enum: Sandbox.read_only }] } }\n  - { drop: h }\n`,
  );
  expect(none).toEqual([]);
  expect(scenario).toMatchObject({ id: 'turns/x', file: 'x.yaml', idLine: 1, stepLines: [8, 9, 11, 12, 13, 14, 15] });
});

test('invalid YAML is placed', () => {
  expect(problems(`${head()}steps:\n  - { call: a.b\n  - x\n`)[0]).toMatch(/^7:\d+: /);
  expect(problems('id: a\nid: b\n')[0]).toMatch(/^2:1: Map keys must be unique/);
});

test('invalid shape: every problem at once, each at its place, with what is expected', () => {
  expect(
    problems(
      `${head()}titel: Y\nneeds: [sdks]\nmodel:\n  - mesage: hi\n  - parts: [{ stream: a }, { messag: b }]\nsteps:\n  - { cal: codex.thread_start }\n  - { start: h.stream }\n  - { call: codex }\n  - { join: a, close: b }\n  - { await: e, match: {}, time: 2 }\n  - 5\n`,
    ),
  ).toEqual([
    expect.stringMatching(/^5:1: expected the keys id, title, .*, got the key "titel" \(did you mean "title"\?\)$/),
    '6:9: expected one of sdk, rpc, cancel, server-requests, error-replies, got "sdks" (did you mean "sdk"?)',
    expect.stringMatching(/^8:5: expected the keys .*, got the key "mesage" \(did you mean "message"\?\)$/),
    '9:23: expected a list, got "a"',
    expect.stringMatching(/^9:28: expected one of message, .*, got "messag" \(did you mean "message"\?\)$/),
    expect.stringMatching(/^11:5: expected one of call, .*, got "cal" \(did you mean "call"\?\)$/),
    '12:5: expected the key "as", got none',
    expect.stringMatching(/^13:13: expected the form .*, got "codex"/),
    '14:16: expected one of "join" and "close", got both',
    '15:24: expected at least 1 keys, got {}',
    '15:28: expected the keys await, match, times, since, until, got the key "time" (did you mean "times"?)',
    '16:5: expected an object, got 5',
  ]);
  expect(problems('')).toEqual(['1:1: expected an object, got null']);
});

test('wrong names: unbound, dropped, twice, reserved, not in the background', () => {
  expect(
    stepProblems([
      start,
      '{ call: th.turn, as: t }',
      '{ call: t.x, as: codex, with: { a: [{ $ref: h.id }] } }',
      '{ await: t, match: { a: 1 } }',
      '{ call: t.events, as: e }',
      '{ start: t.stream, as: s }',
      '{ next: s }',
      '{ drop: e }',
      '{ next: e }',
      '{ join: codex }',
      '{ call: s.x, as: main }',
    ]),
  ).toEqual([
    '8:13: expected a name that an earlier step binds, got "th" (did you mean "t"?)',
    '8:26: expected another name, since names are lanes of the observation, got "t" again',
    '9:22: expected another name, got "codex", which stands for the client',
    '9:49: expected a name that an earlier step binds, got "h"',
    '10:14: expected the name of a start, got "t", which runs nowhere in the background',
    '13:13: expected a stream bound by call, got "s", which the background consumes',
    '15:13: expected a name that is still bound, got "e", which an earlier step dropped',
    '16:13: expected the name of a start, got "codex", which runs nowhere in the background',
    '17:22: expected another name, got "main", which stands for the lane of unnamed steps',
  ]);
});

test('exec: a thread whose run is cancelled has its id only where the client was seen to have it', () => {
  const of = (...steps: string[]) =>
    problems(
      `id: turns/x\ntitle: X\nfamily: exec\ncovers: [thread.started]\nmodel: [{ message: a }]\nsteps:\n  - { call: codex.start_thread, as: t }\n${steps.map((step) => `  - ${step}\n`).join('')}`,
    );
  const run = '{ start: t.run, as: r, with: { input: a } }';
  const streamed = run.replace('t.run', 't.run_streamed');
  const [cancel, id, again] = ['{ cancel: r }', '{ call: t.id }', '{ call: t.run, with: { input: b } }'];
  const race = (line: number) =>
    `${line}:13: expected a thread that has its id, got "t", whose run was cancelled before an event of it was awaited; start run_streamed, and await the last event`;
  expect(of(run, '{ await-model: 1 }', cancel, id, again)).toEqual([race(11), race(12)]);
  expect(of(streamed, '{ await: r, match: { method: thread.started } }', cancel, id, again)).toEqual([]);
  expect(of(again, run, cancel, id)).toEqual([]);
  expect(of(run, '{ join: r }', cancel, id)).toEqual([]);
  expect(of(run, '{ await-model: 1 }', cancel)).toEqual([]);
});

test('wrong latches: held and never released, released and never held, released twice', () => {
  expect(
    stepProblems(
      [start, '{ release: gone }', '{ release: b }', '{ release: b }'],
      '[{ stream: [x], hold: go }, { parts: [{ hold: b }] }]',
    ),
  ).toEqual([
    '5:30: expected a latch that a step releases, got "go"',
    '8:16: expected a latch that something holds, got "gone" (did you mean "go"?)',
    '10:16: expected each latch to be released once, got "b" again',
  ]);
});

test('wrong typed forms, wherever they stand', () => {
  expect(
    stepProblems([
      '{ call: codex.x, with: { a: { $enum: read_only }, b: [{ $new: textInput }] } }',
      '{ call: codex.x, with: { c: { $enum: A.b, d: 1 }, e: { $path: ../up } } }',
      '{ call: codex.x, with: { f: { $reff: codex }, g: { $path: /abs } } }',
      '{ check: { file: a/../../b } }',
    ]),
  ).toEqual([
    '7:42: expected Class.member, got "read_only"',
    '7:67: expected a class name, got "textInput"',
    '8:35: expected "$enum" alone, got it beside d',
    '8:67: expected a relative path inside the workspace, with \'/\', got "../up"',
    '9:35: expected one of $enum, $new, $ref, $path, $repeat, got "$reff" (did you mean "$ref"?)',
    '9:63: expected a relative path inside the workspace, with \'/\', got "/abs"',
    '10:22: expected a relative path inside the workspace, with \'/\', got "a/../../b"',
  ]);
});

test('wrong facts: id, covers, clients of another family, engine range, model requests', () => {
  const text = `id: turns/y\ntitle: X\nfamily: app-server\ncovers: [turn/strat, 'item:agentMesage', 'fault:crash']\nclients: [ts, ts-exec]\nsince: 0.163.0\nuntil: 0.99.0\nmodel: [{ message: a }]\nsteps:\n  - { await-model: 2 }\n`;
  expect(problems(text)).toEqual([
    '1:5: expected "turns/x" as the path has it, got the id "turns/y"',
    '4:10: expected a method, item:VARIANT or fault:KIND of the contract, got "turn/strat" (did you mean "turn/start"?)',
    '4:22: expected a method, item:VARIANT or fault:KIND of the contract, got "item:agentMesage" (did you mean "item:agentMessage"?)',
    '5:15: expected a client of the family app-server, got the client "ts-exec" of the family exec',
    '7:8: expected a version not before since 0.163.0, got until 0.99.0',
    '10:20: expected one of the 1 requests that model answers, got request 2',
  ]);
});

test('answers: a method of the engine, one thing said, latches that a step releases; await-wire names a message of the engine', () => {
  const answers = (rules: string, steps = start): string[] =>
    problems(`${head()}answers:\n${rules}steps:\n  - ${steps}\n`);
  expect(
    answers(
      '  - { to: item/tool/cal, reply: {} }\n  - { to: item/tool/call }\n  - { to: item/tool/call, reply: { a: { $ref: t } }, none: true, hold: go }\n',
      '{ await-wire: turn/complete }',
    ),
  ).toEqual([
    '6:11: expected a request of the engine, got "item/tool/cal" (did you mean "item/tool/call"?)',
    '7:5: expected one of reply, error, throws, none, default, got a rule that says nothing',
    '8:41: expected one of $path, got "$ref"',
    '8:54: expected one of "reply" and "none", got both',
    '8:72: expected a latch that a step releases, got "go"',
    '10:19: expected a message of the engine, got "turn/complete" (did you mean "turn/completed"?)',
  ]);
  expect(answers('  - { to: item/tool/call, reply: { a: { $path: b } }, times: 2 }\n')).toEqual([]);
});

test('await: an event of the engine, not one that no engine sends', () => {
  const wait = (method: string): string[] =>
    stepProblems([start, turn, stream, `{ await: e, match: { method: ${method} } }`]);
  expect(wait('turn/complete')).toEqual([
    '10:34: expected an event, got "turn/complete" (did you mean "turn/completed"?)',
  ]);
  expect([
    ...wait('turn/completed'),
    ...wait('entry'),
    ...stepProblems([stream.replace('h', 'codex'), '{ await: e, match: { delta: a } }']),
  ]).toEqual([]);
});

test('a matrix: one scenario for each case, its values in place; what a case lacks is left out', () => {
  const text = (cases: string): string =>
    `${head()}matrix:\n${cases}workspace: { $case: files }\nsteps:\n  - { call: codex.x, as: { $case: name } }\n`;
  const { scenarios, problems: none } = read(text('  one: { name: a, files: { f: x } }\n  two: { name: b }\n'));
  expect(none).toEqual([]);
  expect(scenarios).toMatchObject([
    { id: 'turns/x/one', title: 'X (one)', workspace: { f: 'x' }, steps: [{ as: 'a' }], expandedFrom: 'turns/x' },
    { id: 'turns/x/two', title: 'X (two)', steps: [{ as: 'b' }], stepLines: [10] },
  ]);
  expect(scenarios[1]).not.toHaveProperty('workspace');
  expect(scenarios[1]).not.toHaveProperty('matrix');
  expect(problems(text('  one: { name: a b, fils: {} }\n'))).toEqual([
    '5:1: expected a key that a case has, got $case files (did you mean "fils"?)',
    '6:21: expected a key that a $case uses, got "fils" (did you mean "files"?)',
    expect.stringMatching(/^9:26: expected the form .*, got "a b"/),
  ]);
});
