import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadContract } from '../contract/load-contract.ts';
import type { Contract, JsonSchema, SchemaObject } from '../contract/types.ts';
import { diffContracts } from './contract-diff.ts';
import type { Change, What } from './types.ts';

const versions = ['0.160.0', '0.163.0', '0.166.0', '0.169.0', '0.171.0'];
const steps = versions.flatMap((from, at) => versions.slice(at + 1).map((to) => [from, to] as const));
const contracts = new Map<string, Contract>();
const of = (version: string) => contracts.get(version) as Contract;
beforeAll(async () => {
  for (const version of versions) contracts.set(version, await loadContract(version));
});

const lists = new URL('../../fixtures/bumps/', import.meta.url);
const listed = readdirSync(lists).filter((name) => name.endsWith('.contract.yaml'));

test.each(listed)('the list made without the gate, %s: all of it is found, and nothing else', (name) => {
  interface Listed {
    what: string;
    place: string;
    sent: string;
    received: string;
  }
  const { from, to, changes } = parse(readFileSync(new URL(name, lists), 'utf8')) as {
    from: string;
    to: string;
    changes: Listed[];
  };
  const line = ({ what, place, sent, received }: Listed) => `${what} ${place}: ${sent} ${received}`;
  const found = diffContracts(of(from), of(to)).map(({ what, place, classes }) =>
    line({ what, place, sent: classes.sent ?? '-', received: classes.received ?? '-' }),
  );
  expect(found.sort()).toEqual(changes.map(line).sort());
});

test.each(versions)('%s against itself: no change', (version) => {
  expect(diffContracts(of(version), structuredClone(of(version)))).toEqual([]);
});

test.each(steps)('%s → %s: each change is one of its own, and the order of keys does not matter', (from, to) => {
  const changes = diffContracts(of(from), of(to));
  expect(changes.length).toBeGreaterThan(0);
  expect(new Set(changes.map(({ fingerprint }) => fingerprint)).size).toBe(changes.length);
  expect(new Set(changes.map(({ what, place }) => `${what} ${place}`)).size).toBe(changes.length);
  expect(diffContracts(reversed(of(from)), reversed(of(to)))).toEqual(changes);
});

const opposite: Partial<Record<What, What>> = {
  'union-in-place-of-value': 'value-in-place-of-union',
  'value-in-place-of-union': 'union-in-place-of-value',
};

/** The same change on the way back. */
function mirrored({ what, place, before, after, messages, direction }: Change) {
  const back = /-(added|removed)$/.test(what)
    ? (what.replace(/added$|removed$/, (end) => (end === 'added' ? 'removed' : 'added')) as What)
    : (opposite[what] ?? what);
  const there = what === 'renamed' ? place.replace(String(before), String(after)) : place;
  return { what: back, place: there, before: after, after: before, messages, direction };
}

test.each(steps)('%s → %s and back mirror each other', (from, to) => {
  const there = diffContracts(of(from), of(to));
  const back = diffContracts(of(to), of(from));
  const key = (change: object) => JSON.stringify(change);
  const own = back.map(({ what, place, before, after, messages, direction }) =>
    key({ what, place, before, after, messages, direction }),
  );
  expect(own.sort()).toEqual(there.map(mirrored).map(key).sort());
});

