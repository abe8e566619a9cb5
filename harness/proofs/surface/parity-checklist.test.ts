import { expect, it } from 'vitest';
import type { StandingScenario } from '../../scenario/types.ts';
import type { SurfaceFact } from './compare-surface.ts';
import type { SpeltSurfaceReport } from './index.ts';
import { renderParityChecklist } from './parity-checklist.ts';
import { factsExercised } from './proofs.ts';

const fact = (name: string, kind: SurfaceFact['kind'], more: Partial<SurfaceFact> = {}): SurfaceFact => ({
  name,
  kind,
  owner: name.replace(/[.(].*$/, ''),
  status: 'mapped',
  ours: name,
  ...more,
});
const report: SpeltSurfaceReport = {
  python: 5,
  mapped: 3,
  excepted: 1,
  differences: [{ name: 'Thread.gone()', problem: 'ours does not have it' }],
  stale: [],
  extra: [],
  facts: [
    fact('Thread', 'symbol'),
    fact('Thread.setName()', 'method'),
    fact('Thread.setName(name)', 'parameter'),
    fact('Thread.gone()', 'method', { status: 'different', ours: null }),
    fact('Thread.setName(waitS)', 'parameter', { status: 'excepted', ours: 'Thread.setName(waitMs)', reason: 'a | b' }),
  ],
  spelling: { 'Thread.setName()': 'Thread.set_name()', 'Thread.setName(waitS)': 'Thread.set_name(wait_s)' },
};

it('has a row for each name with its proof, and says what is missing, otherwise, or exercised by nothing', () => {
  const proofs = {
    scenarios: new Map([['Thread.setName()', ['a/b', 'c/d', 'e/f']]]),
    tests: new Map([['Thread', 'sdk/t.test.ts']]),
  };
  const rows = renderParityChecklist(report, proofs)
    .split('\n')
    .filter((line) => line.includes('Thread'));
  expect(rows).toEqual([
    '| `Thread` | `Thread` | 1 | `sdk/t.test.ts` | same |',
    '| `Thread.set_name()` | `Thread.setName()` | 3 | `a/b`, `c/d`, …; in no scenario: `name`, `wait_s` | same but 1, see below |',
    '| `Thread.gone()` | none | 1 | **none** | **missing: `Thread.gone()`** |',
    '| `Thread.set_name(wait_s)` | `Thread.setName(waitMs)` | a \\| b |',
  ]);
});

it('reads off a scenario what it exercises, by the class that each name is bound to', () => {
  const scenario = {
    client: { config_overrides: ['a=1'] },
    steps: [
      { call: 'codex.thread_start', as: 't', with: { sandbox: { $enum: 'Sandbox.read_only' } } },
      { call: 't.turn', as: 'h', with: { input: [{ $new: 'TextInput', text: 'x' }] } },
      { start: 'h.stream', as: 'events' },
      { close: 'codex' },
    ],
  } as unknown as StandingScenario;
  const facts = factsExercised(scenario, undefined);
  for (const name of [
    'CodexConfig.configOverrides',
    'Codex.threadStart(sandbox)',
    'Sandbox.readOnly',
    'Thread.turn(input)',
    'TextInput(text)',
    'TurnHandle.stream()',
    'Codex.close()',
  ])
    expect(facts).toContain(name);
  expect(facts).not.toContain('Thread.run()');
});
