import { expect, test } from 'vitest';
import type { LedgerEntry } from '../../verdict/ledger.ts';
import { event, SampleRun } from '../test-fixtures/sample-run.ts';
import { annotations, renderAnnotations } from './annotations.ts';

const placeOf = () => ({ file: 'fixtures/scenarios/turns/one.yaml', line: 12 });
const none = { entries: [], problems: [] };

test('one annotation for each scenario that failed, with its first difference, at its place', () => {
  const run = new SampleRun();
  run.golden('turns/one', [event('turn/started', {})]);
  run.cell({ scenario: 'turns/one', client: 'python', engine: 'real' }, [event('turn/started', {})]);
  run.cell({ scenario: 'turns/one', client: 'ts', engine: 'real' }, [event('turn/started', { late: 1, odd: 2 })]);
  run.cell({ scenario: 'turns/one', client: 'ts', engine: 'fake' }, []);
  const found = annotations({ results: run.results, placeOf, ledger: none });
  expect(renderAnnotations(found)).toEqual([
    '::error file=fixtures/scenarios/turns/one.yaml,line=12,title=mismatch in turns/one%3A ts on real%2C ts on fake::' +
      'ts on real: event:turn/started/payload/late differs, lane user/events (SDK difference)%0Agolden: (absent)%0Aclient: 1%0Aand 1 more',
  ]);
});

test('a problem of the ledger is shown at its entry', () => {
  const entry = { id: 'old', line: 40 } as LedgerEntry;
  const ledger = { entries: [entry], problems: ['old: expired on 2026-01-01'] };
  expect(renderAnnotations(annotations({ results: [], placeOf, ledger }))).toEqual([
    '::error file=fixtures/known-differences.yaml,line=40,title=known differences::old: expired on 2026-01-01',
  ]);
});

test('whatever an engine wrote, an annotation is one command', () => {
  const run = new SampleRun();
  const reason = 'ended\r\n::error file=other::forged\n100%0A,';
  const cell = { scenario: 'turns/one', client: 'ts', engine: 'real', platform: 'darwin' } as const;
  run.unjudged({ ...cell, verdict: 'could-not-run', reason });
  const [line, ...more] = renderAnnotations(annotations({ results: run.results, placeOf, ledger: none }));
  expect(more).toEqual([]);
  expect(line).toMatch(/::ts on real \(darwin\): ended%0D%0A::error file=other::forged%0A100%250A,$/);
  expect(line).not.toMatch(/[\r\n]/);
  const odd = { file: 'a,line=1::b', line: 1, title: 'c::d,e%', message: '' };
  expect(renderAnnotations([odd])).toEqual(['::error file=a%2Cline=1%3A%3Ab,line=1,title=c%3A%3Ad%2Ce%25::']);
});

test('of more than GitHub shows, the last says how many there are', () => {
  const one = { file: 'a', line: 1, title: 't', message: 'm' };
  expect(renderAnnotations(Array.from({ length: 10 }, () => one))).toHaveLength(10);
  const many = renderAnnotations(Array.from({ length: 14 }, () => one));
  expect(many).toHaveLength(10);
  expect(many.at(-1)).toBe('::error title=parity::5 more failed: see the summary of the job');
});
