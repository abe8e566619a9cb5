import { expect, test } from 'vitest';
import { type DriverFacts, selectClients } from './select-clients.ts';
import type { Scenario } from './types.ts';

const drivers: DriverFacts[] = [
  { client: 'python', capabilities: ['sdk'] },
  { client: 'ts', capabilities: ['sdk', 'rpc', 'cancel'] },
  { client: 'bare', capabilities: ['rpc'] },
  { client: 'ts-exec', capabilities: ['sdk'] },
];
const real = { engine: 'real', version: '0.163.0' } as const;
const fake = { engine: 'fake', version: '0.163.0' } as const;
const scenario = (parts: Partial<Scenario> = {}): Scenario => ({
  id: 'a/b',
  title: 'X',
  family: 'app-server',
  covers: [],
  steps: [{ start: 'codex.thread_start', as: 't' }],
  ...parts,
});
const cells = (of: Scenario, engines: Parameters<typeof selectClients>[2] = [real]): string[] =>
  selectClients(of, drivers, engines).map(
    (cell) => `${cell.client} ${cell.engine} ${cell.applicable ? 'yes' : cell.reason}`,
  );

test('family and capabilities, said and shown, decide over clients', () => {
  expect(cells(scenario())).toEqual([
    'python real yes',
    'ts real yes',
    'bare real bare lacks the capability sdk',
    'ts-exec real ts-exec is of the family exec, the scenario of app-server',
  ]);
  expect(cells(scenario({ steps: [{ call: 'codex.request' }] })).slice(0, 3)).toEqual([
    'python real python lacks the capability rpc',
    'ts real yes',
    'bare real yes',
  ]);
  const cancelling = scenario({
    steps: [{ start: 'codex.thread_start', as: 't' }, { cancel: 't' }],
    clients: ['python', 'ts'],
  });
  expect(cells(cancelling).slice(0, 3)).toEqual([
    'python real python lacks the capability cancel',
    'ts real yes',
    'bare real limited to python, ts',
  ]);
});

test('kind and version decide over engines', () => {
  expect(cells(scenario({ engines: ['fake'], clients: ['ts'] }), [real, fake]).slice(2, 4)).toEqual([
    'ts real limited to the fake engine',
    'ts fake yes',
  ]);
  expect(cells(scenario({ since: '0.164.0' }))[0]).toBe('python real holds since engine 0.164.0, this is 0.163.0');
  expect(cells(scenario({ until: '0.163.0-alpha.1' }))[0]).toBe(
    'python real holds until engine 0.163.0-alpha.1, this is 0.163.0',
  );
  expect(cells(scenario({ since: '0.99.0', until: '0.163.0' }))[0]).toBe('python real yes');
});

test('what an engine lacks makes a scenario that names it not applicable there, unless it scripts its engine', () => {
  const lacking = { ...real, version: '0.171.0', lacks: new Set(['currentTime/read', 'item:haiku']) };
  const told = 'python real engine 0.171.0 has no currentTime/read';
  expect(cells(scenario({ covers: ['turn/start', 'currentTime/read'] }), [lacking])[0]).toBe(told);
  expect(cells(scenario({ answers: [{ to: 'currentTime/read', none: true }], needs: [] }), [lacking])[1]).toContain(
    'server-requests',
  );
  const awaited = scenario({ steps: [{ start: 'codex.thread_start', as: 't' }, { 'await-wire': 'currentTime/read' }] });
  expect(cells(awaited, [lacking])[0]).toBe(told);
  const raw = scenario({ steps: [{ call: 'codex.request', with: { method: 'currentTime/read' } }] });
  expect(cells(raw, [lacking])[1]).toBe('ts real engine 0.171.0 has no currentTime/read');
  expect(cells(scenario({ covers: ['item:haiku'] }), [lacking])[0]).toBe(
    'python real engine 0.171.0 has no item:haiku',
  );
  expect(cells(scenario({ covers: ['currentTime/read'], script: [] }), [lacking])[0]).toBe('python real yes');
  expect(cells(scenario({ covers: ['turn/start'] }), [lacking])[0]).toBe('python real yes');
});
