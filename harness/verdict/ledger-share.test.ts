import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { goldenPath, readGolden } from '../golden/golden-file.ts';
import type { NormalisedObservation } from '../normalise/types.ts';
import { loadScenarios } from '../scenario/index.ts';
import { type LedgerEntry, parseLedger, readLedger } from './ledger.ts';
import { ledgerShares, wideEntries } from './ledger-share.ts';

const fixtures = path.join(import.meta.dirname, '..', '..', 'fixtures');
const written = (over: object) =>
  stringify([
    {
      ...{ id: 'a', scenario: 'turns/plain-message', clients: ['ts'], path: 'event:turn/started/payload/x' },
      ...{ kind: 'idiom', reason: 'It is so because of that.', evidence: 'e', ...over },
    },
  ]);
const parse = (over: object) => parseLedger(written(over), 'list.yaml');

test.each([
  [{ path: '**' }],
  [{ path: '*' }],
  [{ path: '*:**' }],
  [{ path: 'wire.in:**' }],
  [{ path: 'wire.in:*/*' }],
  [{ path: 'event:*' }],
  [{ scenario: '**' }],
  [{ scenario: '*' }],
  [{ scenario: '*/**' }],
  [{ scenario: '?*/x' }],
  [{ scenario: '{**,turns/a}' }],
  [{ scenario: 'turns*/x' }],
  [{ consequences: ['**'] }],
  [{ consequences: ['event:x', 'wire.in:**'] }],
])('the ledger is not opened by %j', (over) => {
  expect(() => parse(over)).toThrow(/^list\.yaml:\d+:\d+: expected /);
});

test('no path of wildcards alone is taken, whatever stands between them', () => {
  const wild = fc.array(fc.constantFrom('*', '**', '/', ':', '?', '.'), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(wild, (parts) => {
      expect(() => parse({ path: parts.join('') })).toThrow('list.yaml');
    }),
  );
  fc.assert(
    fc.property(fc.constantFrom('wire.in', 'event', 'result'), wild, (channel, parts) => {
      expect(() => parse({ path: `${channel}:${parts.join('')}` })).toThrow('list.yaml');
    }),
  );
});

async function allGoldens(): Promise<Map<string, NormalisedObservation>> {
  const goldens = new Map<string, NormalisedObservation>();
  for (const { id } of await loadScenarios(path.join(fixtures, 'scenarios'))) {
    const golden = await readGolden(goldenPath(path.join(fixtures, 'golden'), id));
    if (golden !== undefined) goldens.set(id, golden);
  }
  return goldens;
}

test('no entry of the committed ledger covers too much, and one that does is told', async () => {
  const goldens = await allGoldens();
  const ledger = await readLedger(path.join(fixtures, 'known-differences.yaml'));
  expect(wideEntries(ledgerShares(ledger, goldens), true)).toEqual([]);
  // All of them pass the reader: they name something.
  const wide: LedgerEntry[] = [
    ...parse({ id: 'whole-turn', path: 'wire.in:t**' }),
    ...parse({ id: 'whole-folder', scenario: 'turns/**', consequences: ['event:item/**', 'wire.in:item/**'] }),
  ];
  const told = wideEntries(ledgerShares(wide, goldens), true);
  expect(told).toEqual([
    expect.stringMatching(/^whole-turn: .* of a golden, got /),
    expect.stringMatching(/^whole-folder: .* of all goldens, got /),
  ]);
}, 60_000);

test('a path that names a whole line, or a part of it, covers what is below', () => {
  const golden = {
    header: {},
    lines: [
      { lane: 'l', ch: 'event', key: 'k', body: { a: { b: 1, c: [1, 2] }, d: null } },
      { lane: 'l', ch: 'event', key: 'm', body: {} },
    ],
  } as unknown as NormalisedObservation;
  const shareOf = (own: string) =>
    ledgerShares(parse({ path: own }), new Map([['turns/plain-message', golden]]))[0]?.ofOneGolden;
  expect([
    shareOf('event:k'),
    shareOf('event:k/a'),
    shareOf('event:k/a/c/*'),
    shareOf('event:k/e'),
    shareOf('event:m'),
  ]).toEqual([4 / 5, 3 / 5, 2 / 5, 0, 1 / 5]);
});
