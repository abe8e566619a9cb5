import { expect, it } from 'vitest';
import { sampleCell } from '../cell/test-fixtures/sample-cell.ts';
import { asNormalised } from '../normalise/types.ts';
import { passedAndFailed, summarise } from '../summary/summary.ts';
import { explainCell } from './explain.ts';
import type { Paint } from './paint.ts';

const plain = (text: string) => text;
const paint: Paint = { green: plain, yellow: plain, red: plain, dim: plain, bold: plain };
const cell = sampleCell;

it('explains a mismatch by its path, both values, the lines around it and the command that replays it', () => {
  const golden = asNormalised({
    header: { kind: 'golden', schemaVersion: 1, scenario: 's', client: 'python', engineVersion: '1' },
    lines: ['a', 'b', 'c'].map((key) => ({ lane: 'in', ch: 'wire.in' as const, key, body: {} })),
    fired: {},
  });
  const difference = {
    kind: 'changed' as const,
    lane: 'in',
    ch: 'wire.in' as const,
    key: 'b',
    path: 'wire.in:b/x',
    expected: 1,
    actual: 2,
    expectedLine: 1,
  };
  const text = explainCell(cell({ verdict: 'mismatch', unexplained: [difference] }), paint, {
    golden,
    report: 'file:///r.html',
  });
  for (const part of [
    'wire.in:b/x differs, lane in',
    'golden: 1',
    'client: 2',
    '> 3: wire.in b',
    'report: file:///r.html#/cell/turns/plain/ts/real',
    'npm run parity -- rerun turns/plain/ts/real',
  ]) {
    expect(text.join('\n')).toContain(part);
  }
});

it('names the folder of a run elsewhere in the command that shows the rest', () => {
  const difference = { kind: 'extra' as const, lane: 'in', ch: 'wire.in' as const, key: 'b', path: 'wire.in:b' };
  const failed = cell({ verdict: 'mismatch', unexplained: Array.from({ length: 4 }, () => difference) });
  const rest = 'and 1 more: npm run parity -- diff turns/plain --client ts --engine real';
  expect(explainCell(failed, paint)).toContain(`  ${rest}`);
  expect(explainCell(failed, paint, { folder: 'out/other' })).toContain(`  ${rest} --out out/other`);
});

it('counts cells, ledger problems and those of the whole, never a not-applicable one, and no baseline as a match', () => {
  const summary = summarise({
    begun: '2026-02-03T04:05:06.789Z',
    commit: null,
    dirty: false,
    engine: { version: '0.163.0', sha256: 'x' },
    clients: [],
    results: [
      cell({}),
      cell({ verdict: 'known-difference' }),
      cell({ verdict: 'not-applicable' }),
      cell({ verdict: 'baseline' }),
      cell({ verdict: 'could-not-run' }),
    ],
    everything: [],
    kindOf: () => undefined,
    ledger: { entries: 1, problems: ['stale'] },
    problems: ['a comparison that sees nothing'],
    sensitivity: { tampered: 1000, flagged: 996, selfDifferences: 0 },
    coverage: {},
    surface: undefined,
    durationMs: 1,
    jobs: 1,
  });
  expect(summary.matchBeforeLedger).toBe(0.5);
  expect(passedAndFailed(summary)).toEqual({ passed: 3, failed: 3 });
});
