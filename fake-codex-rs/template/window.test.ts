import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../exact-json.ts';
import { sampleFacts as facts } from '../test-fixtures/sample-facts.ts';
import { checkValue } from './check-value.ts';
import { complete } from './complete.ts';
import { knownContract } from './contract.ts';

const read = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
const { engines, pin } = read('native/engine.lock.json') as { engines: object; pin: string };

type Entries = Record<string, { params: string | null; result?: string }>;

/** What an engine says, by its contract alone: method and the name of the type. */
function saidBy(version: string): (readonly [method: string, type: string])[] {
  const methods = read(`fixtures/contract/${version}/methods.json`) as Record<string, Entries>;
  const column = (kind: string, key: 'params' | 'result') =>
    Object.entries(methods[kind] ?? {}).map(([method, entry]) => [method, entry[key]] as const);
  const all = [
    ...column('clientRequests', 'result'),
    ...column('serverRequests', 'params'),
    ...column('serverNotifications', 'params'),
  ];
  return all.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}

describe.each(Object.keys(engines))('engine %s', (version) => {
  const contract = knownContract(version);
  const ajv = new Ajv({ strict: false, validateFormats: false, validateSchema: false });
  ajv.addSchema({ $id: 'contract', ...(read(`fixtures/contract/${version}/schema.json`) as JsonObject) });

  test('of all that it says there is a template, by its own contract', () => {
    const said = saidBy(version);
    expect(said.length).toBeGreaterThan(250);
    const { results, requests, notifications } = contract.methods;
    const broken = said.filter(([method, type]) => {
      if (![results[method], requests[method], notifications[method]].includes(type)) return true;
      const value = complete(contract, { ...facts, method }, { $ref: `#/${type}` }, undefined);
      const isOwn = ajv.validate(`contract#/definitions/${type}`, value);
      return !isOwn || checkValue(contract, contract.type(type), value) !== undefined;
    });
    expect(broken).toEqual([]);
  });

  test('every type of it is its own, whatever other engines have', () => {
    const { definitions } = read(`fixtures/contract/${version}/schema.json`) as { definitions: JsonObject };
    const types = [...new Set(saidBy(version).map(([, type]) => type))];
    for (const type of types) expect(contract.type(type), type).toEqual(definitions[type]);
  });
});

test('a script may play what only another engine says; an engine that is not known is like the pin', () => {
  const later = knownContract('0.163.0').methods.notifications;
  expect(later['thread/section/changed']).toBeDefined();
  expect(knownContract('9.9.9').type('Thread')).toEqual(knownContract(pin).type('Thread'));
});
