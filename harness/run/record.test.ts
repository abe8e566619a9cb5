import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CellPlan } from '../cell/types.ts';
import { readGolden, writeGolden } from '../golden/golden-file.ts';
import { normalise } from '../normalise/normalise.ts';
import type { Observation, ObservationBody } from '../observation/types.ts';
import { recordScenario } from './record.ts';

let goldens: string;
beforeEach(async () => {
  goldens = await mkdtemp(path.join(os.tmpdir(), 'record-'));
});
afterEach(() => rm(goldens, { recursive: true }));
const file = () => path.join(goldens, 'turns/plain.jsonl');

const mark = (name: string): ObservationBody => ({ ch: 'mark', mark: name });
const left: ObservationBody = { ch: 'rest', processes: ['sleep'], files: [] };
const observed = (lines: ObservationBody[], client = 'ts') =>
  ({
    header: {
      ...{ kind: 'observation', scenario: 'turns/plain', client, engine: 'real', engineVersion: '1.0.0' },
      paths: { root: '/c', workspace: '/c/w', home: '/c/h', codexHome: '/c/x', tmp: '/c/t', launcher: '/c/l' },
    },
    lines: lines.map((line, t) => ({ t, ...line })),
  }) as unknown as Observation;

type Options = NonNullable<Parameters<typeof recordScenario>[3]>;

/** Records what these runs show, one after the other, and tells which cells were observed and checked. */
async function record(
  runs: ObservationBody[][],
  options: Options = {},
  scenario: object = {},
  ledger: readonly object[] = [],
) {
  const asked: Partial<CellPlan>[] = [];
  const checked: (string | undefined)[] = [];
  const session = {
    options: { folders: { goldens } },
    ledger,
    // As far as what is asked of it: each wire is as it should be.
    checkerOf: async ({ engineVersion }: CellPlan) => {
      checked.push(engineVersion);
      return { checkWire: () => [], contract: { methods: {} } };
    },
    observe: async ({ scenario: _, ...plan }: CellPlan) => {
      asked.push(plan);
      return { observation: observed(runs[asked.length - 1] ?? [mark('one run too many')]) };
    },
  };
  const standing = { id: 'turns/plain', title: 't', family: 'app-server', covers: [], steps: [], ...scenario };
  const { outcome, details, ...of } = await recordScenario(session as never, standing as never, 'ts', options);
  expect(of).toEqual({ scenario: 'turns/plain', client: 'ts' });
  return { outcome, details, asked, checked };
}
const held = (lines: ObservationBody[], client = 'ts') => writeGolden(file(), normalise(observed(lines, client)));
const marks = async () => (await readGolden(file()))?.lines.map(({ key }) => key);

test('a new golden takes two runs on the engine that records, and is the first of them', async () => {
  const { outcome, details, asked } = await record([[mark('a')], [mark('a')]]);
  expect([outcome, details]).toEqual(['new', []]);
  expect(asked).toEqual([1, 2].map((round) => ({ client: 'ts', engine: 'real', round })));
  expect(await marks()).toEqual(['a']);
});

test('a scripted scenario is recorded on the fake engine; another engine than the pin is asked for by its version', async () => {
  const begun: ObservationBody = { ch: 'argv', argv: ['codex', 'app-server'] } as never;
  const script = await record([[begun], [begun]], {}, { script: [] });
  expect(script.details).toEqual([]);
  expect(script.asked.map(({ engine }) => engine)).toEqual(['fake', 'fake']);
  expect(script.checked).toEqual([undefined, undefined]);
  const other = await record([[mark('b')], [mark('b')]], { check: true, engineVersion: '2.0.0' });
  expect(other.asked.map(({ engineVersion }) => engineVersion)).toEqual(['2.0.0', '2.0.0']);
  expect(other.checked).toEqual(['2.0.0', '2.0.0']);
  expect(other.outcome).toBe('changed');
});

test('one run that is as the golden is enough, and leaves the file', async () => {
  await held([mark('a')]);
  const { outcome, details, asked } = await record([[mark('a')]]);
  expect([outcome, details, asked.length]).toEqual(['unchanged', [], 1]);
});

test.each([
  ['recorded', {}, ['b']],
  ['only checked', { check: true }, ['a']],
])('what two runs change is told, and %s: the file', async (_, options, kept) => {
  await held([mark('a')]);
  const { outcome, details } = await record([[mark('b')], [mark('b')]], options);
  expect([outcome, details]).toEqual([
    'changed',
    ['lane mark', '  - mark a: {"mark":"a"}', '  + mark b: {"mark":"b"}'],
  ]);
  expect(await marks()).toEqual(kept);
});

test.each([
  ['of a new golden', undefined, 'new'],
  ['of one that changes', 'a', 'changed'],
])('a check writes nothing %s', async (_, old, outcome) => {
  if (old !== undefined) await held([mark(old)]);
  expect(await record([[mark('b')], [mark('b')]], { check: true })).toMatchObject({ outcome });
  expect(await marks()).toEqual(old === undefined ? undefined : [old]);
});

