import { expect, test } from 'vitest';
import type { Contract } from '../../harness/contract/types.ts';
import { checkJson } from '../../harness/data/schemas.ts';
import { type EngineProof, engineProofSchema } from '../../harness/summary/engine-proof.ts';
import { renderEnginesPage } from './engines-page.ts';

const contract = (version: string, more: Partial<Record<keyof Contract['methods'], object>>, definitions: object) =>
  ({
    version,
    methods: { clientRequests: {}, clientNotifications: {}, serverRequests: {}, serverNotifications: {}, ...more },
    schema: { definitions },
  }) as unknown as Contract;
const window = [
  contract(
    '1.0.0',
    { clientRequests: { old: {}, kept: {} } },
    { Mode: { enum: ['a', 'b'] }, Gone: { properties: { x: {} } } },
  ),
  contract(
    '2.0.0',
    { clientRequests: { kept: {}, fresh: {} }, serverNotifications: { told: {} } },
    { Mode: { enum: ['a', 'c'] }, New: { properties: { y: {} } } },
  ),
  contract('3.0.0', { clientRequests: { kept: {}, fresh: {} }, serverNotifications: { told: {} } }, {}),
];
const verdicts = {
  match: 9,
  knownDifference: 1,
  notApplicable: 5,
  baseline: 3,
  mismatch: 2,
  staleKnownDifference: 0,
  couldNotRun: 0,
};
const knownBy = { 'ts-defect': 0, idiom: 1, 'safer-by-design': 0, 'python-defect': 0, upstream: 0 };
const ours = { ts: { compared: 5, equal: 4, known: 1, knownBy, baseline: 0, onRealEngine: 5 } };
const proof: EngineProof = {
  ...{ $schema: engineProofSchema, schemaVersion: 1, begun: '2026-01-02T03:04:05Z', commit: 'ab'.repeat(5) },
  ...{ platforms: ['linux'], clients: [{ id: 'ts', version: '1' }], scenarios: 3, version: '1.0.0', sha256: 'x' },
  ...{ verdicts, ours },
  drift: {
    compared: 4,
    drifted: 2,
    changes: [{ kind: 'missing', path: 'event:a|b/x', scenarios: 2, example: 's/a', client: 'bare' }],
  },
};
const differences = [{ call: 'read', versions: ['1.0.0', '2.0.0'], what: 'a|b', why: 'It came later.' }];
const proofs = new Map([['1.0.0', proof]]);
const page = renderEnginesPage({ pin: '3.0.0', officialPair: '1.0.0', window, proofs, differences });

test('an engine has a row with its place and what was proven on it', () => {
  expect(checkJson(proof, 'engine-proof')).toEqual([]);
  expect(page).toContain(
    '| 1.0.0 | the official pair | 15 | 2 | 4 of 5, 1 | 0 of 0, 0 | 2 of 4 | ababababab, 2026-01-02 |',
  );
  expect(page).toContain('| 3.0.0 | the pin | no run kept |');
});

test('a step tells what is new and what is gone, and of types those that both engines have', () => {
  const [, , first = '', second = ''] = page.split('\n## ');
  expect(first.trim().split('\n').slice(2)).toEqual([
    '- Requests, new: `fresh`',
    '- Requests, gone: `old`',
    '- Notifications, new: `told`',
    '- Values, new: `Mode=c`',
    '- Values, gone: `Mode=b`',
  ]);
  expect(second).toContain('The contract is the same.');
});

test('drift stands in the table of its engine', () => {
  expect(page).toContain('## Drift on 1.0.0');
  expect(page).toContain('| 2 | `event:a\\|b/x` does not occur | s/a (bare) |');
});

test('calls that differ are a table, with the engines on which they do', () => {
  expect(page).toContain('| read | 1.0.0, 2.0.0 | `a\\|b` | It came later. |');
});
