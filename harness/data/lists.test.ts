import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseYaml, reportTwice } from './read-yaml.ts';
import type { SchemaName } from './schemas.ts';

const fixtures = path.join(import.meta.dirname, '..', '..', 'fixtures');
const lists = ['known-differences', 'surface-exceptions', 'equivalent-mutants', 'coverage-exclusions'] as const;
type Entry = Record<string, unknown>;
const committed = new Map<SchemaName, Entry[]>(
  lists.map((name) => [name, parse(readFileSync(path.join(fixtures, `${name}.yaml`), 'utf8')) as Entry[]]),
);
const read = (name: SchemaName, entries: unknown) => parseYaml(stringify(entries), 'list.yaml', name).value;

test.each(lists)('the committed list %s is as its schema says', (name) => {
  expect(read(name, committed.get(name))).toEqual(committed.get(name));
});

/** What the fields may be whatever they are, or more than one type: of these a value of another type is no fault. */
const free = new Set(['reference', 'client']);
const wrongValues: readonly unknown[] = [null, 7, true, '', [], [7], [''], {}, { other: 1 }, [['a']]];
const optional = new Set(['replacement ""', 'ours ""', 'ours null']);

test.each(lists)('no field of %s may have a value of another type, none may be missing, none unknown', (name) => {
  const entries = committed.get(name) ?? [];
  fc.assert(
    fc.property(fc.constantFrom(...entries), fc.nat(), fc.constantFrom(...wrongValues), (entry, nth, value) => {
      const keys = Object.keys(entry).filter((key) => !free.has(key));
      const key = keys[nth % keys.length] as string;
      if (!optional.has(`${key} ${JSON.stringify(value)}`))
        expect(() => read(name, [{ ...entry, [key]: value }]), `${key}: ${JSON.stringify(value)}`).toThrow(
          /^list\.yaml:\d+:\d+: expected/,
        );
      expect(() => read(name, [{ ...entry, [`${key}s_`]: 1 }])).toThrow(/^list\.yaml:\d+:\d+: expected the keys/);
    }),
    { numRuns: 300 },
  );
});

const entry = {
  ...{ id: 'a', scenario: 'turns/a', clients: ['ts'], path: 'x', kind: 'idiom' },
  ...{ reason: 'It is so because of that.', evidence: 'e' },
};

test.each([
  [{ clients: ['tss'] }, /^list.yaml:4:7: expected one of python, .*, got "tss" \(did you mean "ts"\?\)/],
  [{ engines: 'fake' }, 'list.yaml:9:12: expected a list, got "fake"'],
  [{ consequences: 'x' }, 'list.yaml:9:17: expected a list, got "x"'],
  [{ expires: { day: '2027-01-01' } }, 'list.yaml:10:5: expected the keys date, engine, got the key "day"'],
  [{ expires: {} }, 'list.yaml:9:12: expected at least 1 keys, got {}'],
  [{ scenario: undefined }, 'list.yaml:1:3: expected the key "scenario", got none'],
])('the ledger refuses %j at its place', (wrong, told) => {
  expect(() => read('known-differences', [{ ...entry, ...wrong }])).toThrow(told);
});

test('an empty file is no list, a text that is no YAML is told as such, and every problem is told', () => {
  const parseText = (text: string) => () => parseYaml(text, 'list.yaml', 'known-differences', reportTwice('id'));
  expect(parseText('')).toThrow('list.yaml:1:1: expected a list, got null');
  expect(parseText('- id: a\n  id: b\n')).toThrow('list.yaml:2:3: Map keys must be unique');
  expect(parseText(stringify([entry, entry]))).toThrow('list.yaml:10:3: expected each id once, got a again');
  expect(parseText('- id: a\n- 7\n')).toThrow(/list\.yaml:1:3: expected the key "scenario"[\s\S]*\nlist\.yaml:2:3: /);
});
