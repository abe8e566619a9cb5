import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../testing/json/json.ts';
import type { Difference } from '../compare/compare.ts';
import { judge } from './judge.ts';
import { type LedgerEntry, parseLedger } from './ledger.ts';
import { ledgerProblems } from './ledger-health.ts';

const text = `
- id: name
  scenario: "turns/*"
  clients: [ts]
  path: wire.out:initialize/msg/params/clientInfo/name
  reference: python
  client: ts
  kind: idiom
  reason: The names differ.
  evidence: e
`;
const [entry] = parseLedger(text, 'ledger.yaml') as [LedgerEntry];
const difference: Difference = {
  kind: 'changed',
  lane: 'out/-',
  ch: 'wire.out',
  key: 'initialize',
  path: 'wire.out:initialize/msg/params/clientInfo/name',
  expected: 'python',
  actual: 'ts',
};
const cell = { scenario: 'turns/plain', client: 'ts', engine: 'real' } as const;

describe('judge', () => {
  it('explains what the ledger names, and only that', () => {
    expect(judge(cell, [difference], [entry], false).verdict).toBe('known-difference');
    expect(judge(cell, [{ ...difference, actual: 'other' }], [entry], false).verdict).toBe('mismatch');
    expect(judge(cell, [{ ...difference, path: `${difference.path}/x` }], [entry], false).verdict).toBe('mismatch');
    expect(judge({ ...cell, client: 'python-async' }, [difference], [entry], false).verdict).toBe('mismatch');
    expect(judge({ ...cell, scenario: 'threads/x' }, [difference], [entry], false).verdict).toBe('mismatch');
  });

  it('explains a consequence where its cause is, and nowhere else', () => {
    const refused = { ...entry, path: 'error:t.run', client: { error: { class: 'A' } }, consequences: ['event:*'] };
    const { reference: _any, ...cause } = refused;
    const at = (path: string, actual: JsonValue = null): Difference => ({ ...difference, path, actual });
    const error = (name: string) => at('error:t.run', { error: { class: name, message: 'm' }, op: 't.run' });
    const verdict = (...differences: Difference[]) => judge(cell, differences, [cause], false).verdict;
    expect(verdict(at('event:item'), error('A'))).toBe('known-difference');
    expect(verdict(at('event:item'))).toBe('mismatch');
    expect(verdict(at('event:item'), error('B'))).toBe('mismatch');
    expect(verdict(error('A'), at('event:item/payload'))).toBe('mismatch');
    expect(verdict(error('A'), at('wire.out:turn/start'))).toBe('mismatch');
  });

  it('of an object that it names, every member must be there', () => {
    const object = { ...entry, reference: { a: 1, b: 2 } };
    const verdict = (expected: JsonValue) => judge(cell, [{ ...difference, expected }], [object], false).verdict;
    expect(verdict({ a: 1, b: 2, c: 3 })).toBe('known-difference');
    for (const other of [{ a: 1 }, { a: 1, b: 3 }, { a: 2, b: 2 }, null]) expect(verdict(other)).toBe('mismatch');
  });

  it('takes null for a value, not for any', () => {
    const toNull = { ...entry, reference: 'SIGTERM', client: null };
    const verdict = (expected: JsonValue, actual: JsonValue) =>
      judge(cell, [{ ...difference, expected, actual }], [toNull], false).verdict;
    expect(verdict('SIGTERM', null)).toBe('known-difference');
    expect(verdict('SIGTERM', 'SIGABRT')).toBe('mismatch');
    expect(verdict(null, null)).toBe('mismatch');
  });

  it('never counts a baseline as a match', () => {
    expect(judge(cell, [], [], true).verdict).toBe('baseline');
    expect(judge(cell, [], [], false).verdict).toBe('match');
  });
});

