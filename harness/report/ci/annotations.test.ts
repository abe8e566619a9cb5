import { expect, test } from 'vitest';
import type { LedgerEntry } from '../../verdict/ledger.ts';
import { event, SampleRun } from '../test-fixtures/sample-run.ts';
import { annotations, shownAnnotations } from './annotations.ts';

const placeOf = () => ({ file: 'fixtures/scenarios/turns/one.yaml', line: 12 });
const none = { entries: [], problems: [] };

test('one annotation for each scenario that failed, with its first difference, at its place', () => {
  const run = new SampleRun();
  run.golden('turns/one', [event('turn/started', {})]);
  run.cell({ scenario: 'turns/one', client: 'python', engine: 'real' }, [event('turn/started', {})]);
  run.cell({ scenario: 'turns/one', client: 'ts', engine: 'real' }, [event('turn/started', { late: 1, odd: 2 })]);
  run.cell({ scenario: 'turns/one', client: 'ts', engine: 'fake' }, []);
  const found = annotations({ results: run.results, placeOf, ledger: none });
  expect(shownAnnotations(found)).toEqual([
    {
      ...{ file: 'fixtures/scenarios/turns/one.yaml', line: 12 },
      title: 'mismatch in turns/one: ts on real, ts on fake',
      message:
        'ts on real: event:turn/started/payload/late differs, lane user/events (SDK difference)\n' +
        'golden: (absent)\nclient: 1\nand 1 more',
    },
  ]);
});

test('a problem of the ledger is shown at its entry', () => {
  const entry = { id: 'old', line: 40 } as LedgerEntry;
  const ledger = { entries: [entry], problems: ['old: expired on 2026-01-01'] };
  expect(annotations({ results: [], placeOf, ledger })).toEqual([
    {
      ...{ file: 'fixtures/known-differences.yaml', line: 40, title: 'known differences' },
      message: 'old: expired on 2026-01-01',
    },
  ]);
});

test('of more than GitHub shows, the last says how many there are', () => {
  const one = { file: 'a', line: 1, title: 't', message: 'm' };
  expect(shownAnnotations(Array.from({ length: 10 }, () => one))).toHaveLength(10);
  const many = shownAnnotations(Array.from({ length: 14 }, () => one));
  expect(many).toHaveLength(10);
  expect(many.at(-1)).toEqual({ title: 'parity', message: '5 more failed: see the summary of the job' });
});