test.each<[string, ObservationBody[][], number, string[]]>([
  ['a fault of the first run', [[left]], 1, ['left behind: {"processes":["sleep"],"files":[]}']],
  ['a fault of the second', [[mark('b')], [mark('b'), left]], 2, ['left behind: {"processes":["sleep"],"files":[]}']],
  [
    'two runs that differ',
    [[mark('b')], [mark('c')]],
    2,
    [
      'two recordings differ, and a golden needs two that agree:',
      'lane mark',
      '  - mark b: {"mark":"b"}',
      '  + mark c: {"mark":"c"}',
    ],
  ],
])('%s: refused, and the golden stays', async (_, runs, count, details) => {
  await held([mark('a')]);
  const told = await record(runs);
  expect(told).toMatchObject({ outcome: 'refused', details });
  expect(told.asked).toHaveLength(count);
  expect(await marks()).toEqual(['a']);
  await rm(file());
  expect(await record(runs)).toMatchObject({ outcome: 'refused' });
  expect(await readdir(path.dirname(file()))).toEqual([]);
});

const call = (lane = 'main'): ObservationBody => ({ ch: 'call', lane, op: 'codex.models', args: {} });
const error = (lane = 'main', op = 'codex.models'): ObservationBody => ({
  ...{ ch: 'error', lane, op },
  error: { class: 'E', message: 'm' },
});
const hang: ObservationBody = {
  ch: 'hang',
  lane: 'main',
  op: 'codex.models',
  step: 1,
  awaited: 'x',
} as ObservationBody;
const failing = { call: 'codex.models', expect: 'error' };
const fine = { call: 'codex.models' };
const started = { start: 'codex.models', as: 'b' };

/** Everything that is wrong with a run, in the order in which it is told. */
test.each<[string, ObservationBody[], object, string[]]>([
  [
    'an error, a hang and a crash',
    [error(), hang, error('process')],
    {},
    [
      'codex.models failed unexpectedly: E: m',
      'codex.models did not end before its deadline: it waited for x',
      'an error escaped: E: m',
    ],
  ],
  [
    'nothing of what was expected',
    [],
    { crashes: true, hangs: true, opening: 'error', steps: [failing, fine] },
    [
      'an error was expected to escape and none did',
      'a step was expected to hang and none did',
      'the client was expected not to open and did',
      '0 of 2 calls were made: a golden needs them all',
      'lane main was expected to fail and did not',
    ],
  ],
  [
    'a crash that is expected, without the call that it came of',
    [error('process')],
    { crashes: true, steps: [fine] },
    ['0 of 1 calls were made: a golden needs them all'],
  ],
  ['all of it', [error('main', 'Codex')], { opening: 'error', steps: [failing, fine] }, []],
  ['a hang that is expected, which keeps the other calls', [call(), hang], { hangs: true, steps: [fine, fine] }, []],
  [
    'a call in a lane of its own that fails as it should',
    [call(), call('b'), error('b')],
    { steps: [fine, { ...started, expect: 'error' }] },
    [],
  ],
  [
    'one that fails in another lane',
    [call(), call('b'), error()],
    { steps: [fine, { ...started, expect: 'error' }] },
    ['codex.models failed unexpectedly: E: m', 'lane b was expected to fail and did not'],
  ],
  ['one call of two', [call()], { steps: [fine, started] }, ['1 of 2 calls were made: a golden needs them all']],
  ['more calls than steps', [call(), call(), call()], { steps: [fine, started] }, []],
  ['steps that are no calls', [call()], { steps: [fine, { release: 'x' }, { join: 'b' }] }, []],
])('%s', async (_, lines, scenario, details) => {
  expect(await record([lines, lines], {}, scenario)).toMatchObject({
    outcome: details.length > 0 ? 'refused' : 'new',
    details,
  });
});

const known = (over: object = {}) => ({
  ...{ id: 'e', scenario: 'turns/*', clients: ['ts'], path: 'mark:left behind', kind: 'engine-defect' },
  ...{ reason: 'r', evidence: 'e', line: 1, ...over },
});
test.each<[string, object, Options, boolean]>([
  ['of this cell', {}, {}, true],
  ['of its engine', { engines: ['real'] }, {}, true],
  ['of another engine', { engines: ['fake'] }, {}, false],
  ['of another client', { clients: ['python'] }, {}, false],
  ['of another scenario', { scenario: 'threads/*' }, {}, false],
  ['of something else', { path: 'mark:script miss' }, {}, false],
  ['until a later engine', { expires: { engine: '2.0.0' } }, { engineVersion: '1.9.0' }, true],
  ['until this engine', { expires: { engine: '2.0.0' } }, { engineVersion: '2.0.0' }, false],
])('a fault is known by an entry %s, and by no other', async (_, over, options, isKnown) => {
  const { outcome } = await record([[left], [left]], options, {}, [known(over)]);
  expect(outcome).toBe(isKnown ? 'new' : 'refused');
});
