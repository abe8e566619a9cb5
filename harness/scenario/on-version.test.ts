import { expect, test } from 'vitest';
import { readEngineLock } from '../../native/index.ts';
import { loadContract } from '../contract/load-contract.ts';
import { namesLackingIn } from '../contract/window.ts';
import { ShapeChecker } from './check-shape.ts';
import { loadScenarios, readScenarios } from './load-scenarios.ts';
import { scenarioOn, standsOf } from './on-version.ts';
import { engineReason } from './select-clients.ts';
import type { LoadedScenario } from './types.ts';

const contract = await loadContract();
const shape = new ShapeChecker();
const window = ['1.0.0', '2.0.0', '3.0.0'];
const read = (text: string): ReturnType<typeof readScenarios> =>
  readScenarios(text, { file: 'x.yaml', id: 'turns/x', contract, shape, window });
const problems = (text: string): string[] =>
  read(text).problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
const head = 'id: turns/x\ntitle: X\nfamily: app-server\n';

test('what stands on a version: both ends of a range belong to it, and no word of versions is left', () => {
  const { scenarios, problems: none } = read(`${head}covers: [turn/start, { name: turn/steer, until: 2.0.0 }]
model:
  - { message: old, until: 1.0.0 }
  - { message: new, since: 2.0.0 }
answers:
  - { to: item/tool/call, reply: {}, since: 2.0.0, until: 2.0.0 }
steps:
  - { call: codex.a, as: t, until: 1.0.0 }
  - { call: codex.b, as: t, since: 2.0.0 }
  - { call: t.c, since: 3.0.0 }
`);
  expect(none).toEqual([]);
  const on = (version: string) => {
    const { covers, model, answers, steps, stepLines } = scenarioOn(scenarios[0] as LoadedScenario, version);
    return { covers, model, answers, steps, stepLines };
  };
  const c = { call: 't.c' };
  expect(on('1.0.0')).toEqual({
    covers: ['turn/start', 'turn/steer'],
    model: [{ message: 'old' }],
    answers: [],
    steps: [{ call: 'codex.a', as: 't' }],
    stepLines: [11],
  });
  expect(on('2.0.0')).toEqual({
    covers: ['turn/start', 'turn/steer'],
    model: [{ message: 'new' }],
    answers: [{ to: 'item/tool/call', reply: {} }],
    steps: [{ call: 'codex.b', as: 't' }],
    stepLines: [12],
  });
  expect(on('3.0.0')).toMatchObject({ covers: ['turn/start'], answers: [], stepLines: [12, 13], steps: [{}, c] });
  expect(scenarioOn(scenarioOn(scenarios[0] as LoadedScenario, '2.0.0'), '2.0.0')).toEqual(
    scenarioOn(scenarios[0] as LoadedScenario, '2.0.0'),
  );
});

test('a name, a latch, or an answer of the model that is not there on a version is an error, which names the versions', () => {
  expect(
    problems(`${head}covers: []
model:
  - { stream: [a], hold: go, since: 2.0.0 }
steps:
  - { call: codex.thread_start, as: t, since: 2.0.0, until: 2.0.0 }
  - { call: t.turn }
  - { release: go }
  - { await-model: 1 }
  - { join: nobody }
`),
  ).toEqual([
    '9:13: expected a name that an earlier step binds, got "t" on engine 1.0.0, 3.0.0',
    '10:16: expected a latch that something holds, got "go" on engine 1.0.0',
    '11:20: expected one of the 0 requests that model answers, got request 1 on engine 1.0.0',
    '12:13: expected a name that an earlier step binds, got "nobody"',
  ]);
  expect(problems(`${head}covers: []\nsteps:\n  - { call: codex.a, since: 2.0.0 }\n`)).toEqual([
    '6:3: expected at least one step, got none on engine 1.0.0',
  ]);
});

test('the file itself may leave versions out; those that it names beyond the window are checked too', () => {
  const text = (range: string): string =>
    `${head}${range}\ncovers: []\nsteps:\n  - { call: codex.a, as: t, since: 2.0.0, until: 4.0.0 }\n  - { call: t.b }\n`;
  expect(problems(text('since: 2.0.0'))).toEqual([]);
  expect(problems(text('since: 5.0.0'))).toEqual([
    expect.stringMatching(/^7:5: expected a range with a version that the scenario holds on/),
    '8:13: expected a name that an earlier step binds, got "t"',
  ]);
  expect(problems(text('until: 2.0.0'))).toEqual([
    '8:13: expected a name that an earlier step binds, got "t" on engine 1.0.0',
  ]);
});

test('a range with its ends the wrong way round, of whatever it is', () => {
  const wrong = 'since: 2.0.0, until: 1.0.0';
  expect(
    problems(`${head}covers: [{ name: turn/start, ${wrong} }]
model: [{ message: a, ${wrong} }]
answers: [{ to: item/tool/call, reply: {}, ${wrong} }]
steps:
  - { call: codex.a, ${wrong} }
`).map((problem) => problem.replace(/^(\d+):\d+: /, '$1 ')),
  ).toEqual([4, 5, 6, 8].map((line) => `${line} expected a version not before since 2.0.0, got until 1.0.0`));
});

test('wrong forms of a range and of what is covered', () => {
  expect(problems(`${head}covers: [{ name: turn/strat, since: 1.0.0 }]\nsteps: [{ call: codex.a }]\n`)).toEqual([
    expect.stringMatching(/^4:18: expected a method, .*, got "turn\/strat" \(did you mean "turn\/start"\?\)$/),
  ]);
  expect(problems(`${head}covers: [{ name: turn/start }, 5]\nsteps: [{ call: codex.a, since: 1.0 }]\n`)).toEqual([
    '4:10: expected at least 2 keys, got {"name":"turn/start"}',
    '4:32: expected a text or an object, got 5',
    '5:33: expected a text, got 1',
  ]);
});

const library = await loadScenarios();
const { engines } = readEngineLock();

test.each(Object.keys(engines))(
  'every scenario of the library stands on engine %s, or says why it does not apply',
  async (version) => {
    const lacks = await namesLackingIn(version);
    const reasons = library.map((scenario) => engineReason(scenario, { engine: 'real', version, lacks }));
    // Those that a script plays are for the fake alone; without them at least nine in ten apply.
    const own = reasons.filter((reason) => reason !== 'limited to the fake engine');
    expect(own.filter((reason) => reason === undefined).length).toBeGreaterThan(own.length * 0.9);
    for (const scenario of library) {
      const standing = scenarioOn(scenario, version);
      expect(JSON.stringify([standing.covers, standing.steps, standing.model, standing.answers])).not.toMatch(
        /"(since|until)":"\d/,
      );
      expect(standing.stepLines, scenario.id).toHaveLength(standing.steps.length);
    }
  },
);

test('a scenario without ranges stands in one way', () => {
  const [plain] = library.filter(({ id }) => id === 'turns/plain-message') as [LoadedScenario];
  expect(standsOf(plain, window)).toMatchObject([{ versions: window }]);
});
