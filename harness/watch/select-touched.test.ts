import { expect, it } from 'vitest';
import { type Again, selectTouched, type Touched, touchedBy, type Watched } from './select-touched.ts';

const all: Watched = { scenarios: [], clients: ['python', 'ts', 'ts-exec'], engines: ['real', 'fake'] };

it.each<[string, Touched[], Partial<Watched>, Again[]]>([
  ['a scenario', [{ scenario: 'turns/plain' }], {}, [{ scenarios: ['turns/plain'] }]],
  [
    'two of a selection by a glob',
    [{ scenario: 'a/b' }, { scenario: 'a/c' }],
    { scenarios: ['a/*'] },
    [{ scenarios: ['a/b', 'a/c'] }],
  ],
  ['one outside the selection', [{ scenario: 'b/c' }], { scenarios: ['a/*'] }, []],
  [
    'the file of a selected case',
    [{ scenario: 'a/b' }],
    { scenarios: ['a/b/one', 'a/*/two', 'c'] },
    [{ scenarios: ['a/b/one'] }],
  ],
  [
    'the file of cases by a glob',
    [{ scenario: 'a/b' }],
    { scenarios: ['a/*/two', 'c/*/two'] },
    [{ scenarios: ['a/*/two'] }],
  ],
  ['the SDK', [{ clients: ['ts', 'ts-exec'] }], {}, [{ clients: ['ts', 'ts-exec'] }]],
  ['the SDK, one client watched', [{ clients: ['ts', 'ts-exec'] }], { clients: ['ts'] }, [{ clients: ['ts'] }]],
  ['a client that is not watched', [{ clients: ['bare'] }], {}, []],
  ['an engine', [{ engine: 'fake' }], {}, [{ engines: ['fake'] }]],
  ['an engine that is not watched', [{ engine: 'real' }], { engines: ['fake'] }, []],
  ['different things', [{ scenario: 's' }, { engine: 'fake' }], {}, [{ scenarios: ['s'] }, { engines: ['fake'] }]],
  ['everything, and so nothing else', [{ scenario: 's' }, {}, { engine: 'fake' }], {}, [{}]],
])('a change of %s', (_, touched, watched, runs) => {
  expect(selectTouched(touched, { ...all, ...watched })).toEqual(runs);
});

it.each<[string, ReturnType<typeof touchedBy>]>([
  ['fixtures/scenarios/rpc/thread/list.yaml', { scenario: 'rpc/thread/list' }],
  ['fixtures/golden/approvals/command/accept.jsonl', { scenario: 'approvals/command/accept' }],
  ['fixtures/known-differences.yaml', {}],
  ['fixtures/schema/scenario.schema.json', undefined],
  ['sdk/client/thread.ts', { clients: ['ts', 'ts-exec'] }],
  ['sdk/exec/run.ts', { clients: ['ts-exec'] }],
  ['sdk/exec.ts', { clients: ['ts-exec'] }],
  ['sdk/client/thread.test.ts', undefined],
  ['sdk/test-fixtures/engine.ts', undefined],
  ['python-golden/twinproof_driver/values.py', { clients: ['python', 'python-async', 'python-exec'] }],
  ['python-golden/tests/test_values.py', undefined],
  ['python-golden/twinproof_driver/__pycache__/values.cpython-311.pyc', undefined],
  ['harness/driver/bare/bare-driver.ts', { clients: ['bare'] }],
  ['harness/driver/exec/exec-adapter.ts', { clients: ['ts-official', 'ts-exec'] }],
  ['harness/driver/ts/adapter.ts', { clients: ['ts', 'bare', 'ts-official', 'ts-exec'] }],
  ['fake-codex-rs/main.ts', { engine: 'fake' }],
  ['testing/play/player.ts', { engine: 'fake' }],
  ['testing/model/server.ts', { engine: 'real' }],
  ['testing/engine/tee.mjs', {}],
  ['harness/normalise/lanes.ts', {}],
  ['harness/report/junit.ts', undefined],
  ['fixtures/golden/turns/plain.jsonl.123.new', undefined],
  ['fixtures/scenarios/turns/.plain.yaml.swp', undefined],
])('%s touches %j', (file, touched) => expect(touchedBy(file)).toEqual(touched));
