import { expect, it } from 'vitest';
import { touchedBy } from './touched-by.ts';

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
  ['harness/report/matrix.ts', undefined],
  ['fixtures/golden/turns/plain.jsonl.123.new', undefined],
  ['fixtures/scenarios/turns/.plain.yaml.swp', undefined],
])('%s touches %j', (file, touched) => expect(touchedBy(file)).toEqual(touched));