describe('nothing is lost', () => {
  /** Every place of a contract from which something can be taken: a keyword, a field, an entry of a list. */
  function places(value: unknown, path: (string | number)[] = []): (string | number)[][] {
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => {
      const at = [...path, Array.isArray(value) ? Number(key) : key];
      return [at, ...places(inner, at)];
    });
  }

  function without(schema: SchemaObject, path: readonly (string | number)[]): SchemaObject {
    const copy = structuredClone(schema);
    const last = path.at(-1) as string | number;
    const owner = path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], copy);
    if (Array.isArray(owner)) owner.splice(Number(last), 1);
    else delete (owner as Record<string, unknown>)[last];
    return copy;
  }

  const only = (name: string, definition: SchemaObject): Contract => ({
    ...of('0.163.0'),
    methods: {
      clientRequests: {},
      clientNotifications: {},
      serverRequests: {},
      serverNotifications: {},
      experimentalTypes: [],
      experimentalFields: {},
    },
    schema: { definitions: { [name]: definition } },
  });

  const at = (schema: SchemaObject, path: readonly (string | number)[]) =>
    path.reduce<unknown>((owner, key) => (owner as Record<string, unknown>)[key], schema) as SchemaObject;

  /** Without it the schema means the same. */
  function saysNothing(schema: SchemaObject, path: readonly (string | number)[]): boolean {
    const [owner, key] = [at(schema, path.slice(0, -1)), path.at(-1) as string];
    // The values, or the variants, say of which kind they are.
    if (key === 'type' && (owner.enum ?? owner.oneOf ?? owner.anyOf) !== undefined) return true;
    // It must still be there, and may still be anything.
    if (path.at(-2) === 'properties' && at(schema, path) === (true as unknown)) {
      const { required } = at(schema, path.slice(0, -2));
      return Array.isArray(required) && required.includes(key);
    }
    // It may be null twice.
    return /reasoning_effort(?:\/anyOf\/\d){1,2}$/.test(path.join('/')) && at(schema, path).type === 'null';
  }

  const all = (version: string) =>
    Object.entries(of(version).schema.definitions).flatMap(([name, definition]) =>
      places(definition)
        .filter((path) => !saysNothing(definition, path))
        .map((path) => ({ name, definition, path })),
    );

  test('whatever is taken out of a type is a change of that type', () => {
    // All of a contract take half a minute.
    const one = fc.constantFrom(...all('0.163.0'));
    const taken = fc.property(one, ({ name, definition, path }) => {
      const changes = diffContracts(only(name, definition), only(name, without(definition, path)));
      expect(changes, path.join('/')).not.toEqual([]);
      for (const { place } of changes) expect(place.startsWith(name)).toBe(true);
    });
    fc.assert(taken, { numRuns: 1500 });
  });

  test.each(steps)('%s → %s: every type and method that differs in any way belongs to a change', (from, to) => {
    const [a, b] = [of(from), of(to)];
    const told = diffContracts(a, b);
    const names = new Set(
      told.flatMap(({ place, what, after }) => [place, ...(what === 'renamed' ? [String(after)] : [])]),
    );
    const owners = new Set([...names].map((place) => place.split(/[.{=[]/)[0]));
    const differing = (one: object, other: object) =>
      [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
        (key) => JSON.stringify(one[key as never]) !== JSON.stringify(other[key as never]),
      );
    const types = differing(a.schema.definitions, b.schema.definitions);
    expect(types.filter((name) => !owners.has(name))).toEqual([]);
    for (const kind of ['clientRequests', 'clientNotifications', 'serverRequests', 'serverNotifications'] as const)
      expect(differing(a.methods[kind], b.methods[kind]).filter((name) => !names.has(name))).toEqual([]);
  });
});

test('several changes at once are told as each alone', () => {
  // Of types that do not meet: what each removal is alone.
  const base = of('0.163.0');
  const owners = Object.entries(base.schema.definitions).flatMap(([name, { properties }]) =>
    Object.keys(properties ?? {}).map((field) => ({ name, field })),
  );
  const removal = (contract: Contract, { name, field }: { name: string; field: string }) => {
    const { properties, required } = contract.schema.definitions[name] as Required<SchemaObject>;
    delete properties[field];
    const at = required?.indexOf(field) ?? -1;
    if (at >= 0) required.splice(at, 1);
  };
  const distinct = fc.uniqueArray(fc.constantFrom(...owners), {
    selector: ({ name }) => name,
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(distinct, (chosen) => {
      const after = structuredClone(base);
      for (const one of chosen) removal(after, one);
      const told = diffContracts(base, after).filter(({ what }) => what === 'field-removed');
      expect(told.map(({ place }) => place).sort()).toEqual(chosen.map(({ name, field }) => `${name}.${field}`).sort());
    }),
    { numRuns: 10 },
  );
});

/** The same JSON with all keys and lists that are sets the other way round. */
function reversed(contract: Contract): Contract {
  const turn = (value: unknown, key = ''): unknown => {
    if (Array.isArray(value)) {
      const turned = value.map((entry) => turn(entry));
      return key === 'default' ? turned : turned.reverse();
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, inner]) => [name, turn(inner, name)]),
    );
  };
  return turn(contract) as Contract & { schema: { definitions: Record<string, JsonSchema> } };
}
