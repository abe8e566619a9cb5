import { expect, test } from 'vitest';
import { loadContract } from '../contract/load-contract.ts';
import { ShapeChecker } from './check-shape.ts';
import { readScenarios } from './load-scenarios.ts';

const contract = await loadContract();
const shape = new ShapeChecker();
const read = (script: string, steps = '  - { call: codex.models }\n', more = '') =>
  readScenarios(`id: faults/x\ntitle: X\nfamily: app-server\ncovers: []\n${more}script:\n${script}steps:\n${steps}`, {
    file: 'x.yaml',
    id: 'faults/x',
    contract,
    shape,
  });
const problems = (...args: Parameters<typeof read>) =>
  read(...args).problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);

test('a scenario with a script is the fake engine’s alone', () => {
  const {
    scenarios: [scenario],
    problems: none,
  } = read('  - auto: [model/list]\n  - hold: go\n', '  - { release: go }\n');
  expect(none).toEqual([]);
  expect(scenario?.engines).toEqual(['fake']);
  expect(problems('  - auto: [model/list]\n', undefined, 'model: []\nengines: [real]\n')).toEqual([
    '5:1: expected no model beside a scripted engine, which asks none, got one',
    '6:10: expected the fake engine, which plays scripts, got the real one',
  ]);
});

test('a script under its former name is read, and its problems stand where they are', () => {
  const text = (script: string) =>
    `id: faults/x\ntitle: X\nfamily: app-server\ncovers: []\nengine:\n${script}steps:\n  - { call: codex.models }\n`;
  const read = (script: string) => readScenarios(text(script), { file: 'x.yaml', id: 'faults/x', contract, shape });
  expect(read('  - auto: [model/list]\n').scenarios[0]?.script).toEqual([{ auto: ['model/list'] }]);
  expect(read('  - auto: [model/lst]\n').problems).toMatchObject([{ line: 6, column: 12 }]);
});

test('the shape of every step is checked, those within others too', () => {
  expect(
    problems(
      '  - expects: model/list\n  - { send: error, colour: 7 }\n  - any-order: [[{ hold: a b }], [{ exit: now }]]\n  - { expect: a, exit: 1 }\n',
    ),
  ).toEqual([
    expect.stringMatching(/^6:5: expected one of expect, answer, .*, got "expects" \(did you mean "expect"\?\)$/),
    expect.stringMatching(/^7:20: expected the keys send, params, wrong, .*, got the key "colour"/),
    expect.stringMatching(/^8:26: expected the form .*, got "a b"/),
    '8:43: expected the form ^SIG[A-Z0-9]+$, got "now"',
    expect.stringMatching(/^9:18: expected one of "expect" and "exit", got both$/),
  ]);
});

test('names, methods, latches and order are checked', () => {
  expect(
    problems(
      '  - auto: [model/lst]\n  - expect: model/list\n  - answer: modellist\n  - send: turn/complete\n  - { send: mystery, wrong: true }\n  - request: item/ask\n  - expect-reply: nobody\n  - hold: never\n  - exit: 0\n  - send: error\n  - start: 3\n',
      '  - { await-model: 2 }\n',
    ),
  ).toEqual([
    '6:12: expected a request of the contract, got "model/lst" (did you mean "model/list"?)',
    '8:13: expected a name that an earlier expect binds, got "modellist" (did you mean "model/list"?)',
    '9:11: expected an engine\'s notification, or wrong: true, got "turn/complete" (did you mean "turn/completed"?)',
    expect.stringMatching(/^11:14: expected an engine's request, or wrong: true, got "item\/ask"/),
    '12:19: expected a name that an earlier request binds, got "nobody"',
    '13:11: expected a latch that a step releases, got "never"',
    '15:5: expected no step after exit, where none is played any more, got one',
    '16:12: expected start 2, got start 3',
    '18:20: expected one of the 0 model requests of the script, got request 2',
  ]);
});