describe('the ledger itself', () => {
  const check = (over: Partial<Parameters<typeof ledgerProblems>[0]> = {}) =>
    ledgerProblems({
      ledger: [entry],
      scenarios: ['turns/plain', 'turns/other'],
      cells: ['turns/plain', 'turns/other'].map((scenario) => ({ ...cell, scenario, used: ['name'], judged: true })),
      today: '2026-01-01',
      engineVersion: '0.163.0',
      ...over,
    }).map(({ problem }) => problem);

  it('is well when every entry occurs', () => expect(check()).toEqual([]));

  it('fails on an entry that no scenario matches', () =>
    expect(check({ scenarios: ['threads/x'] })).toEqual(['unmatched']));

  it('fails on an entry that no longer occurs, once all that it names has run', () => {
    const cells = ['turns/plain', 'turns/other'].map((scenario) => ({ ...cell, scenario, used: [], judged: true }));
    expect(check({ cells })).toEqual(['no-longer-occurs']);
    expect(check({ cells: cells.slice(0, 1) })).toEqual([]);
  });

  it('needs no run of what cannot run, and judges each engine by itself', () => {
    const on = (engine: 'real' | 'fake', scenario: string, over: object) => ({
      ...cell,
      engine,
      scenario,
      used: [],
      ...over,
    });
    const [judged, cannot] = [{ judged: true }, { judged: false, notApplicable: true }];
    const real = [on('real', 'turns/plain', judged), on('real', 'turns/other', cannot)];
    expect(check({ cells: real as never })).toEqual(['no-longer-occurs']);
    const used = { ...judged, used: ['name'] };
    const fake = [on('fake', 'turns/plain', used), on('fake', 'turns/other', used)];
    const found = ledgerProblems({
      ledger: [entry],
      scenarios: ['turns/plain', 'turns/other'],
      cells: [...real, ...fake] as never,
      today: '2026-01-01',
      engineVersion: '0.163.0',
    });
    expect(found).toMatchObject([
      { entry: { engines: ['real'] }, message: expect.stringContaining('on the real engine') },
    ]);
    const nowhere = ['real', 'fake'].flatMap((engine) =>
      ['plain', 'other'].map((name) => on(engine as 'real', `turns/${name}`, cannot)),
    );
    expect(check({ cells: nowhere as never })).toEqual(['no-longer-occurs']);
    expect(check({ cells: [...nowhere.slice(0, 3), on('fake', 'turns/other', { judged: false })] as never })).toEqual(
      [],
    );
  });

  it('fails on each part of an entry that does not hold by itself', () => {
    const both: LedgerEntry = { ...entry, scenario: 'turns/{plain,other}', clients: ['ts', 'python'] };
    const cells = (['ts', 'python'] as const).flatMap((client) =>
      ['turns/plain', 'turns/other'].map((scenario) => {
        const used = client === 'python' && scenario === 'turns/other' ? [] : ['name'];
        return { ...cell, client, scenario, used, judged: true };
      }),
    );
    const found = (scenarios: string[]) =>
      ledgerProblems({ ledger: [both], scenarios, cells, today: '2026-01-01', engineVersion: '0.163.0' });
    expect(found(['turns/plain', 'turns/other'])).toMatchObject([
      { problem: 'no-longer-occurs', entry: { scenario: 'turns/other', clients: ['python'] } },
    ]);
    expect(found(['turns/plain'])).toMatchObject([{ problem: 'unmatched', entry: { scenario: 'turns/other' } }]);
  });

  it('fails on an expired entry', () => {
    expect(check({ ledger: [{ ...entry, expires: { date: '2026-01-01' } }] })).toEqual(['expired']);
    expect(check({ ledger: [{ ...entry, expires: { engine: '0.163.0' } }] })).toEqual(['expired']);
    expect(check({ ledger: [{ ...entry, expires: { engine: '0.164.0' } }] })).toEqual([]);
  });
});

it('an id that is there twice is refused', () => {
  expect(() => parseLedger(text + text, 'ledger.yaml')).toThrow('name');
});
