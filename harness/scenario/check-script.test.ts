import { expect, test } from 'vitest';
import { loadContract } from '../contract/load-contract.ts';
import { ShapeChecker } from './check-shape.ts';
import { readScenarios } from './load-scenarios.ts';

const contract = await loadContract();
const shape = new ShapeChecker();
const read = (engine: string, steps = '  - { call: codex.models }\n', more = '') =>
  readScenarios(`id: faults/x\ntitle: X\nfamily: app-server\ncovers: []\n${more}engine:\n${engine}steps:\n${steps}`, {
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
    '5:1: saw a model beside a scripted engine, which asks none',
    '6:10: saw the real engine, which plays no script',
  ]);
});

test('the shape of every step is checked, those within others too', () => {
  expect(
    problems(
      '  - expects: model/list\n  - { send: error, colour: 7 }\n  - any-order: [[{ hold: a b }], [{ exit: now }]]\n  - { expect: a, exit: 1 }\n',
    ),
  ).toEqual([
    expect.stringMatching(/^6:5: saw "expects", wanted one of expect, answer, .* \(did you mean "expect"\?\)$/),
    expect.stringMatching(/^7:20: saw the key "colour", wanted one of send, params, wrong, /),
    expect.stringMatching(/^8:26: saw "a b", wanted the form /),
    '8:43: saw "now", wanted the form ^SIG[A-Z0-9]+$',
    expect.stringMatching(/^9:18: saw "exit" beside "expect", wanted one of the two$/),
  ]);
});

test('names, methods, latches and order are checked', () => {
  expect(
    problems(
      '  - auto: [model/lst]\n  - expect: model/list\n  - answer: modellist\n  - send: turn/complete\n  - { send: mystery, wrong: true }\n  - request: item/ask\n  - expect-reply: nobody\n  - hold: never\n  - exit: 0\n  - send: error\n  - start: 3\n',
      '  - { await-model: 2 }\n',
    ),
  ).toEqual([
    '6:12: saw "model/lst", wanted a request of the contract (did you mean "model/list"?)',
    '8:13: saw the name "modellist", which no expect binds (did you mean "model/list"?)',
    '9:11: saw "turn/complete", wanted an engine\'s notification, or wrong: true (did you mean "turn/completed"?)',
    expect.stringMatching(/^11:14: saw "item\/ask", wanted an engine's request, or wrong: true/),
    '12:19: saw the name "nobody", which no request binds',
    '13:11: saw the latch "never", which no step releases',
    '15:5: saw a step after exit, where none is played any more',
    '16:12: saw start 3, wanted 2',
    '18:20: saw the wait for model request 2, but the script has 0',
  ]);
});
