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

test('invalid shape: every problem at once, each at its place, with what is wanted', () => {
  expect(
    problems(
      `${head()}titel: Y\nneeds: [sdks]\nmodel:\n  - mesage: hi\n  - parts: [{ stream: a }, { messag: b }]\nsteps:\n  - { cal: codex.thread_start }\n  - { start: h.stream }\n  - { call: codex }\n  - { join: a, close: b }\n  - { await: e, match: {}, time: 2 }\n  - 5\n`,
    ),
  ).toEqual([
    expect.stringMatching(/^5:1: saw the key "titel", wanted one of id, title, .* \(did you mean "title"\?\)$/),
    '6:9: saw "sdks", wanted one of sdk, rpc, cancel, server-requests, error-replies (did you mean "sdk"?)',
    expect.stringMatching(/^8:5: saw the key "mesage", .*\(did you mean "message"\?\)$/),
    '9:23: saw "a", wanted array',
    expect.stringMatching(/^9:28: saw "messag", wanted one of message, .*\(did you mean "message"\?\)$/),
    expect.stringMatching(/^11:5: saw "cal", wanted one of call, .*\(did you mean "call"\?\)$/),
    '12:5: saw no "as", wanted one',
    expect.stringMatching(/^13:13: saw "codex", wanted the form /),
    '14:16: saw "close" beside "join", wanted one of the two',
    '15:24: saw {}; it must NOT have fewer than 1 properties',
    '15:28: saw the key "time", wanted one of await, match, times (did you mean "times"?)',
    '16:5: saw 5, wanted object',
  ]);
  expect(problems('')).toEqual(['1:1: saw null, wanted object']);
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
    '8:13: saw the name "th", which no earlier step binds (did you mean "t"?)',
    '8:26: saw the name "t" a second time; wanted another one, since names are lanes of the observation',
    '9:22: saw the name "codex", which stands for the client',
    '9:49: saw the name "h", which no earlier step binds',
    '10:14: saw "t", which runs nowhere in the background; wanted the name of a start',
    '13:13: saw "s", which the background consumes; wanted a stream bound by call',
    '15:13: saw the name "e", which an earlier step dropped',
    '16:13: saw "codex", which runs nowhere in the background; wanted the name of a start',
    '17:22: saw the name "main", which stands for the lane of unnamed steps',
  ]);
});

test('wrong latches: held and never released, released and never held, released twice', () => {
  expect(
    stepProblems(
      [start, '{ release: gone }', '{ release: b }', '{ release: b }'],
      '[{ stream: [x], hold: go }, { parts: [{ hold: b }] }]',
    ),
  ).toEqual([
    '5:30: saw the latch "go", which no step releases',
    '8:16: saw the latch "gone", which nothing holds (did you mean "go"?)',
    '10:16: saw the latch "b" released a second time',
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
    '7:42: saw "read_only", wanted Class.member',
    '7:67: saw "textInput", wanted a class name',
    '8:35: saw "$enum" beside d, wanted it alone',
    '8:67: saw "../up", wanted a relative path inside the workspace, with \'/\'',
    '9:35: saw "$reff", wanted one of $enum, $new, $ref, $path, $repeat (did you mean "$ref"?)',
    '9:63: saw "/abs", wanted a relative path inside the workspace, with \'/\'',
    '10:22: saw "a/../../b", wanted a relative path inside the workspace, with \'/\'',
  ]);
});

test('wrong facts: id, covers, clients of another family, engine range, model requests', () => {
  const text = `id: turns/y\ntitle: X\nfamily: app-server\ncovers: [turn/strat, 'item:agentMesage', 'fault:crash']\nclients: [ts, ts-exec]\nsince: 0.163.0\nuntil: 0.99.0\nmodel: [{ message: a }]\nsteps:\n  - { await-model: 2 }\n`;
  expect(problems(text)).toEqual([
    '1:5: saw the id "turns/y", wanted "turns/x" as the path has it',
    '4:10: saw "turn/strat", which is no method, item:VARIANT or fault:KIND of the contract (did you mean "turn/start"?)',
    '4:22: saw "item:agentMesage", which is no method, item:VARIANT or fault:KIND of the contract (did you mean "item:agentMessage"?)',
    '5:15: saw the client "ts-exec" of the family exec, wanted one of app-server',
    '7:8: saw until 0.99.0, which is before since 0.163.0',
    '10:20: saw the wait for model request 2, but model has 1 answers',
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
    '6:11: saw "item/tool/cal", wanted a request of the engine (did you mean "item/tool/call"?)',
    '7:5: saw a rule that says nothing, wanted one of reply, error, throws, none, default',
    '8:41: saw "$ref", wanted one of $path',
    '8:54: saw "none" beside "reply", wanted one of the two',
    '8:72: saw the latch "go", which no step releases',
    '10:19: saw "turn/complete", wanted a message of the engine (did you mean "turn/completed"?)',
  ]);
  expect(answers('  - { to: item/tool/call, reply: { a: { $path: b } }, times: 2 }\n')).toEqual([]);
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
    '5:1: saw $case files, which no case has (did you mean "fils"?)',
    '6:21: saw "fils", which no $case uses (did you mean "files"?)',
    expect.stringMatching(/^9:26: saw "a b", wanted the form /),
  ]);
});
